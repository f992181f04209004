"""Files of ready passports: upload, preview, confirmation, result."""
