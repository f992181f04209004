"""The collector whom an applicant announces, and the proxy's letter."""
