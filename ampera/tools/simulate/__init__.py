"""`ampera simulate`: a morning at the lanes against the real server, and proof that nothing went wrong in it."""
