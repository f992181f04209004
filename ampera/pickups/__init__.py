"""The right to collect: codes, QR pictures and the applicant's page."""
