"""A scan or a lookup: one transaction from what a tablet sent to one verdict that is stored for ever.

The id is looked up before any rule (the same id gives the same answer). Refused ones are stored too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.options.defaults import option
from ampera.offices.refusals import OfficeRefusal
from ampera.passports.models import Passport
from ampera.pickups.codes import Code, ShortCode, is_mistyped, recognise
from ampera.sql.statements import Write
from ampera.visits import queries, slot_rules
from ampera.visits.cards import ScanAnswer, VisitCard, stored
from ampera.visits.events import Scanned
from ampera.visits.models import Scan
from ampera.visits.queue import places
from ampera.visits.queue.queries import turn_facts
from ampera.visits.refusals import VisitRefusal
from ampera.visits.scan import application_queries, check_in, finding_queries, verdicts
from ampera.visits.scan.application_queries import NumberedBook
from ampera.visits.scan.decision import Decision, decide
from ampera.visits.scan.finding_queries import ScanContext, ScanFinding
from ampera.visits.scan.queries import LANE_AND_STORED, FoundCode, ScanLane
from ampera.visits.scan.request import LookupRequest, ScanRequest
from ampera.visits.scan.ways import BOOKING_CODE, CODE, LOOKUP


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
    if lane is None or lane.answer is not None:
        return _without_judging(lane, body_hash, "scan_id")
    code = recognise(request.input)
    context = _context(unit, actor, lane, request, _WAYS[type(code)])
    if isinstance(context, Refused):
        return context
    return _store(unit, context, request.scan_id, body_hash, _outcome(unit, context, code, request.input))


@transaction
def look_up(unit: Unit, actor: Actor, request: LookupRequest) -> ScanAnswer | Refused:
    """Find a pickup without its code, by application number and birth date; then all is as after a scan.

    Returns the stored answer of a scan: a wrong guess is `unknown`. Neither number nor date is stored. Refused: as in
    `scan`, `birth_date_ahead`, and `too_many_lookups` after too many wrong guesses.
    """
    mark = audit.mark(unit, "lookup", request.content(actor.office_id))
    lane = LANE_AND_STORED.first(unit.conn, scan_id=request.lookup_id, office_id=actor.office_id, number=request.lane)
    if lane is None or lane.answer is not None:
        return _without_judging(lane, mark, "lookup_id")
    context = _context(unit, actor, lane, request, LOOKUP)
    if isinstance(context, Refused):
        return context
    if request.birth_date > context.today:
        return Refused(VisitRefusal.BIRTH_DATE_AHEAD, 422, {"birth_date": VisitRefusal.BIRTH_DATE_AHEAD})
    if application_queries.is_exhausted(unit, actor.staff_id):
        audit.record(unit, actor, "lookup.refused", f"lane:{lane.id}", why=VisitRefusal.TOO_MANY_LOOKUPS)
        return Refused(VisitRefusal.TOO_MANY_LOOKUPS, 429)
    return _store(unit, context, request.lookup_id, mark, _outcome_of_lookup(unit, context, request, mark))


def _without_judging(lane: ScanLane | None, body_hash: str, key: str) -> ScanAnswer | Refused:
    """The stored answer of the same request. An unknown lane, and another body under this key, are refused."""
    if lane is None or lane.answer is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 422, {"lane": OfficeRefusal.UNKNOWN_LANE})
    is_same = lane.body_hash in (body_hash, body_hash[: audit.FORMER_MARK])  # earlier marks were shorter
    return lane.answer if is_same else Refused(Refusal.KEY_REUSED, 422, {key: Refusal.KEY_REUSED})


def _context(
    unit: Unit, actor: Actor, lane: ScanLane, request: ScanRequest | LookupRequest, found_by: str | None
) -> ScanContext | Refused:
    vehicle = request.vehicle.normalised()
    if isinstance(vehicle, Refused):
        return vehicle
    today = clock.local(unit.at, lane.timezone).date()
    return ScanContext(actor, lane, unit.at, today, request.visit_id, vehicle, found_by, request.for_supervisor)


def _outcome(unit: Unit, context: ScanContext, code: Code | ShortCode | None, text: str) -> ScanOutcome:
    if code is None:
        return ScanOutcome("malformed", {"mistyped": True} if is_mistyped(text) else {})
    finding = finding_queries.of_code(unit, context, code)
    return _judged(unit, context, finding) if finding else ScanOutcome("unknown", {})


def _outcome_of_lookup(unit: Unit, context: ScanContext, request: LookupRequest, mark: str) -> ScanOutcome:
    """As for a scan. The facts say that it was a lookup, because some advice would be about a code."""
    named = _pickups_named(unit, context, request, mark)
    finding = finding_queries.of_pickup(unit, context, named[0]) if len(named) == 1 else None
    if finding is None:
        return ScanOutcome("unknown", {"lookup": "several" if len(named) > 1 else "no_match"})
    outcome = _judged(unit, context, finding)
    return replace(outcome, facts={**outcome.facts, "lookup": "found"})


def _pickups_named(unit: Unit, context: ScanContext, request: LookupRequest, mark: str) -> list[int]:
    """The pickups of the books with this number and birth date.

    Nobody learns a birth date, or which numbers exist, by trying: an unknown number, a wrong date and a locked book
    have one answer, none. A wrong date is a miss of each book with the number; the same guess again is no further one.
    """
    books = application_queries.books_numbered(unit, context.lane.office_id, request.application_no)
    unlocked = [book for book in books if not book.locked_at]
    fitting = {book.pickup_id for book in unlocked if book.birth_date == request.birth_date}
    if not fitting and not application_queries.was_asked(unit, context.actor.staff_id, mark):
        _count_misses(unit, context, unlocked)
    return sorted(fitting)


def _count_misses(unit: Unit, context: ScanContext, books: Sequence[NumberedBook]) -> None:
    actor, lane = context.actor, context.lane
    tries = option(lane.options, "identity_tries")
    for book in books:
        audit.record(unit, actor, "passport.lookup_mismatch", f"passport:{book.id}", lane=lane.number)
        Passport.count_miss(unit, actor, lane.office_id, book.id, max(0, tries - book.misses))


def _judged(unit: Unit, context: ScanContext, finding: ScanFinding) -> ScanOutcome:
    decision = decide(unit, context, finding)
    if decision.lets_in or (context.for_supervisor and decision.waits_for_supervisor):
        return _let_in(unit, context, finding, decision)
    visit = finding.visit
    if decision.verdict != "open_elsewhere" or visit is None:
        return ScanOutcome(decision.verdict, decision.facts, finding.code)
    card = queries.visit_card(unit.conn, visit.id, context.actor.staff_id)
    return ScanOutcome(decision.verdict, decision.facts, finding.code, visit.id, card)


def _let_in(unit: Unit, context: ScanContext, finding: ScanFinding, decision: Decision) -> ScanOutcome:
    """Put the pickup into its visit, use up or free its slot, and name what waits before it and the lanes of a gate."""
    lane = context.lane
    booked_for = slot_rules.current_slot(finding.booking, lane.options, unit.at)
    entered = check_in.let_in(
        unit,
        check_in.Entry(
            context.actor,
            lane,
            finding.code.pickup_id,
            finding.visit,
            finding.target,
            context.vehicle,
            booked_for,
            context.found_by,
        ),
    )
    slot_rules.settle(unit, context.actor, finding.booking, lane)
    facts = decision.facts
    if entered.merged:
        facts = {**facts, "merged": entered.merged, "queue_no": entered.queue_no}
    visit = entered.opened or queries.visit_of(unit.conn, entered.visit_id, lane.office_id)
    if visit is not None and option(lane.options, "separate_gate"):
        visit, directions = check_in.direct(unit, visit, is_new=entered.opened is not None)
        entered = replace(entered, opened=entered.opened and visit)
        facts = {**facts, **directions}
    if visit is not None:
        facts = {**facts, **turn_facts(unit.conn, visit, lane.kind, places.own_lane(lane.id, lane.options))}
    return ScanOutcome(decision.verdict, facts, finding.code, entered.visit_id, _card(unit, context, finding, entered))


def _card(unit: Unit, context: ScanContext, finding: ScanFinding, entered: check_in.Entered) -> VisitCard:
    """A visit that was opened by this scan is not read again: its row and its books are known."""
    viewer = context.actor.staff_id
    if entered.opened is not None:
        books = [book._replace(found_by=context.found_by) for book in finding.books]
        return queries.card_of(entered.opened, books, viewer)
    return queries.visit_card(unit.conn, entered.visit_id, viewer)


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
        "found_by": context.found_by,
        "verdict": outcome.verdict,
        "pickup_id": code and code.pickup_id,
        "visit_id": outcome.visit_id,
        "answer": answer,
        "at": unit.at,
    }
    _STORE.run(unit.conn, **row)
    subject = f"pickup:{code.pickup_id}" if code else f"lane:{lane.id}"
    act = "lookup" if context.found_by == LOOKUP else "scan"
    audit.record(unit, actor, f"{act}.{outcome.verdict}", subject, lane=lane.number)
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
        "visit": outcome.card and stored(outcome.card),
    }


_STORE = Write(insert(Scan))
_WAYS = {Code: CODE, ShortCode: BOOKING_CODE, type(None): None}
