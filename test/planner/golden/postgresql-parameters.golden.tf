# Recommended by Headroom for shop as of 2026-11-16, 90 days ahead, at p90.
# For 32 GiB of memory (db.r6g.xlarge). shared_buffers, wal_buffers and max_connections need a restart.
resource "aws_db_parameter_group" "shop_postgresql" {
  name   = "shop-postgresql"
  family = "postgres16"

  parameter {
    name         = "max_connections"
    value        = "200"
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "shared_buffers"
    value        = "1048576"
    apply_method = "pending-reboot"
  }

  parameter {
    name  = "effective_cache_size"
    value = "3145728"
  }

  parameter {
    name  = "maintenance_work_mem"
    value = "2097152"
  }

  parameter {
    name         = "wal_buffers"
    value        = "2048"
    apply_method = "pending-reboot"
  }

  parameter {
    name  = "work_mem"
    value = "41120"
  }
}
