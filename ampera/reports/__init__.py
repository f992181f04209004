"""Figures and registers for supervisors."""
