"""Keeping an installation well: `ampera doctor` looks, `ampera backup` saves, proves and brings back."""
