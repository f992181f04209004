"""The desk's page of a day: the books of every booked slot in walking order, on screen or on paper."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request

from ampera import clock, db
from ampera.bookings import queries
from ampera.bookings.slots import SlotCalendar, rules_of
from ampera.errors import Problem
from ampera.offices import labels
from ampera.offices.models import Office
from ampera.offices.refusals import OfficeRefusal
from ampera.security import STAFF, actor, requires

pages = Blueprint("desk_bookings", __name__)


@pages.get("/desk/bookings")
@requires(*STAFF)
def prepared() -> str:
    """`?day=` (ISO date); without it the next day after today that has slots."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id or 0)
        calendar = queries.calendar_of(session, office, clock.now())
        today, open_days = calendar.moment.date(), _open_days(calendar)
        day = _requested_day() or next((day for day in open_days if day > today), today + timedelta(days=1))
        slots = queries.prepared_slots(session, office, day)
        booked = {day: queries.booked_on(session.connection(), office.id, day) for day in open_days}
    return render_template(
        "bookings/prepared.html",
        office=office,
        rules=rules_of(office.options),
        day=day,
        today=today,
        days=sorted({*open_days, day}),
        booked=booked,
        slots=slots,
        places=calendar.places(day),
        words=labels,
    )


def _open_days(calendar: SlotCalendar) -> list[date]:
    return [day for day in calendar.days() if calendar.slots(day)]


def _requested_day() -> date | None:
    wanted = request.args.get("day")
    if not wanted:
        return None
    try:
        return date.fromisoformat(wanted)
    except ValueError:
        raise Problem(OfficeRefusal.BAD_DAY, 422, {"day": OfficeRefusal.BAD_DAY}) from None
