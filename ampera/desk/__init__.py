"""The clerks' pages: find a book, read its story, fetch it, check a rack."""
