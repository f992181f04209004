"""A short number with which an officer takes over a tablet, after one full sign-in on it in this shift."""
