"""The QR picture of a pickup code."""
