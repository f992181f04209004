"""Books on the shelf: intake, location, deadline, hold, cancellation."""
