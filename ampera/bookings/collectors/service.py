"""An applicant says who comes for the passports, or takes it back. The audit keeps the class, never the name."""

from typing import Any

from sqlalchemy import bindparam, delete, exists, select

from ampera import audit, events
from ampera.audit import Actor
from ampera.bookings.collectors.submission import Companion, problems
from ampera.bookings.models import Announced
from ampera.db import Unit, transaction, upsert
from ampera.errors import Refused
from ampera.passports.events import BookChanged
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups import stages
from ampera.pickups.events import PickupChanged
from ampera.pickups.queries import card


@transaction
def announce(unit: Unit, actor: Actor, pickup_id: int, wanted: Companion) -> Companion | Refused:
    """Keep who comes; saying it again replaces it.

    Refused: `not_found`, `invalid` with the fields that are wrong, `announcement_not_needed` (nothing to collect).
    """
    known = card(unit.session, pickup_id, actor.office_id)
    if known is None:
        return Refused("not_found", 404)
    if wrong := problems(wanted):
        return _refuse(unit, actor, pickup_id, Refused("invalid", 422, wrong))
    state = known.current.state if known.current else "revoked"
    if known.stage(state) not in stages.WITH_QR:
        return _refuse(unit, actor, pickup_id, Refused("announcement_not_needed", 409))
    row = {"pickup_id": pickup_id, "office_id": known.office.id, "at": unit.at, **vars(wanted)}
    unit.conn.execute(_KEEP[unit.conn.dialect.name], row)
    audit.record(unit, actor, "pickup.announced", f"pickup:{pickup_id}", collector=wanted.collector_class)
    unit.emit(PickupChanged(known.office.id, pickup_id))
    return wanted


@transaction
def withdraw(unit: Unit, actor: Actor, pickup_id: int) -> bool:
    """Nobody is announced any more; whether somebody was."""
    if not unit.conn.execute(_FORGET, {"pickup_id": pickup_id, "office_id": actor.office_id}).rowcount:
        return False
    audit.record(unit, actor, "pickup.announcement_withdrawn", f"pickup:{pickup_id}")
    unit.emit(PickupChanged(actor.office_id or 0, pickup_id))
    return True


@events.during(BookChanged)
def book_changed(unit: Any, happened: BookChanged) -> None:
    """No name is kept for books that nobody can fetch any more."""
    unit.conn.execute(_FORGET_NEEDLESS, {"passport_id": happened.passport_id})


def _refuse(unit: Unit, actor: Actor, pickup_id: int, refused: Refused) -> Refused:
    audit.record(unit, actor, "pickup.announcement_refused", f"pickup:{pickup_id}", why=refused.code)
    return refused


_KEEP = upsert(Announced, ["pickup_id"], ["collector_class", "name", "relation", "at"])
_FORGET = delete(Announced).where(
    Announced.pickup_id == bindparam("pickup_id"), Announced.office_id == bindparam("office_id")
)
_PICKUP = select(Passport.pickup_id).where(Passport.id == bindparam("passport_id")).scalar_subquery()
_FORGET_NEEDLESS = delete(Announced).where(
    Announced.pickup_id == _PICKUP,
    ~exists().where(Passport.pickup_id == Announced.pickup_id, Passport.state.in_(ON_SHELF)),
)
