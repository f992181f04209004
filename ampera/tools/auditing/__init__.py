"""Proofs over the audit chain: verification, signed checkpoints, export."""
