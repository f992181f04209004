"""A person with the database and without the product: drops what keeps the history, changes it, covers the traces."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ampera import db
from ampera.history import immutability


def change(statement: Any) -> None:
    """Run a statement that the triggers would refuse, and put the triggers back as if nothing had happened."""
    with without_triggers() as unit:
        unit.conn.execute(statement)


@contextmanager
def without_triggers() -> Iterator[db.Unit]:
    """One transaction on the tables of the history without their triggers."""
    database = db.current()
    with database.writer.begin() as conn:
        immutability.remove(conn)
        yield db.Unit(conn, db.current_settings())
        immutability.install(conn)
