"""Whether an office's line takes one more vehicle: its hours and limits, with the vehicles of today counted.

A vehicle counts from its first scan, however its visit ends.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.offices import queries as offices
from ampera.offices.line import BY_HAND, LAST_VEHICLE, Line
from ampera.visits.models import Visit

_VEHICLES = select(func.count()).where(Visit.office_id == bindparam("office_id"), Visit.day == bindparam("day"))


def vehicles(conn: Connection, office_id: int, day: date) -> int:
    """How many vehicles this office let in on that service day."""
    return conn.execute(_VEHICLES, {"office_id": office_id, "day": day}).scalar_one()


def line_of(session: Session, office: Any, at: datetime | None = None) -> Line:
    """The line of this office (its id, timezone and options) at `at` (now); times in the answer are local."""
    moment = at or clock.now()
    day = clock.local(moment, office.timezone).date()
    return offices.line_of(session, office, moment, lambda: vehicles(session.connection(), office.id, day))


def facts(session: Session, office: Any, at: datetime) -> dict[str, Any]:
    """Why a vehicle is refused now and when one is taken again, for the words of a verdict."""
    line = line_of(session, office, at)
    moments = {"opens_at": line.opens_at}
    if line.reason == BY_HAND:
        moments["until"] = line.until
    if line.reason == LAST_VEHICLE:
        moments["last_vehicle_at"] = line.last_vehicle_at
    named = {name: moment.isoformat(timespec="minutes") for name, moment in moments.items() if moment}
    return {"reason": line.reason, "timezone": office.timezone, **named}


def told(line: Line) -> dict[str, Any]:
    """The line in the states of screens, tablets and phones."""
    return {
        "open": line.is_open,
        "reason": line.reason,
        "opens_at": clock.iso(line.opens_at),
        "until": clock.iso(line.until),
    }
