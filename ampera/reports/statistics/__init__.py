"""Figures of a range of days, as numbers and charts."""
