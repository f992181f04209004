"""What operators watch: health, logs and metrics. Nothing personal is in any of them."""
