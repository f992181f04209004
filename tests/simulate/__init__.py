"""`ampera simulate`: its plan, its invariants, its figures and whole mornings."""
