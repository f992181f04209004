"""Statements that are built and compiled once, and go to the database driver as text."""
