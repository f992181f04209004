"""What a simulated morning left: records, invariants and figures."""
