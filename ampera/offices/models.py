"""An office, its lanes and its calendar. Whatever an office may change is an option or a row here."""

from datetime import date, datetime

from sqlalchemy import JSON, Connection, ForeignKey, UniqueConstraint, bindparam, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ampera.clock import WIB
from ampera.db import Base, UtcDateTime
from ampera.sql.statements import Write


class Office(Base):
    """One immigration office. `options` holds only what differs from the defaults of `options.py`."""

    __tablename__ = "offices"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str] = mapped_column(default=WIB)
    options: Mapped[dict] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    next_handover: Mapped[int] = mapped_column(default=1)
    lanes: Mapped[list["Lane"]] = relationship(order_by="Lane.number")
    hours: Mapped[list["OpeningHours"]] = relationship(order_by="OpeningHours.weekday, OpeningHours.opens")
    special_days: Mapped[list["SpecialDay"]] = relationship(order_by="SpecialDay.day")

    @staticmethod
    def raise_revision(conn: Connection, office_id: int) -> None:
        """Screens have something new to show; the number only ever grows."""
        _RAISE.run(conn, office=office_id)


class Lane(Base):
    """A physical lane, known by its number in the office. `kind` is car, motorcycle or mixed.

    `site` names the place it is at ("" is the office itself); `windows` is how many vehicles are served in it at once.
    Until `test_until` its screens show a test, unless a vehicle is there.
    """

    __tablename__ = "lanes"
    __table_args__ = (UniqueConstraint("office_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="mixed")
    is_open: Mapped[bool] = mapped_column(default=True)
    site: Mapped[str] = mapped_column(default="", server_default=text("''"))
    windows: Mapped[int] = mapped_column(default=1, server_default="1")
    test_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OpeningHours(Base):
    """One span of a weekday (0 = Monday), local time as HH:MM; `closes` 24:00 is midnight."""

    __tablename__ = "opening_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    weekday: Mapped[int]
    opens: Mapped[str]
    closes: Mapped[str]


class SpecialDay(Base):
    """A day that differs: a holiday (no hours) or a weekend service (own hours, own quota), with its title."""

    __tablename__ = "special_days"
    __table_args__ = (UniqueConstraint("office_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    day: Mapped[date]
    title: Mapped[str]
    title_en: Mapped[str] = mapped_column(default="", server_default=text("''"))
    quota: Mapped[int | None]
    hours: Mapped[list["SpecialHours"]] = relationship(
        order_by="SpecialHours.opens", cascade="all, delete-orphan", passive_deletes=True
    )


class SpecialHours(Base):
    """One span of a special day, local time as HH:MM; a special day without any is closed."""

    __tablename__ = "special_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    special_day_id: Mapped[int] = mapped_column(ForeignKey("special_days.id", ondelete="CASCADE"), index=True)
    opens: Mapped[str]
    closes: Mapped[str]


_RAISE = Write(update(Office).where(Office.id == bindparam("office")).values(revision=Office.revision + 1))
