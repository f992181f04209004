"""The index of the search. The database writes it (`ampera.migrations.word_triggers`); the program only reads it."""

from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base
from ampera.sql.statements import BYTEWISE


class BookWord(Base):
    """A word that finds a book of the office: of its name, its shelf, or the end of its application number.

    A mark before shelves and numbers keeps them apart from names. With the key of the name in it the index has its
    books in the order of the desk's list.
    """

    __tablename__ = "book_words"
    __table_args__ = {"sqlite_with_rowid": False}  # the table is its own index

    office_id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(BYTEWISE, primary_key=True)
    name_key: Mapped[str] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(primary_key=True)
