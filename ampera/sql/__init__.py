"""How the product speaks to its databases: engines, the order of writes, and statements that are compiled once."""
