"""Offices, their lanes, opening hours and settings."""
