"""The rows that a rotation looks through, slice after slice."""

from collections.abc import Iterator

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from ampera import db
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups.models import Pickup, PickupCode
from ampera.sql.sealed_columns import sealed_tables

SLICE = 500  # rows of one transaction: the lane waits for no longer one


def count(session: Session) -> int:
    """The number of rows with encrypted columns."""
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table, _ in sealed_tables())


def slices(table: Table) -> Iterator[list[int]]:
    """The keys of all rows, in order. Rows that come meanwhile have the newest key already.

    No read stays open between two slices: the writes lift a trigger, and PostgreSQL waits for all readers then.
    """
    last = -1
    while ids := _after(table, last):
        yield ids
        last = ids[-1]


def _after(table: Table, last: int) -> list[int]:
    (key,) = table.primary_key.columns
    with db.reading() as session:
        return list(session.scalars(select(key).where(key > last).order_by(key).limit(SLICE)))


def with_older_codes(session: Session, newest: str) -> list[tuple[int, int]]:
    """(office, pickup) of every pickup with a book on the shelf whose current code is of another key."""
    statement = (
        select(Pickup.office_id, Pickup.id)
        .join(PickupCode, PickupCode.pickup_id == Pickup.id)
        .join(Passport, Passport.pickup_id == Pickup.id)
        .where(PickupCode.state == "current", PickupCode.key_id != newest, Passport.state.in_(ON_SHELF))
    )
    return [(row.office_id, row.id) for row in session.execute(statement.distinct().order_by(Pickup.id))]
