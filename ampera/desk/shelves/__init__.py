"""The shelf check: one rack's record compared with what was scanned on it."""
