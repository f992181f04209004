"""The kinds of documents that an office keeps on its shelves, as an admin edits them."""
