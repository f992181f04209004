"""Which member of staff or key has seen the personal data of whom, and what about it is unusual."""
