"""Bugs that are planted on purpose: the tests must catch each of them (`scripts/prove mutants`)."""
