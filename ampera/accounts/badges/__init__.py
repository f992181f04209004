"""A printed badge with which an officer names the own account at a tablet; the PIN is still asked for."""
