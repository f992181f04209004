"""A scan: from the text a reader gave to one stored verdict."""
