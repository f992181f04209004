"""One book typed at the desk, without a file."""
