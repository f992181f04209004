"""The four roles of an office's staff."""

ROLES = ("admin", "supervisor", "desk", "officer")
