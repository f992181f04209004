"""API keys: programs that act for an office, each within its limits."""
