"""A booking as a calendar file (iCalendar). The file holds no name, code or link, because calendars are shared.

The UID belongs to the booking and SEQUENCE grows with every move, so that a calendar moves its entry (RFC 5546).
"""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from flask_babel import gettext
from icalendar import Alarm, Calendar, Event

from ampera import formats
from ampera.bookings.queries import OwnBooking
from ampera.offices.models import Office
from ampera.offices.options.defaults import option

PRODUCT = "-//Si Ampera Bertanjak//ID"
REMINDER = timedelta(hours=-1)


def uid(office_code: str, pickup_id: int, booked_at: datetime) -> str:
    """The same for every move of one booking, different for a later booking; a hash that reveals nothing."""
    return str(uuid5(NAMESPACE_URL, f"ampera:{office_code}:{pickup_id}:{booked_at.isoformat()}"))


def calendar_file(office: Office, pickup_id: int, booking: OwnBooking, at: datetime) -> bytes:
    """The file of this booking, made at the moment `at`, in the reader's language. Times are UTC."""
    event = Event()
    event.add("uid", uid(office.code, pickup_id, booking.booked_at))
    event.add("sequence", booking.sequence)
    event.add("dtstamp", at)
    event.add("dtstart", booking.starts_at.astimezone(UTC))
    event.add("dtend", booking.ends_at.astimezone(UTC))
    event.add("summary", gettext("Ambil paspor tanpa turun dari kendaraan"))
    event.add("location", ", ".join(part for part in (office.name, office.address) if part))
    event.add("description", _description(booking))
    if point := option(office.options, "geo"):
        event.add("geo", tuple(float(degrees) for degrees in point.split(",")))
    event.add_component(_reminder())
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def _description(booking: OwnBooking) -> str:
    until = gettext(
        "Berlaku bila kode QR Anda dipindai antara %(from)s dan %(until)s.",
        **{"from": formats.clock_zone(booking.earliest), "until": formats.clock_zone(booking.latest)},
    )
    bring = gettext("Bawa bukti pembayaran dan identitas. Kode QR ada di halaman pengambilan Anda.")
    return f"{until} {bring}"


def _reminder() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", gettext("Ambil paspor tanpa turun dari kendaraan"))
    alarm.add("trigger", REMINDER)
    return alarm
