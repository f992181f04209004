"""Deletes the picks of handed-over books in the same transaction.

With the last book of a pickup it also deletes the announced collector, whose name is no longer needed.
"""

from sqlalchemy import bindparam, delete, exists

from ampera import events
from ampera.bookings.models import AnnouncedCollector
from ampera.db import Unit
from ampera.handovers.events import HandedOver
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.sql.statements import Write
from ampera.visits.models import Pick


@events.during(HandedOver)
def handed_over(unit: Unit, event: HandedOver) -> None:
    _FORGET.run(unit.conn, books=event.passport_ids)
    _FORGET_ANNOUNCED.run(unit.conn, pickups=list(event.classes))


_FORGET = Write(delete(Pick).where(Pick.passport_id.in_(bindparam("books", expanding=True))))
_FORGET_ANNOUNCED = Write(
    delete(AnnouncedCollector).where(
        AnnouncedCollector.pickup_id.in_(bindparam("pickups", expanding=True)),
        ~exists().where(Passport.pickup_id == AnnouncedCollector.pickup_id, Passport.state.in_(ON_SHELF)),
    )
)
