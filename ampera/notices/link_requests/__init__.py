"""'Find my pickup': an applicant requests the link again."""
