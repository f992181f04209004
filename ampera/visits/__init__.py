"""A vehicle in the lane: scan, verdict, queue, call, claim."""
