"""What keeps the history as it was: the keys of the chains, the triggers of the tables, the signed checkpoints."""
