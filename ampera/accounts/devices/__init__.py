"""Screens as devices of an office: enrolled with a code, placed, revoked."""
