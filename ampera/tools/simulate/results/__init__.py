"""The results of a simulated morning: records, invariants, figures and the report."""
