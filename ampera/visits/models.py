"""A vehicle on its way through the lane: its visit, scans, calls, and the books that are fetched for it.

The calls are of vehicles to a window, and of supervisors to a vehicle.
"""

from datetime import date, datetime

from sqlalchemy import JSON, Connection, ForeignKey, Index, UniqueConstraint, bindparam, text, update
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime
from ampera.sql.statements import Write


class Visit(Base):
    """One vehicle on one service day. While it is served, one officer at one lane holds the claim until the lease ends.

    `kind` is the vehicle (car or motorcycle), `look` a word by which staff recognize it (deleted after the day, as
    the plate is), `priority` a reason that only staff see, `booked_for` the beginning of the slot of the vehicle.
    `place` orders the queue: the id, until a vehicle comes back between others. `undo` is what the last move changed;
    its officer may undo the move until `undo_until`. A visit with `parked_at` is served and its officer keeps the
    claim, but the vehicle waits at the side and occupies no window. `parked_s` counts the seconds of all its completed
    stays at the side, which are no service.
    """

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("office_id", "day", "queue_no"),
        Index("ix_visits_office_state", "office_id", "state", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    lane_id: Mapped[int | None] = mapped_column(ForeignKey("lanes.id"))
    day: Mapped[date]
    queue_no: Mapped[str]
    kind: Mapped[str] = mapped_column(default="car")
    plate: Mapped[str | None]
    look: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="waiting")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    calls: Mapped[int] = mapped_column(default=0)
    books_out: Mapped[int] = mapped_column(default=0)
    served_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    claim_lane_id: Mapped[int | None] = mapped_column(ForeignKey("lanes.id"))
    claim_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    site: Mapped[str] = mapped_column(default="", server_default=text("''"))
    window: Mapped[int | None]
    priority: Mapped[str | None]
    place: Mapped[float | None]
    booked_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parked_s: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    undo: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    undo_by_id: Mapped[int | None]
    undo_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @staticmethod
    def close(conn: Connection, visit_id: int, state: str, at: datetime) -> None:
        """End the visit in this state, and its call for a supervisor.

        Its pickups are free for another visit; its last move cannot be undone.
        """
        _CLOSE.run(conn, visit=visit_id, state=state, since=at, ended_at=at)
        _FREE_PICKUPS.run(conn, visit=visit_id)
        _END_SUPERVISOR_CALL.run(conn, visit=visit_id, ended_at=at, ended_how="visit_over")

    @staticmethod
    def forget_undo(conn: Connection, visit_id: int) -> None:
        """The visit has changed since its last move, and an undo would revert this change too."""
        _FORGET_UNDO.run(conn, visit=visit_id)


class VisitPickup(Base):
    """A pickup that came with this vehicle. At most one open visit holds a pickup (unique index).

    A pickup that was taken out of the vehicle (`out_at`) is history only: its books no longer belong to this visit.
    `found_by` is the strongest way (`ways.py`) in which it was found for this vehicle.
    """

    __tablename__ = "visit_pickups"
    __table_args__ = (
        Index(
            "ux_visit_pickups_open",
            "pickup_id",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index("ix_visit_pickups_pickup", "pickup_id"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    found_by: Mapped[str | None]


class QueueCounter(Base):
    """The last number of one prefix on one service day, so that no number is used twice."""

    __tablename__ = "queue_counters"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class Scan(Base):
    """One scan or lookup with its answer, which never changes.

    The input itself is not stored, only the hash of the request; the hash of a lookup is keyed. `found_by` is None when
    the text was no code.
    """

    __tablename__ = "scans"
    __table_args__ = (Index("ix_scans_office_at", "office_id", "at"), Index("ix_scans_pickup", "pickup_id"))

    scan_id: Mapped[str] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    lane_id: Mapped[int] = mapped_column(ForeignKey("lanes.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    body_hash: Mapped[str]
    found_by: Mapped[str | None]
    verdict: Mapped[str]
    pickup_id: Mapped[int | None] = mapped_column(ForeignKey("pickups.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
    answer: Mapped[dict] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Call(Base):
    """One call to the window. `shows_at` is when screens announce it: calls of the same second follow each other."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_office_shows", "office_id", "shows_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    lane_id: Mapped[int] = mapped_column(ForeignKey("lanes.id"))
    queue_no: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    shows_at: Mapped[datetime] = mapped_column(UtcDateTime)
    site: Mapped[str] = mapped_column(default="", server_default=text("''"))
    window: Mapped[int | None]
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SupervisorCall(Base):
    """An officer calls a supervisor to a vehicle. At most one call of a visit is open (unique index).

    The codes of `reason`, `decision` and `ended_how` are in `supervisor_calls/decision.py`. A call without `ended_at`
    is open; every call ends at the latest with its visit (`Visit.close`).
    """

    __tablename__ = "supervisor_calls"
    __table_args__ = (
        Index(
            "ux_supervisor_calls_open",
            "visit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_supervisor_calls_visit", "visit_id"),
        Index("ix_supervisor_calls_office_ended", "office_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    lane_id: Mapped[int | None] = mapped_column(ForeignKey("lanes.id"))
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str | None]
    decision_reason: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_how: Mapped[str | None]


class OrderChange(Base):
    """A change of the order: who made it, and why. `ahead` is the number of vehicles that were overtaken."""

    __tablename__ = "order_changes"
    __table_args__ = (Index("ix_order_changes_office_day", "office_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    day: Mapped[date]
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    queue_no: Mapped[str]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str]
    reason: Mapped[str]
    ahead: Mapped[int] = mapped_column(default=0)


class Pick(Base):
    """Where a ready book is while it is not on its shelf: taken by a clerk, at a window, or not found (missing)."""

    __tablename__ = "picks"
    __table_args__ = (Index("ix_picks_office", "office_id"),)

    passport_id: Mapped[int] = mapped_column(ForeignKey("passports.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    state: Mapped[str]
    lane_id: Mapped[int | None] = mapped_column(ForeignKey("lanes.id"))
    window: Mapped[int | None]
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Arrival(Base):
    """An applicant reported being on the way or on site. The desk fetches the books early; the queue is unchanged."""

    __tablename__ = "arrivals"
    __table_args__ = (Index("ix_arrivals_office_expires", "office_id", "expires_at"),)

    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"), primary_key=True, autoincrement=False)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


_WITHOUT_UNDO = update(Visit).where(Visit.id == bindparam("visit")).values(undo=None, undo_by_id=None, undo_until=None)
_FORGET_UNDO = Write(_WITHOUT_UNDO)
_CLOSE = Write(_WITHOUT_UNDO.values(parked_at=None))
_END_SUPERVISOR_CALL = Write(
    update(SupervisorCall).where(SupervisorCall.visit_id == bindparam("visit"), SupervisorCall.ended_at.is_(None))
)
_FREE_PICKUPS = Write(update(VisitPickup).where(VisitPickup.visit_id == bindparam("visit")).values(is_open=False))
