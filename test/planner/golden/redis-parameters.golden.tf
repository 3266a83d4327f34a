# Recommended by Headroom for shop as of 2026-11-16, 90 days ahead, at p90.
# For 3 × cache.r6g.large. maxmemory is the node's own; a quarter of it is reserved.
resource "aws_elasticache_parameter_group" "shop_redis" {
  name   = "shop-redis"
  family = "redis7"

  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }

  parameter {
    name  = "reserved-memory-percent"
    value = "25"
  }
}
