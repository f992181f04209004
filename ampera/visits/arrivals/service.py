"""An applicant says that they are on the way, or here: their books are fetched early, and that is all.

It never gives a place in the queue, it expires by itself, and it is used up when the code is scanned at the lane.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select

from ampera import audit, events
from ampera.audit import Actor
from ampera.db import Unit, transaction, upsert
from ampera.errors import Refusal, Refused
from ampera.offices.options.defaults import option
from ampera.pickups import stages
from ampera.pickups.queries import Card, card
from ampera.visits.admission_queries import admission_for
from ampera.visits.events import ArrivalChanged, VisitChanged
from ampera.visits.models import Arrival, VisitPickup
from ampera.visits.refusals import VisitRefusal

LASTS = {"leaving": "leaving_minutes", "arrived": "arrived_minutes"}  # kind -> option


@transaction
def announce(unit: Unit, actor: Actor, pickup_id: int, kind: str) -> datetime | Refused:
    """Keep the word ('leaving' or 'arrived'); gives until when it holds. Saying it again renews it.

    Refused: `arrival_not_needed` (no book is ready, or the vehicle is here already), `line_closed`.
    """
    known = card(unit.session, pickup_id, actor.office_id)
    if known is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if why := _why_not(unit, known):
        audit.record(unit, actor, "pickup.arrival_refused", f"pickup:{pickup_id}", why=why)
        return Refused(why, 409)
    before = unit.conn.execute(_KIND, {"pickup_id": pickup_id, "at": unit.at}).scalar()
    until = unit.at + timedelta(minutes=option(known.office.options, LASTS[kind]))
    row = {"pickup_id": pickup_id, "office_id": known.office.id, "kind": kind, "at": unit.at, "expires_at": until}
    unit.conn.execute(_FORGET_EXPIRED, {"o": known.office.id, "t": unit.at})
    unit.conn.execute(_KEEP[unit.conn.dialect.name], row)
    if before != kind:
        audit.record(unit, actor, f"pickup.{kind}", f"pickup:{pickup_id}")
    unit.emit(ArrivalChanged(known.office.id, pickup_id))
    return until


@transaction
def withdraw(unit: Unit, actor: Actor, pickup_id: int) -> bool:
    """Take the word back; whether there was one."""
    if not unit.conn.execute(_FORGET, {"pickups": [pickup_id]}).rowcount:
        return False
    audit.record(unit, actor, "pickup.arrival_withdrawn", f"pickup:{pickup_id}")
    unit.emit(ArrivalChanged(actor.office_id or 0, pickup_id))
    return True


@events.during(VisitChanged)
def use_up(unit: Any, happened: VisitChanged) -> None:
    """The vehicle is here: from now on the queue says when its books are needed."""
    unit.conn.execute(_FORGET, {"pickups": list(happened.pickup_ids)})


def _why_not(unit: Unit, known: Card) -> str | None:
    state = known.current.state if known.current else "revoked"
    if known.stage(state) != stages.READY or unit.conn.execute(_OPEN, {"pickup_id": known.pickup_id}).first():
        return VisitRefusal.ARRIVAL_NOT_NEEDED
    return (
        None
        if admission_for(unit.session, known.office, known.pickup_id, unit.at).is_open
        else VisitRefusal.LINE_CLOSED
    )


_OPEN = select(VisitPickup.visit_id).where(VisitPickup.pickup_id == bindparam("pickup_id"), VisitPickup.is_open)
_KIND = select(Arrival.kind).where(Arrival.pickup_id == bindparam("pickup_id"), Arrival.expires_at > bindparam("at"))
_FORGET = delete(Arrival).where(Arrival.pickup_id.in_(bindparam("pickups", expanding=True)))
_FORGET_EXPIRED = delete(Arrival).where(Arrival.office_id == bindparam("o"), Arrival.expires_at <= bindparam("t"))
_KEEP = upsert(Arrival, ["pickup_id"], ["kind", "at", "expires_at"])
