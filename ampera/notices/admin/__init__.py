"""The administrator's pages of notices and their texts."""
