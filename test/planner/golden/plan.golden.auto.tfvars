# Recommended by Headroom for shop as of 2026-11-16, 90 days ahead, at p90.
# Warning, api: the autoscaler stops at 5 instances
min_instances     = 2
max_instances     = 6
desired_instances = 6
db_instance_class = "db.r6g.xlarge"
