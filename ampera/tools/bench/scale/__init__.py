"""Measurements of an office with many books: built in bulk, then asked what its people ask all day."""
