"""Steps of a booking: an office at a known moment, pickups with links, and the counts in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from ampera import audit, clock, db
from ampera.bookings import service
from ampera.bookings.models import Booking, SlotCount
from ampera.offices.models import OpeningHours
from ampera.passports.models import Passport
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from tests import builders
from tests.conftest import SECRETS
from tests.visits.steps import option

WIB = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 11, 30)


def local(clock_time: str, day: date = MONDAY) -> datetime:
    """This HH:MM of the day at the office, as an aware datetime."""
    hour, minute = map(int, clock_time.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=WIB)


@contextmanager
def at(clock_time: str, day: date = MONDAY) -> Iterator[None]:
    """Freeze the clock at this moment."""
    with clock.freeze(local(clock_time, day).astimezone(UTC)):
        yield


def opens(**options: Any) -> None:
    """Set up slots and the hours 08:00-12:00 and 13:00-15:00 on every day, and these options."""

    def work(unit: db.Unit) -> None:
        unit.conn.execute(delete(OpeningHours))
        for weekday in range(7):
            for begin, end in (("08:00", "12:00"), ("13:00", "15:00")):
                unit.session.add(OpeningHours(office_id=1, weekday=weekday, opens=begin, closes=end))

    db.current().write(work)
    for name, value in {"slots": True, **options}.items():
        option(name, value)


def pickup(n: int, **fields: Any) -> int:
    """A pickup with one ready book that is old enough to be collected on MONDAY; returns the id of the pickup."""
    (book,), _ = ready(n, **fields)
    return pickup_of(book)


def ready(n: int, **fields: Any) -> tuple[list[int], str]:
    return builders.ready(n, **{"issued_on": MONDAY - timedelta(days=3), **fields})


def pickup_of(passport_id: int) -> int:
    with db.reading() as session:
        return session.get_one(Passport, passport_id).pickup_id


def link_of(pickup_id: int) -> str:
    """The current link of this pickup."""
    with db.reading() as session:
        row = session.scalars(select(PickupCode).where(PickupCode.pickup_id == pickup_id)).one()
    return CodeKeys.parse(SECRETS["AMPERA_CODE_KEYS"]).link(row)


def book(pickup_id: int, clock_time: str, kind: str = "car", day: date = MONDAY) -> Any:
    return service.book(audit.applicant(1), pickup_id, local(clock_time, day), kind)


def give_back(pickup_id: int) -> bool:
    return service.give_back(audit.applicant(1), pickup_id)


def booking(pickup_id: int) -> Any:
    with db.reading() as session:
        return session.get(Booking, pickup_id)


def counts() -> dict[tuple[datetime, str], int]:
    """The taken places by slot and kind, without empty slots."""
    with db.reading() as session:
        rows = session.scalars(select(SlotCount).where(SlotCount.taken > 0))
        return {(row.starts_at, row.kind): row.taken for row in rows}


def counts_are_rows() -> bool:
    """Whether the count of every slot equals its number of bookings."""
    grouped = select(Booking.starts_at, Booking.kind, func.count().label("n")).group_by(Booking.starts_at, Booking.kind)
    with db.reading() as session:
        rows = {(row.starts_at, row.kind): row.n for row in session.execute(grouped)}
    return rows == counts()
