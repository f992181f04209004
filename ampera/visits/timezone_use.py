"""What keeps an office on its time zone: visits and bookings, whose days and times were written on its clock."""

from sqlalchemy import exists, select

from ampera import events
from ampera.bookings.models import Booking
from ampera.db import Unit
from ampera.offices.events import TimezoneChanging
from ampera.visits.models import Visit


@events.during(TimezoneChanging)
def timezone_changing(unit: Unit, changing: TimezoneChanging) -> None:
    for table in (Visit, Booking):
        if unit.session.scalar(select(exists().where(table.office_id == changing.office_id))):
            changing.in_use_by.append(table.__tablename__)
