"""How a pickup gets into a visit, inside the transaction of its scan: a new one, its own, or the car that is named.

A pickup is in at most one open visit (unique index), a queue number is given out once a day (one atomic statement).
"""

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit, upsert
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.visits import queries, slot_rules, states
from ampera.visits.events import VisitChanged
from ampera.visits.models import QueueCounter, Visit, VisitPickup
from ampera.visits.queue import order as queue_order


@dataclass(frozen=True)
class Vehicle:
    """What the officer said of the vehicle; without a kind it is the lane's. `plate` is normalised."""

    kind: str | None = None
    priority: str | None = None
    plate: str | None = None


AS_THE_LANE = Vehicle()


def let_in(
    unit: Unit,
    actor: Actor,
    lane: Any,
    pickup_id: int,
    own: Any,
    into: int | None,
    vehicle: Vehicle,
    booked_for: datetime | None = None,
) -> Any:
    """The visit that the pickup is in now: `own`, its visit of before that goes on or comes back, or a new one.

    `into` is the id of a car to join, `booked_for` the booked window that the pickup is in now.
    """
    wanted = into and unit.conn.execute(_VISIT, {"id": into, "office_id": actor.office_id}).one_or_none()
    if wanted and wanted.state in states.OPEN and not (own and own.id == wanted.id):
        if own is not None and own.state in states.OPEN:
            take_out(unit, own, pickup_id)
        _join(unit, wanted.id, pickup_id)
        slot_rules.goes_with(unit, wanted.id, booked_for)
        Visit.forget_undo(unit.conn, wanted.id)
        audit.record(unit, actor, "visit.joined", f"visit:{wanted.id}", pickup=pickup_id)
        _changed(unit, lane, wanted.id, queries.pickup_ids(unit.conn, wanted.id))
        return wanted
    if own is not None and own.state in states.COMES_BACK:
        visit = unit.conn.execute(_VISIT, {"id": own.id, "office_id": actor.office_id}).one()
        if queue_order.bring_back(unit, actor, visit, None) is None:
            audit.record(unit, actor, "visit.returned", f"visit:{own.id}", reason="")
            _changed(unit, lane, own.id, queries.pickup_ids(unit.conn, own.id))
            return own
        own = None  # its other codes came in another vehicle since
    if own is None:
        own = _open(unit, actor, lane, vehicle, booked_for)
        _join_new(unit, own.id, pickup_id)
        audit.record(unit, actor, "visit.opened", f"visit:{own.id}", queue_no=own.queue_no, pickup=pickup_id)
        if vehicle.priority:
            queue_order.log(unit, actor, own, "priority", vehicle.priority, queue_order.ordinary(unit, own))
        _changed(unit, lane, own.id, (pickup_id,))
    return own


def is_here(unit: Unit, actor: Actor, visit_id: int) -> bool:
    """Whether this is a vehicle of the actor's office whose visit goes on."""
    visit = unit.conn.execute(_VISIT, {"id": visit_id, "office_id": actor.office_id}).one_or_none()
    return visit is not None and visit.state in states.OPEN


def take_out(unit: Unit, visit: Any, pickup_id: int) -> None:
    """Move the pickup out of the open visit it is in; an empty visit ends."""
    Visit.forget_undo(unit.conn, visit.id)
    unit.conn.execute(_CLOSE_PICKUP, {"v": visit.id, "p": pickup_id, "out_at": unit.at})
    if not unit.conn.execute(_OPEN_PICKUPS, {"v": visit.id}).first():
        Visit.close(unit.conn, visit.id, states.LEFT, unit.at)


def prefix_of(options: dict[str, Any], kind: str, priority: str | None) -> str:
    """The letter of such a vehicle's number."""
    return option(options, "prefixes")["priority" if priority else kind]


def next_number(unit: Unit, office_id: int, day: date, prefix: str) -> str:
    """A number that nobody had on this day: one atomic statement counts."""
    counter = {"office_id": office_id, "day": day, "prefix": prefix, "last": 1}
    return f"{prefix}{unit.conn.execute(_NEXT_NUMBER[unit.conn.dialect.name], counter).scalar_one():03d}"


def _join(unit: Unit, visit_id: int, pickup_id: int) -> None:
    """Into this visit; again, when it was in it before and taken out."""
    if not unit.conn.execute(_JOIN_AGAIN, {"v": visit_id, "p": pickup_id}).rowcount:
        _join_new(unit, visit_id, pickup_id)


def _join_new(unit: Unit, visit_id: int, pickup_id: int) -> None:
    unit.conn.execute(_JOIN, {"visit_id": visit_id, "pickup_id": pickup_id, "is_open": True, "added_at": unit.at})


def _open(unit: Unit, actor: Actor, lane: Any, vehicle: Vehicle, booked_for: datetime | None) -> SimpleNamespace:
    """A waiting visit with the next queue number of the service day."""
    kind = vehicle.kind or ("motorcycle" if lane.kind == "motorcycle" else "car")
    visit = {
        "office_id": actor.office_id,
        "lane_id": lane.id,
        "day": clock.local(unit.at, lane.timezone).date(),
        "kind": kind,
        "state": states.WAITING,
        "opened_at": unit.at,
        "since": unit.at,
        "calls": 0,
        "called_at": None,
        "books_out": 0,
        "plate": vehicle.plate,
        "priority": vehicle.priority,
        "booked_for": booked_for,
        "site": lane.site,
        "window": None,
        "place": None,
        "claim_staff_id": None,
        "undo_until": None,
    }
    prefix = prefix_of(lane.options, kind, vehicle.priority)
    visit["queue_no"] = next_number(unit, visit["office_id"], visit["day"], prefix)
    visit_id = unit.conn.execute(_OPEN, visit).scalar_one()
    known = {"lane_number": lane.number, "options": lane.options, "timezone": lane.timezone}
    return SimpleNamespace(id=visit_id, **visit, **known)


def _changed(unit: Unit, lane: Any, visit_id: int, pickups: tuple[int, ...]) -> None:
    Office.raise_revision(unit.conn, lane.office_id)
    unit.emit(VisitChanged(lane.office_id, visit_id, pickups))


_VISIT = (
    select(Visit.__table__, Office.options)
    .join(Office, Office.id == Visit.office_id)
    .where(Visit.id == bindparam("id"), Visit.office_id == bindparam("office_id"))
)
_OPEN = insert(Visit).returning(Visit.id)
_JOIN = insert(VisitPickup)
_OPEN_PICKUPS = (
    select(VisitPickup.pickup_id).where(VisitPickup.visit_id == bindparam("v"), VisitPickup.is_open).limit(1)
)
_PICKUP = update(VisitPickup).where(VisitPickup.visit_id == bindparam("v"), VisitPickup.pickup_id == bindparam("p"))
_CLOSE_PICKUP = _PICKUP.values(is_open=False)
_JOIN_AGAIN = _PICKUP.values(is_open=True, out_at=None)
_NEXT_NUMBER = upsert(
    QueueCounter,
    ["office_id", "day", "prefix"],
    {"last": QueueCounter.last + 1},
    returning=QueueCounter.last,
)
