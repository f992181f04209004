"""What needs a person now: each kind is counted and listed by the slice that knows it, and shown to who may act."""
