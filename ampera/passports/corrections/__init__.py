"""Who a book belongs to changes only with a second person: what was proposed, and what became of it."""
