"""The proof of the audit chains: verification, signed checkpoints, export."""
