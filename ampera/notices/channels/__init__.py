"""The channels a message can leave by. Each module makes its own channel from the settings."""
