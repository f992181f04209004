"""Steps of the tests of pickups: books are taken in, and the rows and codes of the database are read."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from ampera import db
from ampera.passports.events import BooksTakenIn
from ampera.passports.models import Passport
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import Handout, handouts
from tests import builders


def take_in(*groups: str | None, office_id: int = 1, first: int = 1) -> list[int]:
    """Take in one book per group (None: without a group), as the intake does; returns the ids of the books."""
    books = [(builders.passport(first + n, office_id, group_name=group), group) for n, group in enumerate(groups)]
    event = BooksTakenIn(builders.actor("desk"), office_id, tuple(books))
    db.current().write(lambda unit: unit.emit(event))
    return [book for book, _ in books]


def pickup_of(*books: int) -> list[int]:
    """The id of the pickup of each book."""
    with db.reading() as session:
        return [session.get_one(Passport, book).pickup_id for book in books]


def rows(model: type[db.Base]) -> list[Any]:
    """All rows of a table."""
    with db.reading() as session:
        return list(session.scalars(select(model)))


def handout_of(app: Flask, pickup_id: int) -> Handout | None:
    """The current code and link of a pickup; None when it has no current code."""
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        found = handouts(session, keys, "https://contoh.example", [pickup_id])
    return found[0] if found else None
