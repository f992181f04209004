"""How a pickup gets into a visit, inside the transaction of its scan: a new one, its own, or the car that is named.

A pickup is in at most one open visit (unique index), a queue number is given out once a day (one atomic statement).
"""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit
from ampera.offices.models import Office
from ampera.offices.options import option
from ampera.visits import queries, states
from ampera.visits.events import VisitChanged
from ampera.visits.models import QueueCounter, Visit, VisitPickup


def let_in(unit: Unit, actor: Actor, lane: Any, pickup_id: int, own: Any, into: int | None) -> Any:
    """The visit that the pickup is in now. `own` is its open visit or None, `into` the id of a car to join."""
    wanted = into and unit.conn.execute(_VISIT, {"id": into, "office_id": actor.office_id}).one_or_none()
    if wanted and wanted.state in states.OPEN and not (own and own.id == wanted.id):
        if own is not None:
            _take_out(unit, own.id, pickup_id)
        _join(unit, wanted.id, pickup_id)
        audit.record(unit, actor, "visit.joined", f"visit:{wanted.id}", pickup=pickup_id)
        _changed(unit, lane, wanted.id, queries.pickup_ids(unit.conn, wanted.id))
        return wanted
    if own is None:
        own = _open(unit, actor, lane)
        _join(unit, own.id, pickup_id)
        audit.record(unit, actor, "visit.opened", f"visit:{own.id}", queue_no=own.queue_no, pickup=pickup_id)
        _changed(unit, lane, own.id, (pickup_id,))
    return own


def is_here(unit: Unit, actor: Actor, visit_id: int) -> bool:
    """Whether this is a vehicle of the actor's office whose visit goes on."""
    visit = unit.conn.execute(_VISIT, {"id": visit_id, "office_id": actor.office_id}).one_or_none()
    return visit is not None and visit.state in states.OPEN


def _take_out(unit: Unit, visit_id: int, pickup_id: int) -> None:
    """Move the pickup out of the visit it waits in; an empty visit ends."""
    unit.conn.execute(_CLOSE_PICKUP, {"v": visit_id, "p": pickup_id})
    if not unit.conn.execute(_OPEN_PICKUPS, {"v": visit_id}).first():
        Visit.close(unit.conn, visit_id, states.LEFT, unit.at)


def _join(unit: Unit, visit_id: int, pickup_id: int) -> None:
    unit.conn.execute(_JOIN, {"visit_id": visit_id, "pickup_id": pickup_id, "is_open": True, "added_at": unit.at})


def _open(unit: Unit, actor: Actor, lane: Any) -> SimpleNamespace:
    """A waiting visit with the next queue number of the service day."""
    kind = "motorcycle" if lane.kind == "motorcycle" else "car"
    visit = {
        "office_id": actor.office_id,
        "lane_id": lane.id,
        "day": clock.local(unit.at, lane.timezone).date(),
        "kind": kind,
        "state": states.WAITING,
        "opened_at": unit.at,
        "since": unit.at,
        "calls": 0,
        "books_out": 0,
        "plate": None,
        "claim_staff_id": None,
    }
    visit["queue_no"] = _number(unit, visit, option(lane.options, "prefixes")[kind])
    visit_id = unit.conn.execute(_OPEN, visit).scalar_one()
    known = {"lane_number": lane.number, "options": lane.options, "timezone": lane.timezone}
    return SimpleNamespace(id=visit_id, **visit, **known)


def _number(unit: Unit, visit: dict[str, Any], prefix: str) -> str:
    counter = {"office_id": visit["office_id"], "day": visit["day"], "prefix": prefix, "last": 1}
    return f"{prefix}{unit.conn.execute(_NEXT_NUMBER[unit.conn.dialect.name], counter).scalar_one():03d}"


def _changed(unit: Unit, lane: Any, visit_id: int, pickups: tuple[int, ...]) -> None:
    Office.raise_revision(unit.conn, lane.office_id)
    unit.emit(VisitChanged(lane.office_id, visit_id, pickups))


_VISIT = select(Visit.__table__).where(Visit.id == bindparam("id"), Visit.office_id == bindparam("office_id"))
_OPEN = insert(Visit).returning(Visit.id)
_JOIN = insert(VisitPickup)
_OPEN_PICKUPS = (
    select(VisitPickup.pickup_id).where(VisitPickup.visit_id == bindparam("v"), VisitPickup.is_open).limit(1)
)
_CLOSE_PICKUP = (
    update(VisitPickup)
    .where(VisitPickup.visit_id == bindparam("v"), VisitPickup.pickup_id == bindparam("p"))
    .values(is_open=False)
)
_NEXT_NUMBER = {
    name: dialect.insert(QueueCounter)
    .on_conflict_do_update(index_elements=["office_id", "day", "prefix"], set_={"last": QueueCounter.last + 1})
    .returning(QueueCounter.last)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
