"""Books on their way from the shelf to a window."""
