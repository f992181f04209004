"""Who collects: the class of the collector for each book, the evidence it needs, and whether it can be true."""
