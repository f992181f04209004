"""The order of the queue and the wait estimate."""
