"""The legal register: who collected which book, on which evidence, signed."""
