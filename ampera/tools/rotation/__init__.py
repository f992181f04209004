"""New keys in place of old ones: of encrypted values, of codes, of sessions."""
