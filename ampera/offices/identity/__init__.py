"""Who an office is: its names, its address, its time zone."""
