"""The demo office: invented people, books in every state, and records made by the real services."""
