"""Events of bookings and slots that cause notices. Each subscriber writes in the transaction of the event.

A notice may be untrue when it is due; `content.facts` checks again before it is sent.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from ampera import clock, events
from ampera.bookings.events import BookingMade, BookingMoved, SlotsClosed, SlotsReopened
from ampera.db import Unit
from ampera.notices.outbox import NoticeDraft, write
from ampera.offices.calendar.admission import SECOND_THOUGHTS
from ampera.offices.models import Office
from ampera.offices.options.defaults import option


@events.during(BookingMade)
def confirm_booking(unit: Unit, booked: BookingMade) -> None:
    """Confirm a new booking."""
    _confirm(unit, booked)


@events.during(BookingMoved)
def confirm_move(unit: Unit, booked: BookingMoved) -> None:
    """Confirm a moved booking."""
    _confirm(unit, booked)


@events.during(SlotsClosed)
def notify_closed(unit: Unit, happened: SlotsClosed) -> None:
    """Due after SECOND_THOUGHTS, so that an accidental closure can be undone; once per closure."""
    since = clock.iso(happened.since)
    drafts = [
        NoticeDraft(
            slot.pickup_id,
            {"starts_at": clock.iso(slot.starts_at), "sequence": slot.sequence, "since": since},
            f"slot_off:{slot.pickup_id}:{since}",
            unit.at + SECOND_THOUGHTS,
        )
        for slot in happened.slots
    ]
    write(unit, happened.office_id, "slot_off", drafts)


@events.during(SlotsReopened)
def notify_reopened(unit: Unit, happened: SlotsReopened) -> None:
    """Confirm the booking again when the closure was notified, or when a reminder was due during the closure."""
    office = unit.conn.execute(_OFFICE, {"office": happened.office_id}).one()
    time = option(office.options, "reminder_time")
    drafts = [
        NoticeDraft(
            slot.pickup_id,
            {"starts_at": clock.iso(slot.starts_at), "sequence": slot.sequence},
            f"booked:{slot.pickup_id}:{clock.iso(slot.starts_at)}:back:{clock.iso(since)}",
        )
        for slot, since in happened.slots
        if since + SECOND_THOUGHTS <= unit.at or since < day_before(slot.starts_at, time, office.timezone) <= unit.at
    ]
    write(unit, happened.office_id, "booked", drafts)


def day_before(starts_at: datetime, time: str, timezone: str) -> datetime:
    """This time of day (HH:MM) on the day before, at the office."""
    hours, minutes = map(int, time.split(":"))
    local = clock.local(starts_at, timezone) - timedelta(days=1)
    return local.replace(hour=hours, minute=minutes, second=0, microsecond=0)


def _confirm(unit: Unit, booked: BookingMade | BookingMoved) -> None:
    """Confirm at once, and remind on the day before, unless that moment is past."""
    starts_at = clock.iso(booked.starts_at)
    facts = {"starts_at": starts_at, "sequence": booked.sequence}
    once = f"{booked.pickup_id}:{starts_at}:{booked.sequence}:{booked.kind}:{clock.iso(unit.at)}"
    write(unit, booked.office_id, "booked", [NoticeDraft(booked.pickup_id, facts, f"booked:{once}")])
    office = unit.conn.execute(_OFFICE, {"office": booked.office_id}).one()
    remind_at = day_before(booked.starts_at, option(office.options, "reminder_time"), office.timezone)
    if remind_at > unit.at:
        reminder = NoticeDraft(booked.pickup_id, facts, f"slot_reminder:{once}", remind_at)
        write(unit, booked.office_id, "slot_reminder", [reminder])


_OFFICE = select(Office.options, Office.timezone).where(Office.id == bindparam("office"))
