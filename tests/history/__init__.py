"""What keeps the history: keys, triggers, checkpoints, and the records of an older version."""
