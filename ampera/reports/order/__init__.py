"""Every change of the queue's order, with its officer and its reason."""
