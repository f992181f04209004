"""Bookings of slots and announced collectors. Both are optional, unless the office requires bookings."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, ForeignKey, Index, bindparam, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime
from ampera.sql.sealed import SealedText
from ampera.sql.statements import upsert


class FreedPlace(NamedTuple):
    """A booking that was deleted."""

    office_id: int
    starts_at: datetime
    kind: str
    sequence: int
    used_at: datetime | None


class Booking(Base):
    """The place of one pickup in a slot of fifteen minutes. A pickup has at most one booking.

    `kind` is the vehicle (car or motorcycle). `used_at` is when the vehicle was scanned within the tolerance.
    `off_since` is when a change of the office closed the slot, None while the slot is served.
    """

    __tablename__ = "bookings"
    __table_args__ = (Index("ix_bookings_office_day", "office_id", "day"),)

    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(default="car")
    sequence: Mapped[int] = mapped_column(default=0)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    off_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @staticmethod
    def use(conn: Connection, pickup_id: int, at: datetime) -> None:
        """The vehicle arrived within the slot."""
        conn.execute(_USE, {"pickup": pickup_id, "used_at": at})

    @staticmethod
    def give_back(conn: Connection, pickup_id: int) -> FreedPlace | None:
        """Delete the booking and free its place. Returns the deleted booking, or None when there is no booking."""
        row = conn.execute(_DELETE, {"pickup": pickup_id}).one_or_none()
        if row is None:
            return None
        freed = FreedPlace._make(row)
        SlotCount.free(conn, freed.office_id, freed.starts_at, freed.kind)
        return freed


class SlotCount(Base):
    """How many places of one slot are taken by one kind of vehicle. The count grows only while a place is left."""

    __tablename__ = "slot_counts"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    taken: Mapped[int]

    @staticmethod
    def take(conn: Connection, office_id: int, starts_at: datetime, kind: str, day: date, capacity: int) -> bool:
        """Take one place of the slot; False when none is left. One atomic statement. `capacity` is at least 1."""
        place = {"office_id": office_id, "starts_at": starts_at, "kind": kind, "day": day, "taken": 1}
        taken = conn.execute(_TAKE[conn.dialect.name], {**place, "capacity": capacity})
        return taken.one_or_none() is not None

    @staticmethod
    def free(conn: Connection, office_id: int, starts_at: datetime, kind: str) -> None:
        """Free one place of the slot."""
        conn.execute(_FREE, {"o": office_id, "s": starts_at, "k": kind})


class AnnouncedCollector(Base):
    """The collector that the holder of the link announced. It helps the officer and replaces no check."""

    __tablename__ = "announced_collectors"

    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    collector_class: Mapped[str]
    name: Mapped[str] = mapped_column(SealedText("announced_collectors.name"))
    relation: Mapped[str] = mapped_column(SealedText("announced_collectors.relation"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


_USE = update(Booking).where(Booking.pickup_id == bindparam("pickup"))
_DELETE = (
    delete(Booking)
    .where(Booking.pickup_id == bindparam("pickup"))
    .returning(Booking.office_id, Booking.starts_at, Booking.kind, Booking.sequence, Booking.used_at)
)
# The WHERE keeps the last place safe: of many transactions that race for it, only one gets a row back.
_TAKE = upsert(
    SlotCount,
    ["office_id", "starts_at", "kind"],
    {"taken": SlotCount.taken + 1},
    where=SlotCount.taken < bindparam("capacity"),
    returning=SlotCount.taken,
)
_FREE = (
    update(SlotCount)
    .where(
        SlotCount.office_id == bindparam("o"),
        SlotCount.starts_at == bindparam("s"),
        SlotCount.kind == bindparam("k"),
        SlotCount.taken > 0,
    )
    .values(taken=SlotCount.taken - 1)
)
