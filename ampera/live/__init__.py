"""Live news: the pump and its rooms, what a client may send, websockets, and the relay between processes."""
