"""Admission: whether an office takes one more vehicle, by its hours, its limits and the vehicles of today.

A vehicle counts from its first scan, however its visit ends. A booked vehicle counts before it comes.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.bookings.queries import booking_row, still_to_come
from ampera.bookings.slots import rules_of
from ampera.offices import queries as offices
from ampera.offices.calendar.admission import BY_HAND, LAST_VEHICLE, QUOTA, Admission
from ampera.offices.queries import ServiceHours
from ampera.visits.models import Visit
from ampera.visits.rows import OfficeWithOptions, Options

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


def admission_of(session: Session, office: OfficeWithOptions, at: datetime | None = None) -> Admission:
    """The admission of this office at `at` (now). Times in the answer are local."""
    moment = at or clock.now()
    day = clock.local(moment, office.timezone).date()
    conn = session.connection()
    return offices.admission_of(
        session, office, moment, lambda: places_taken(conn, office.id, office.options, day, moment)
    )


def admission_today(session: Session, office: OfficeWithOptions, hours: ServiceHours) -> Admission:
    """The admission as a public page shows it. Vehicles are counted only where today has a quota."""
    if hours.quota is None:
        return hours.admission()
    return hours.admission(
        places_taken(session.connection(), office.id, office.options, hours.moment.date(), clock.now())
    )


def admission_for(
    session: Session, office: OfficeWithOptions, pickup_id: int, at: datetime, known: Admission | None = None
) -> Admission:
    """The admission of this pickup. An exhausted quota does not affect the holder of a slot for today.

    `known` is the admission of everybody else, if the caller has it.
    """
    admission = known or admission_of(session, office, at)
    if admission.reason != QUOTA or not _has_a_place(session.connection(), office, pickup_id, at):
        return admission
    return offices.admission_of(session, office, at)


def _has_a_place(conn: Connection, office: OfficeWithOptions, pickup_id: int, at: datetime) -> bool:
    rules, booking = rules_of(office.options), booking_row(conn, pickup_id)
    if not rules.is_on or booking is None or booking.used_at is not None:
        return False
    today = clock.local(at, office.timezone).date()
    return booking.day == today and booking.starts_at >= rules.oldest_current(at)


def refusal_facts(session: Session, office: OfficeWithOptions, at: datetime) -> dict[str, Any]:
    """Why no vehicle is admitted now and when one is admitted again, for the sentence of a verdict."""
    admission = admission_of(session, office, at)
    moments = {"opens_at": admission.opens_at}
    if admission.reason == BY_HAND:
        moments["until"] = admission.until
    if admission.reason == LAST_VEHICLE:
        moments["last_vehicle_at"] = admission.last_vehicle_at
    facts = {name: moment.isoformat(timespec="minutes") for name, moment in moments.items() if moment}
    if admission.reason == QUOTA:
        day = clock.local(at, office.timezone).date()
        facts["kept"] = str(places_kept(session.connection(), office.id, office.options, day, at))
    return {"reason": admission.reason, "timezone": office.timezone, **facts}


def admission_state(admission: Admission) -> dict[str, Any]:
    """The admission in the states of screens, tablets and phones."""
    return {
        "open": admission.is_open,
        "reason": admission.reason,
        "opens_at": clock.iso(admission.opens_at),
        "until": clock.iso(admission.until),
    }
