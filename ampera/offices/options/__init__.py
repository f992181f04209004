"""What an office may change: defaults, validation, labels, forms."""
