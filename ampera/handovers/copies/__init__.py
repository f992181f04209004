"""What a record says by itself: its own copies, and the seal over the copies of older records."""
