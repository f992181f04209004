"""Whether an office's line takes one more vehicle: its hours and limits, with the vehicles of today counted.

A vehicle counts from its first scan, however its visit ends; the place of a booked one from before it comes.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.bookings.queries import booking_row, still_to_come
from ampera.bookings.slots import rules_of
from ampera.offices import queries as offices
from ampera.offices.calendar.admission import BY_HAND, LAST_VEHICLE, QUOTA, Line
from ampera.offices.models import Office
from ampera.offices.queries import ServiceHours
from ampera.visits.models import Visit
from ampera.visits.rows import Options

_VEHICLES = select(func.count()).where(Visit.office_id == bindparam("office_id"), Visit.day == bindparam("day"))


def vehicles(conn: Connection, office_id: int, day: date) -> int:
    """How many vehicles this office admitted on that service day."""
    return conn.execute(_VEHICLES, {"office_id": office_id, "day": day}).scalar_one()


def places_taken(
    conn: Connection, office_id: int, options: Options, day: date, at: datetime, excluding: int | None = None
) -> int:
    """Places of this day's quota that are taken: vehicles that came, and booked vehicles that may still come.

    The booking of the pickup `excluding` is not counted.
    """
    return vehicles(conn, office_id, day) + places_kept(conn, office_id, options, day, at, excluding)


def places_kept(
    conn: Connection, office_id: int, options: Options, day: date, at: datetime, excluding: int | None = None
) -> int:
    """Places of this day that are kept for booked vehicles, without the booking of the pickup `excluding`."""
    rules = rules_of(options)
    return still_to_come(conn, office_id, day, rules.oldest_current(at), excluding) if rules.is_on else 0


def line_of(session: Session, office: Any, at: datetime | None = None) -> Line:
    """The line of this office (its id, timezone and options) at `at` (now); times in the answer are local."""
    moment = at or clock.now()
    day = clock.local(moment, office.timezone).date()
    conn = session.connection()
    return offices.line_of(session, office, moment, lambda: places_taken(conn, office.id, office.options, day, moment))


def line_today(session: Session, office: Office, hours: ServiceHours) -> Line:
    """The line as a public page shows it. Vehicles are counted only where today has a quota."""
    if hours.quota is None:
        return hours.line()
    return hours.line(places_taken(session.connection(), office.id, office.options, hours.moment.date(), clock.now()))


def line_for(session: Session, office: Any, pickup_id: int, at: datetime, known: Line | None = None) -> Line:
    """The line as this pickup meets it: a quota that is used up is no matter to who booked and may still come today.

    `known` is the line for everybody else, when the caller has it.
    """
    line = known or line_of(session, office, at)
    if line.reason != QUOTA or not _has_a_place(session.connection(), office, pickup_id, at):
        return line
    return offices.line_of(session, office, at)


def _has_a_place(conn: Connection, office: Any, pickup_id: int, at: datetime) -> bool:
    rules, booking = rules_of(office.options), booking_row(conn, pickup_id)
    if not rules.is_on or booking is None or booking.used_at is not None:
        return False
    today = clock.local(at, office.timezone).date()
    return bool(booking.day == today and booking.starts_at >= rules.oldest_current(at))


def facts(session: Session, office: Any, at: datetime) -> dict[str, Any]:
    """Why a vehicle is refused now and when one is taken again, for the words of a verdict."""
    line = line_of(session, office, at)
    moments = {"opens_at": line.opens_at}
    if line.reason == BY_HAND:
        moments["until"] = line.until
    if line.reason == LAST_VEHICLE:
        moments["last_vehicle_at"] = line.last_vehicle_at
    named = {name: moment.isoformat(timespec="minutes") for name, moment in moments.items() if moment}
    if line.reason == QUOTA:
        day = clock.local(at, office.timezone).date()
        named["kept"] = str(places_kept(session.connection(), office.id, office.options, day, at))
    return {"reason": line.reason, "timezone": office.timezone, **named}


def told(line: Line) -> dict[str, Any]:
    """The line in the states of screens, tablets and phones."""
    return {
        "open": line.is_open,
        "reason": line.reason,
        "opens_at": clock.iso(line.opens_at),
        "until": clock.iso(line.until),
    }
