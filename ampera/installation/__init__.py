"""What lies on the disk of one installation: its folder, its secrets, and who may work in it."""
