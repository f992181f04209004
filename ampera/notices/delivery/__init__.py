"""The outbox's way to an address: fan-out, leases, attempts, outcomes."""
