"""Tablets as devices of an office: enrolled with a code, for one use at one place, revoked at once."""
