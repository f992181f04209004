"""What a notice says: facts, texts, and the composed message."""
