"""When an applicant wants to come, and who comes for them. Neither is ever needed, unless the office says so."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, bindparam, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime, upsert


class Booking(Base):
    """The place that one pickup has in a window of fifteen minutes; a pickup has one at most.

    `kind` is the vehicle (car or motorcycle); `used_at` is when the vehicle was scanned within its tolerance;
    `off_since` is the change of the office that took the window away, None while it is served.
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
        """The vehicle came in its window."""
        conn.execute(_USE, {"pickup": pickup_id, "used_at": at})

    @staticmethod
    def give_back(conn: Connection, pickup_id: int) -> Any:
        """Delete the booking and free its place: the row as it was, or None."""
        gone = conn.execute(_FORGET, {"pickup": pickup_id}).one_or_none()
        if gone is not None:
            SlotCount.free(conn, gone.office_id, gone.starts_at, gone.kind)
        return gone


class SlotCount(Base):
    """How many places of one window are taken by one kind of vehicle: counted up only while one is left."""

    __tablename__ = "slot_counts"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    taken: Mapped[int]

    @staticmethod
    def take(conn: Connection, office_id: int, starts_at: datetime, kind: str, day: date, capacity: int) -> bool:
        """Take one place of the window (which has some at all); False when none is left. One atomic statement."""
        place = {"office_id": office_id, "starts_at": starts_at, "kind": kind, "day": day, "taken": 1}
        taken = conn.execute(_TAKE[conn.dialect.name], {**place, "capacity": capacity})
        return taken.one_or_none() is not None

    @staticmethod
    def free(conn: Connection, office_id: int, starts_at: datetime, kind: str) -> None:
        """Give one place of the window back."""
        conn.execute(_FREE, {"o": office_id, "s": starts_at, "k": kind})


class Announced(Base):
    """Who comes, by the word of whoever holds the link. It helps the officer and replaces no check."""

    __tablename__ = "announced_collectors"

    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    collector_class: Mapped[str]
    name: Mapped[str]
    relation: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


_USE = update(Booking).where(Booking.pickup_id == bindparam("pickup"))
_FORGET = (
    delete(Booking)
    .where(Booking.pickup_id == bindparam("pickup"))
    .returning(Booking.office_id, Booking.starts_at, Booking.kind, Booking.sequence, Booking.used_at)
)
# The condition is the promise: of many that race for the last place, one finds a row.
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
