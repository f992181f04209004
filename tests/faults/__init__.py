"""`scripts/prove faults`: what a server loses, says and recovers when its database, Redis, disk or clock fails."""
