"""The content of a notice: facts, texts, and the composed message."""
