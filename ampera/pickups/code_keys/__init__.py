"""Keys of the codes: whether this installation has the right ones, and new codes when a key is lost."""
