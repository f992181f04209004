"""How long personal data stay after the purpose is met, and their deletion."""
