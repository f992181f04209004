"""What is known when a code is judged: its pickup, the books, the visit that holds it, and the slot it has booked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from ampera import audit
from ampera.audit import Actor
from ampera.bookings.queries import BookingRow
from ampera.db import Unit
from ampera.pickups.codes import Code, ShortCode, fingerprint
from ampera.visits import queries, slot_rules, states
from ampera.visits.models import Visit
from ampera.visits.rows import BookRow, VisitRow
from ampera.visits.scan.queries import BY_CODE, BY_PICKUP, BY_SHORT_CODE, LAST_VISIT, FoundCode, ScanLane
from ampera.visits.scan.request import Vehicle


@dataclass(frozen=True)
class ScanContext:
    """Who scans, where and when. `today` is the day at the lane; `visit_id` names a vehicle to add the code to.

    `found_by` is the way of this scan (`ways.py`); None when its text is no code. `for_supervisor` lets a vehicle in
    that needs a supervisor first.
    """

    actor: Actor
    lane: ScanLane
    at: datetime
    today: date
    visit_id: int | None
    vehicle: Vehicle
    found_by: str | None
    for_supervisor: bool


class CurrentVisit(NamedTuple):
    """The visit that a pickup is in, or comes back to, and how it was found. Only an open visit has a claim here."""

    id: int
    state: str
    kind: str
    found_by: str | None
    claim_staff_id: int | None = None
    claim_lane_id: int | None = None
    claim_since: datetime | None = None
    claim_until: datetime | None = None
    parked_at: datetime | None = None


@dataclass(frozen=True)
class ScanFinding:
    """Everything that a decision rests on. `target` is the vehicle that the request names, if it is of this office."""

    code: FoundCode
    books: list[BookRow]
    visit: CurrentVisit | None
    target: VisitRow | None
    booking: BookingRow | None


def of_code(unit: Unit, context: ScanContext, code: Code | ShortCode) -> ScanFinding | None:
    """What is known about a code. None when nobody has it."""
    here = context.lane.office_id
    if isinstance(code, Code):
        found = BY_CODE.first(unit.conn, code_hash=fingerprint(code.text), here=here)
    else:
        found = BY_SHORT_CODE.first(unit.conn, short_code=code.text, here=here)
    return found and _finding(unit, context, found)


def of_pickup(unit: Unit, context: ScanContext, pickup_id: int) -> ScanFinding | None:
    """What is known about a pickup that was found without its code. None when it never had one."""
    found = BY_PICKUP.first(unit.conn, pickup=pickup_id, here=context.lane.office_id)
    return found and _finding(unit, context, found)


def _finding(unit: Unit, context: ScanContext, found: FoundCode) -> ScanFinding:
    """Read what belongs to the code. A visit that an earlier day left open is ended on the way."""
    books = queries.books_of_pickup(unit.conn, found.pickup_id)
    visit = _current_visit(unit, context, found)
    target = context.visit_id and queries.visit_of(unit.conn, context.visit_id, context.actor.office_id)
    booking = None if visit else slot_rules.booking_of(unit, context.lane.options, found.pickup_id)
    return ScanFinding(found, books, visit, target or None, booking)


def _current_visit(unit: Unit, context: ScanContext, found: FoundCode) -> CurrentVisit | None:
    """The open visit of today that holds the pickup, or a visit of today that the vehicle may come back to.

    Only visits of this office are seen: another office has another day, and its visitors are not shown here.
    """
    if found.visit_id is None:
        return _visit_to_come_back_to(unit, context, found)
    if found.visit_day == context.today and found.visit_state and found.visit_kind:
        claim = found.claim_staff_id, found.claim_lane_id, found.claim_since, found.claim_until, found.parked_at
        return CurrentVisit(found.visit_id, found.visit_state, found.visit_kind, found.found_by, *claim)
    Visit.close(unit.conn, found.visit_id, states.LEFT, unit.at)
    audit.record(unit, context.actor, "visit.left", f"visit:{found.visit_id}", reason="day_over")
    return None


def _visit_to_come_back_to(unit: Unit, context: ScanContext, found: FoundCode) -> CurrentVisit | None:
    """The last visit of today, when the vehicle did not come to its call or was sent inside."""
    last = LAST_VISIT.first(unit.conn, pickup_id=found.pickup_id, office_id=context.lane.office_id, day=context.today)
    return CurrentVisit(*last) if last and last.state in states.COMES_BACK else None
