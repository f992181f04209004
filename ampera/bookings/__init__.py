"""What applicants say beforehand: when they come, and who comes for them."""
