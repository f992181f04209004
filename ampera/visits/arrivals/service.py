"""Arrivals: an applicant reports being on the way or on site, and the desk fetches the books early.

An arrival gives no place in the queue, expires after a while, and is deleted when the code is scanned at the lane.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select

from ampera import audit, events
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.options.defaults import option
from ampera.pickups import stages
from ampera.pickups.queries import Card, card
from ampera.sql.statements import Write, upsert
from ampera.visits.admission_queries import admission_for
from ampera.visits.events import ArrivalChanged, VisitChanged
from ampera.visits.models import Arrival, VisitPickup
from ampera.visits.refusals import VisitRefusal

LASTS = {"leaving": "leaving_minutes", "arrived": "arrived_minutes"}  # kind -> option


@transaction
def announce(unit: Unit, actor: Actor, pickup_id: int, kind: str) -> datetime | Refused:
    """Store the arrival ('leaving' or 'arrived') and return its expiry. A repeated report renews it.

    Refused: `arrival_not_needed` (no book is ready, or the vehicle is here already), `line_closed`.
    """
    known = card(unit.session, pickup_id, actor.office_id)
    if known is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if why := _refusal(unit, known):
        audit.record(unit, actor, "pickup.arrival_refused", f"pickup:{pickup_id}", why=why)
        return Refused(why, 409)
    before = unit.conn.execute(_KIND, {"pickup_id": pickup_id, "at": unit.at}).scalar()
    until = unit.at + timedelta(minutes=option(known.office.options, LASTS[kind]))
    row = {"pickup_id": pickup_id, "office_id": known.office.id, "kind": kind, "at": unit.at, "expires_at": until}
    unit.conn.execute(_DELETE_EXPIRED, {"o": known.office.id, "t": unit.at})
    unit.conn.execute(_STORE[unit.conn.dialect.name], row)
    if before != kind:
        audit.record(unit, actor, f"pickup.{kind}", f"pickup:{pickup_id}")
    unit.emit(ArrivalChanged(known.office.id, pickup_id))
    return until


@transaction
def withdraw(unit: Unit, actor: Actor, pickup_id: int) -> bool:
    """Delete the arrival. False when there was none."""
    if not _DELETE.run(unit.conn, pickups=[pickup_id]):
        return False
    audit.record(unit, actor, "pickup.arrival_withdrawn", f"pickup:{pickup_id}")
    unit.emit(ArrivalChanged(actor.office_id or 0, pickup_id))
    return True


@events.during(VisitChanged)
def delete_arrivals(unit: Unit, happened: VisitChanged) -> None:
    """The vehicle is here: from now on the queue decides when its books are needed."""
    _DELETE.run(unit.conn, pickups=happened.pickup_ids)


def _refusal(unit: Unit, known: Card) -> str | None:
    state = known.current.state if known.current else "revoked"
    if known.stage(state) != stages.READY or unit.conn.execute(_OPEN, {"pickup_id": known.pickup_id}).first():
        return VisitRefusal.ARRIVAL_NOT_NEEDED
    admission = admission_for(unit.session, known.office, known.pickup_id, unit.at)
    return None if admission.is_open else VisitRefusal.LINE_CLOSED


_OPEN = select(VisitPickup.visit_id).where(VisitPickup.pickup_id == bindparam("pickup_id"), VisitPickup.is_open)
_KIND = select(Arrival.kind).where(Arrival.pickup_id == bindparam("pickup_id"), Arrival.expires_at > bindparam("at"))
_DELETE = Write(delete(Arrival).where(Arrival.pickup_id.in_(bindparam("pickups", expanding=True))))
_DELETE_EXPIRED = delete(Arrival).where(Arrival.office_id == bindparam("o"), Arrival.expires_at <= bindparam("t"))
_STORE = upsert(Arrival, ["pickup_id"], ["kind", "at", "expires_at"])
