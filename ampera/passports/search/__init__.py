"""The search for books of one office: an index of words that the database keeps, and the ways a text finds books."""
