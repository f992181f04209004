"""The upkeep of an installation: `ampera doctor` checks it."""
