"""How a pickup enters a visit, inside the transaction of its scan: a new visit, its own, or a vehicle that is named.

A pickup is in at most one open visit (unique index). A queue number is given once a day (one atomic statement).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.sql.statements import ColumnSelect, Write, upsert
from ampera.visits import queries, slot_rules, states
from ampera.visits.events import VisitChanged
from ampera.visits.models import QueueCounter, Visit, VisitPickup
from ampera.visits.queue import order as queue_order
from ampera.visits.queue.queries import lines_for
from ampera.visits.rows import Options, VisitRow
from ampera.visits.scan import ways
from ampera.visits.scan.finding_queries import CurrentVisit
from ampera.visits.scan.queries import ScanLane
from ampera.visits.scan.request import Vehicle


@dataclass(frozen=True)
class Entry:
    """A pickup that enters at a lane.

    `visit` holds the pickup already, or the pickup comes back to it; `target` is a vehicle to join; `booked_for` is
    the beginning of the pickup's slot when the vehicle comes in it, `found_by` how the pickup was found now.
    """

    actor: Actor
    lane: ScanLane
    pickup_id: int
    visit: CurrentVisit | None
    target: VisitRow | None
    vehicle: Vehicle
    booked_for: datetime | None
    found_by: str | None


@dataclass(frozen=True)
class Entered:
    """The visit that the pickup is in now.

    `opened` is its whole row when this scan opened it: nobody else wrote it. `merged` is the number of the other
    waiting vehicle that the pickup came from, `queue_no` the number that it has now.
    """

    visit_id: int
    kind: str
    opened: VisitRow | None = None
    merged: str | None = None
    queue_no: str | None = None


def let_in(unit: Unit, entry: Entry) -> Entered:
    """Put the pickup into one visit. Every code path ends in exactly one open visit that holds it."""
    target, visit = entry.target, entry.visit
    if target is not None and target.state in states.OPEN and (visit is None or visit.id != target.id):
        return _join(unit, entry, target)
    if visit is not None and (visit.state in states.OPEN or _bring_back(unit, entry, visit)):
        if ways.is_stronger(entry.found_by, visit.found_by):
            _FOUND_BY.run(unit.conn, **_way(visit.id, entry))
        return Entered(visit.id, visit.kind)
    return _open(unit, entry)


def direct(unit: Unit, visit: VisitRow, *, is_new: bool) -> tuple[VisitRow, dict[str, Any]]:
    """Send the vehicle at a separate gate to the line with the shortest wait, and name the lanes that fit.

    The lines are compared by `wait_estimate.by_wait`. A vehicle that waits already stays in its line while that lane is
    open. With a common queue none is sent anywhere: it waits for its call.
    """
    lines = lines_for(unit.conn, visit)
    facts: dict[str, Any] = {"lanes": sorted(line.lane for line in lines)}
    if visit.state != states.WAITING or not lines or option(visit.options, "common_queue"):
        return visit, facts
    own = [line for line in lines if line.lane_id == visit.lane_id and not is_new]
    line = (own or lines)[0]
    if line.lane_id != visit.lane_id:
        _SEND.run(unit.conn, v=visit.id, lane=line.lane_id)
    facts["waits"] = [{"lane": other.lane, "ahead": other.ahead} for other in lines]
    return visit._replace(lane_id=line.lane_id, lane_number=line.lane), facts


def take_out(unit: Unit, visit_id: int, pickup_id: int) -> None:
    """Move the pickup out of the open visit it is in; an empty visit ends."""
    Visit.forget_undo(unit.conn, visit_id)
    _CLOSE_PICKUP.run(unit.conn, v=visit_id, p=pickup_id, out_at=unit.at)
    if not _OPEN_PICKUPS.all(unit.conn, v=visit_id):
        Visit.close(unit.conn, visit_id, states.LEFT, unit.at)


def prefix_of(options: Options, kind: str, priority: str | None) -> str:
    """The letter of the queue number of such a vehicle."""
    prefixes: dict[str, str] = option(options, "prefixes")
    return prefixes["priority" if priority else kind]


def next_number(unit: Unit, office_id: int, day: date, prefix: str) -> str:
    """A number that was not given on this day before: one atomic statement counts."""
    number = _NEXT_NUMBER.returned(unit.conn, office_id=office_id, day=day, prefix=prefix, last=1)
    return f"{prefix}{number:03d}"


def _join(unit: Unit, entry: Entry, target: VisitRow) -> Entered:
    """Add the pickup to another vehicle. Its row is reopened when it was in that vehicle before."""
    merged = None
    if entry.visit is not None and entry.visit.state in states.OPEN:
        merged = _QUEUE_NO.required(unit.conn, v=entry.visit.id)
        take_out(unit, entry.visit.id, entry.pickup_id)
    if not _JOIN_AGAIN.run(unit.conn, **_way(target.id, entry)):
        _add_pickup(unit, target.id, entry)
    slot_rules.extend_to_vehicle(unit, target.id, entry.booked_for)
    Visit.forget_undo(unit.conn, target.id)
    audit.record(unit, entry.actor, "visit.joined", f"visit:{target.id}", pickup=entry.pickup_id)
    _changed(unit, entry.lane, target.id, queries.pickup_ids(unit.conn, target.id))
    return Entered(target.id, target.kind, None, merged, target.queue_no)


def _bring_back(unit: Unit, entry: Entry, ended: CurrentVisit) -> bool:
    """Let an ended visit wait again; False when its codes came in another vehicle since."""
    visit = queries.visit_of(unit.conn, ended.id, entry.actor.office_id)
    if visit is None or queue_order.bring_back(unit, entry.actor, visit, None) is not None:
        return False
    audit.record(unit, entry.actor, "visit.returned", f"visit:{visit.id}", reason="")
    _changed(unit, entry.lane, visit.id, queries.pickup_ids(unit.conn, visit.id))
    return True


def _open(unit: Unit, entry: Entry) -> Entered:
    """Open a visit with the next queue number of the service day."""
    visit = _new_visit(unit, entry)
    _add_pickup(unit, visit.id, entry)
    subject = f"visit:{visit.id}"
    audit.record(unit, entry.actor, "visit.opened", subject, queue_no=visit.queue_no, pickup=entry.pickup_id)
    if visit.priority:
        passed = queue_order.without_priority(unit, visit)
        queue_order.log(unit, entry.actor, visit, "priority", visit.priority, passed)
    _changed(unit, entry.lane, visit.id, (entry.pickup_id,))
    return Entered(visit.id, visit.kind, visit)


def _new_visit(unit: Unit, entry: Entry) -> VisitRow:
    lane, vehicle = entry.lane, entry.vehicle
    kind = vehicle.kind or ("motorcycle" if lane.kind == "motorcycle" else "car")
    day = clock.local(unit.at, lane.timezone).date()
    values: dict[str, Any] = {
        "office_id": lane.office_id,
        "lane_id": lane.id,
        "day": day,
        "queue_no": next_number(unit, lane.office_id, day, prefix_of(lane.options, kind, vehicle.priority)),
        "kind": kind,
        "state": states.WAITING,
        "opened_at": unit.at,
        "since": unit.at,
        "plate": vehicle.plate,
        "look": vehicle.look,
        "priority": vehicle.priority,
        "booked_for": entry.booked_for,
        "site": lane.site,
    }
    visit_id = _OPEN.returned(unit.conn, **values)
    return VisitRow(id=visit_id, lane_number=lane.number, options=lane.options, timezone=lane.timezone, **values)


def _add_pickup(unit: Unit, visit_id: int, entry: Entry) -> None:
    added = {"visit_id": visit_id, "pickup_id": entry.pickup_id, "found_by": entry.found_by}
    _JOIN.run(unit.conn, **added, is_open=True, added_at=unit.at)


def _way(visit_id: int, entry: Entry) -> dict[str, Any]:
    """The pickup in this visit, and how it was found, as parameters of an update."""
    return {"v": visit_id, "p": entry.pickup_id, "way": entry.found_by}


def _changed(unit: Unit, lane: ScanLane, visit_id: int, pickup_ids: tuple[int, ...]) -> None:
    Office.raise_revision(unit.conn, lane.office_id)
    unit.emit(VisitChanged(lane.office_id, visit_id, pickup_ids))


_SEND = Write(update(Visit).where(Visit.id == bindparam("v")).values(lane_id=bindparam("lane")))
_OPEN = Write(insert(Visit).returning(Visit.id))
_JOIN = Write(insert(VisitPickup))
_QUEUE_NO = ColumnSelect(select(Visit.queue_no).where(Visit.id == bindparam("v")))
_OPEN_PICKUPS = ColumnSelect(
    select(VisitPickup.pickup_id).where(VisitPickup.visit_id == bindparam("v"), VisitPickup.is_open).limit(1)
)
_PICKUP = update(VisitPickup).where(VisitPickup.visit_id == bindparam("v"), VisitPickup.pickup_id == bindparam("p"))
_CLOSE_PICKUP = Write(_PICKUP.values(is_open=False))
_JOIN_AGAIN = Write(_PICKUP.values(is_open=True, out_at=None, found_by=bindparam("way")))
_FOUND_BY = Write(_PICKUP.values(found_by=bindparam("way")))
_NEXT_NUMBER = Write(
    upsert(
        QueueCounter,
        ["office_id", "day", "prefix"],
        {"last": QueueCounter.last + 1},
        returning=QueueCounter.last,
    )
)
