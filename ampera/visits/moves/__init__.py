"""What officers do with a vehicle: call, serve, change, end, undo."""
