"""Books on the shelf that wait for a decision of a person: locked, held, past their last day."""
