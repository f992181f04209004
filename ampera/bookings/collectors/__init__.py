"""Who an applicant announces to collect the passports, and the proxy's letter."""
