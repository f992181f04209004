"""Commands around the product: measurements, simulation, demo data, upkeep, audit proofs."""
