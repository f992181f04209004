"""When an applicant wants to come, and who comes for them. Neither is ever needed, unless the office says so."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime


class Booking(Base):
    """The place that one pickup has in a window of fifteen minutes; a pickup has one at most.

    `kind` is the vehicle (car or motorcycle); `used_at` is when the vehicle was scanned within its tolerance.
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


class SlotCount(Base):
    """How many places of one window are taken by one kind of vehicle: counted up only while one is left."""

    __tablename__ = "slot_counts"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    taken: Mapped[int]


class Announced(Base):
    """Who comes, by the word of whoever holds the link. It helps the officer and replaces no check."""

    __tablename__ = "announced_collectors"

    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    collector_class: Mapped[str]
    name: Mapped[str]
    relation: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
