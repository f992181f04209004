"""An applicant announces a collector or withdraws the announcement. The audit keeps the class, never the name."""

from sqlalchemy import bindparam, delete, exists, select

from ampera import audit, events
from ampera.audit import Actor
from ampera.bookings.collectors.submission import CollectorDetails, problems
from ampera.bookings.models import AnnouncedCollector
from ampera.bookings.refusals import BookingRefusal
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.passports.events import BookChanged
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups import stages
from ampera.pickups.events import PickupChanged
from ampera.pickups.queries import card
from ampera.sql.statements import upsert


@transaction
def announce(unit: Unit, actor: Actor, pickup_id: int, details: CollectorDetails) -> CollectorDetails | Refused:
    """Store the collector of a pickup in place of an earlier announcement.

    Refused: `not_found`, `invalid` with the wrong fields, `announcement_not_needed` (no book to collect).
    """
    found = card(unit.session, pickup_id, actor.office_id)
    if found is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if wrong := problems(details):
        return _refuse(unit, actor, pickup_id, Refused(Refusal.INVALID, 422, wrong))
    state = found.current.state if found.current else "revoked"
    if found.stage(state) not in stages.WITH_QR:
        return _refuse(unit, actor, pickup_id, Refused(BookingRefusal.ANNOUNCEMENT_NOT_NEEDED, 409))
    row = {"pickup_id": pickup_id, "office_id": found.office.id, "at": unit.at, **vars(details)}
    unit.conn.execute(_STORE[unit.conn.dialect.name], row)
    audit.record(unit, actor, "pickup.announced", f"pickup:{pickup_id}", collector=details.collector_class)
    unit.emit(PickupChanged(found.office.id, pickup_id))
    return details


@transaction
def withdraw(unit: Unit, actor: Actor, pickup_id: int) -> bool:
    """Delete the announcement; False when there is none."""
    if not unit.conn.execute(_DELETE, {"pickup_id": pickup_id, "office_id": actor.office_id}).rowcount:
        return False
    audit.record(unit, actor, "pickup.announcement_withdrawn", f"pickup:{pickup_id}")
    unit.emit(PickupChanged(actor.office_id or 0, pickup_id))
    return True


@events.during(BookChanged)
def book_changed(unit: Unit, happened: BookChanged) -> None:
    """A name is deleted when no book of the pickup can be collected any more."""
    unit.conn.execute(_DELETE_NEEDLESS, {"passport_id": happened.passport_id})


def _refuse(unit: Unit, actor: Actor, pickup_id: int, refused: Refused) -> Refused:
    audit.record(unit, actor, "pickup.announcement_refused", f"pickup:{pickup_id}", why=refused.code)
    return refused


_STORE = upsert(AnnouncedCollector, ["pickup_id"], ["collector_class", "name", "relation", "at"])
_DELETE = delete(AnnouncedCollector).where(
    AnnouncedCollector.pickup_id == bindparam("pickup_id"), AnnouncedCollector.office_id == bindparam("office_id")
)
_PICKUP = select(Passport.pickup_id).where(Passport.id == bindparam("passport_id")).scalar_subquery()
_DELETE_NEEDLESS = delete(AnnouncedCollector).where(
    AnnouncedCollector.pickup_id == _PICKUP,
    ~exists().where(Passport.pickup_id == AnnouncedCollector.pickup_id, Passport.state.in_(ON_SHELF)),
)
