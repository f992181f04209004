"""A scan: one transaction from the text that a reader sent to one verdict that is stored for ever.

The scan id is looked up before any rule (the same id gives the same answer). Refused scans are stored too.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.options.defaults import option
from ampera.offices.refusals import OfficeRefusal
from ampera.pickups.codes import is_mistyped, recognise
from ampera.visits import queries, slot_rules, states
from ampera.visits.cards import ScanAnswer, VisitCard
from ampera.visits.events import Scanned
from ampera.visits.models import Scan
from ampera.visits.scan import check_in, lookup_queries, verdicts
from ampera.visits.scan.decision import Decision, decide
from ampera.visits.scan.lookup_queries import ScanContext, ScanFinding
from ampera.visits.scan.queries import LANE_AND_STORED, OPEN_LANES, FoundCode, ScanLane
from ampera.visits.scan.request import ScanRequest


@dataclass(frozen=True)
class ScanOutcome:
    """What the answer states: the verdict with its facts, the code, and the visit with its card if it is shown."""

    verdict: str
    facts: dict[str, Any]
    code: FoundCode | None = None
    visit_id: int | None = None
    card: VisitCard | None = None


@transaction
def scan(unit: Unit, actor: Actor, request: ScanRequest) -> ScanAnswer | Refused:
    """Judge what was scanned and open, join or find the visit.

    Returns the stored answer `{scan_id, verdict, tone, next, facts, pickup_id, visit}`, which is the contract: the same
    request gives the same answer for ever. Refused: `unknown_lane`, `key_reused` (same id, other body), `bad_plate`.
    """
    body_hash = request.body_hash(actor.office_id)
    lane = LANE_AND_STORED.first(unit.conn, scan_id=request.scan_id, office_id=actor.office_id, number=request.lane)
    if lane is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 422, {"lane": OfficeRefusal.UNKNOWN_LANE})
    if lane.answer is not None:
        is_same = lane.body_hash == body_hash
        return lane.answer if is_same else Refused(Refusal.KEY_REUSED, 422, {"scan_id": Refusal.KEY_REUSED})
    vehicle = request.vehicle.normalised()
    if isinstance(vehicle, Refused):
        return vehicle
    today = clock.local(unit.at, lane.timezone).date()
    context = ScanContext(actor, lane, unit.at, today, request.visit_id, vehicle)
    return _store(unit, context, request.scan_id, body_hash, _outcome(unit, context, request))


def _outcome(unit: Unit, context: ScanContext, request: ScanRequest) -> ScanOutcome:
    code = recognise(request.input)
    if code is None:
        return ScanOutcome("malformed", {"mistyped": True} if is_mistyped(request.input) else {})
    finding = lookup_queries.find(unit, context, code)
    if finding is None:
        return ScanOutcome("unknown", {})
    decision = decide(unit, context, finding)
    if decision.lets_in or (request.for_supervisor and decision.waits_for_supervisor):
        return _let_in(unit, context, finding, decision)
    visit = finding.visit
    if decision.verdict != "open_elsewhere" or visit is None:
        return ScanOutcome(decision.verdict, decision.facts, finding.code)
    card = queries.visit_card(unit.conn, visit.id, context.actor.staff_id)
    return ScanOutcome(decision.verdict, decision.facts, finding.code, visit.id, card)


def _let_in(unit: Unit, context: ScanContext, finding: ScanFinding, decision: Decision) -> ScanOutcome:
    """Put the pickup into its visit, use up or free its slot, and name the lanes that a separate gate sends it to."""
    lane = context.lane
    booked_for = slot_rules.current_slot(finding.booking, lane.options, unit.at)
    entered = check_in.let_in(
        unit,
        check_in.Entry(
            context.actor, lane, finding.code.pickup_id, finding.visit, finding.target, context.vehicle, booked_for
        ),
    )
    slot_rules.settle(unit, context.actor, finding.booking, lane)
    facts = decision.facts
    if entered.merged:
        facts = {**facts, "merged": entered.merged, "queue_no": entered.queue_no}
    if option(lane.options, "separate_gate"):
        facts = {**facts, "lanes": _open_lanes(unit, context, context.vehicle.kind or entered.kind)}
    return ScanOutcome(decision.verdict, facts, finding.code, entered.visit_id, _card(unit, context, finding, entered))


def _card(unit: Unit, context: ScanContext, finding: ScanFinding, entered: check_in.Entered) -> VisitCard:
    """A visit that was opened by this scan is not read again: its row and its books are known."""
    viewer = context.actor.staff_id
    if entered.opened is not None:
        return queries.card_of(entered.opened, finding.books, viewer)
    return queries.visit_card(unit.conn, entered.visit_id, viewer)


def _open_lanes(unit: Unit, context: ScanContext, kind: str) -> list[int]:
    """The open lanes of the site that take this kind of vehicle."""
    lanes = OPEN_LANES.all(unit.conn, office_id=context.lane.office_id, site=context.lane.site)
    return [lane.number for lane in lanes if kind in states.kinds_at(lane.kind)]


def _store(unit: Unit, context: ScanContext, scan_id: str, body_hash: str, outcome: ScanOutcome) -> ScanAnswer:
    """Store the answer with its scan, audit it, and return it."""
    actor, lane, code = context.actor, context.lane, outcome.code
    answer = _answer(scan_id, lane, outcome)
    row = {
        "scan_id": scan_id,
        "office_id": lane.office_id,
        "lane_id": lane.id,
        "staff_id": actor.staff_id,
        "body_hash": body_hash,
        "verdict": outcome.verdict,
        "pickup_id": code and code.pickup_id,
        "visit_id": outcome.visit_id,
        "answer": answer,
        "at": unit.at,
    }
    unit.conn.execute(_STORE, row)
    subject = f"pickup:{code.pickup_id}" if code else f"lane:{lane.id}"
    audit.record(unit, actor, "scan." + outcome.verdict, subject, lane=lane.number)
    unit.emit(Scanned(lane.office_id, outcome.verdict))
    return answer


def _answer(scan_id: str, lane: ScanLane, outcome: ScanOutcome) -> ScanAnswer:
    """The contract. Its keys and their order are stored for ever; a pickup of another office stays unnamed."""
    tone, act = verdicts.VERDICTS[outcome.verdict]
    own = outcome.code if outcome.code and outcome.code.office_id == lane.office_id else None
    return {
        "scan_id": scan_id,
        "verdict": outcome.verdict,
        "tone": tone,
        "next": verdicts.next_act(act, outcome.facts),
        "facts": outcome.facts,
        "pickup_id": own and own.pickup_id,
        "visit": outcome.card,
    }


_STORE = insert(Scan)
