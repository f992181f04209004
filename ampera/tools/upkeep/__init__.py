"""The upkeep of an installation: `ampera doctor` checks it, `ampera backup` saves, proves and restores it."""
