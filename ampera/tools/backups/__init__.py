"""Backups of both databases: made, proved by restoring, practised, pruned and scheduled by `ampera backup`."""
