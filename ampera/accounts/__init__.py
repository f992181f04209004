"""Staff, roles, sign-in, and the tablets and displays that were enrolled."""
