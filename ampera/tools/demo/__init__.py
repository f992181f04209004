"""The demo office: clearly invented people, books in every state, real records made by the real services."""
