"""'Find my pickup': an applicant asks for the link again."""
