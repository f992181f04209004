"""The receipt a collector keeps, and how staff check one that is shown."""
