"""Reads the validity of an earlier scan: what its lane must show now. Nothing is written and no visit is opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.audit import Actor
from ampera.offices.models import Lane, Office
from ampera.pickups.models import Pickup, PickupCode
from ampera.visits import admission_queries, queries, states
from ampera.visits.cards import ScanAnswer, stored
from ampera.visits.models import Scan, VisitPickup
from ampera.visits.queue import places
from ampera.visits.queue.queries import turn_facts
from ampera.visits.rows import BookRow, VisitRow
from ampera.visits.scan import verdicts
from ampera.visits.scan.claims import CLAIM_FACTS, Claim, claim_facts, is_served_elsewhere
from ampera.visits.scan.facts import collected_facts
from ampera.visits.scan.validity import OUTCOMES, ScannedVisit, present_verdict

TURN = ("ahead", "ahead_nos")  # of the moment of the scan; they are counted again


class ScanRow(NamedTuple):
    """A stored scan with its lane and the pickup that it found."""

    verdict: str
    answer: ScanAnswer
    at: datetime
    pickup_id: int
    visit_id: int | None
    lane_id: int
    lane: int
    kind: str
    is_open: bool
    office_id: int


@dataclass(frozen=True)
class Present:
    """What is true at the moment of the question. `visit` is the one of the scan."""

    actor: Actor
    at: datetime
    office: Office
    scan: ScanRow
    books: list[BookRow]
    visit: VisitRow | None


def validity(session: Session, actor: Actor, scan_id: str) -> ScanAnswer | None:
    """The answer of this scan as it is true now; None when this office has no such scan.

    A scan that found no pickup of this office keeps its answer.
    """
    found = session.execute(_SCAN.where(Scan.scan_id == scan_id, Scan.office_id == actor.office_id)).first()
    if found is None:
        kept = select(Scan.answer).where(Scan.scan_id == scan_id, Scan.office_id == actor.office_id)
        return session.scalars(kept).first()
    scan = ScanRow(*found)
    conn = session.connection()
    visit = queries.visit_of(conn, scan.visit_id, actor.office_id) if scan.visit_id else None
    office = session.get_one(Office, actor.office_id)
    present = Present(actor, clock.now(), office, scan, queries.books_of_pickup(conn, scan.pickup_id), visit)
    return _answer(session, present)


def _answer(session: Session, now: Present) -> ScanAnswer:
    statuses = _statuses(now)
    judged = verdicts.judge(_known(session, now, statuses))
    verdict = present_verdict(now.scan.verdict, judged, now.scan.lane, _scanned_visit(session, now))
    facts = _facts(now, verdict, statuses) | _turn(session, now, verdict)
    tone, act = OUTCOMES[verdict]
    card = stored(queries.visit_card(session, now.visit.id, now.actor.staff_id)) if now.visit else None
    changes: Any = {
        "verdict": verdict,
        "tone": tone,
        "next": verdicts.next_act(act, facts),
        "facts": facts,
        "visit": card,
    }
    return {**now.scan.answer, **changes}


def _statuses(now: Present) -> list[str]:
    today = clock.today(now.office.timezone)
    return [queries.status_of(book, now.office.options, today) for book in now.books]


def _known(session: Session, now: Present, statuses: list[str]) -> verdicts.Known:
    return verdicts.Known(
        code_state=_code_state(session, now),
        book_statuses=statuses,
        is_locked="ok" in statuses and "ok" not in queries.unlocked(statuses, now.books),
        is_own_office=now.scan.office_id == now.actor.office_id,
        is_open_now=now.scan.verdict != "closed" or _takes_vehicles(session, now),
        is_serving_elsewhere=_is_elsewhere(now),
        has_visit=now.visit is not None,
    )


def _code_state(session: Session, now: Present) -> str:
    """The state of the code that was scanned: its text is not stored, but a code is never valid again once replaced."""
    if now.scan.verdict == "revoked":
        return "revoked"
    newest_then = (
        select(PickupCode.state)
        .where(PickupCode.pickup_id == now.scan.pickup_id, PickupCode.created_at <= now.scan.at)
        .order_by(PickupCode.generation.desc())
    )
    return session.scalars(newest_then).first() or "revoked"


def _takes_vehicles(session: Session, now: Present) -> bool:
    """Whether a vehicle that was turned away may enter now. One that needs a slot must book it first."""
    if now.scan.answer["facts"].get("reason") == "slot" or not now.scan.is_open:
        return False
    admission = admission_queries.admission_state(admission_queries.admission_of(session, now.office, now.at))
    return bool(admission["open"])


def _scanned_visit(session: Session, now: Present) -> ScannedVisit | None:
    if now.visit is None:
        return None
    card = now.scan.answer["visit"]
    was_at = (card["state"], card["lane"]) if card else (states.WAITING, None)
    holds = select(VisitPickup.is_open).where(
        VisitPickup.visit_id == now.visit.id, VisitPickup.pickup_id == now.scan.pickup_id
    )
    return ScannedVisit(
        now.visit.state,
        now.visit.lane_number,
        was_at,
        bool(session.scalar(holds)),
        now.visit.day == clock.today(now.office.timezone),
    )


def _turn(session: Session, now: Present, verdict: str) -> dict[str, Any]:
    """What waits before the vehicle now."""
    if now.visit is None or verdict != now.scan.verdict:
        return {}
    own_lane = places.own_lane(now.scan.lane_id, now.visit.options)
    return turn_facts(session, now.visit, now.scan.kind, own_lane)


def _facts(now: Present, verdict: str, statuses: list[str]) -> dict[str, Any]:
    """The values in the sentence. None is personal; a stored verdict that is still true keeps its own beside them."""
    visit, kept = now.visit, {}
    if verdict == now.scan.verdict:
        kept = {name: value for name, value in now.scan.answer["facts"].items() if name not in TURN}
    if verdict == "open_elsewhere" and visit:
        lasting = {name: value for name, value in kept.items() if name not in CLAIM_FACTS}
        return lasting | claim_facts(_claim(visit), now.at, visit.options)
    if verdict == "collected":
        return kept | collected_facts(now.books, now.at)
    if verdict in verdicts.LETS_IN:
        return kept | {"books": queries.unlocked(statuses, now.books).count("ok")}
    if visit is None:
        return kept
    ended = {"at": clock.iso(visit.ended_at), "timezone": visit.timezone} if visit.ended_at else {}
    return kept | {"queue_no": visit.queue_no, "state": visit.state, "lane": visit.lane_number, **ended}


def _is_elsewhere(now: Present) -> bool:
    return now.visit is not None and is_served_elsewhere(_claim(now.visit), now.actor.staff_id, now.scan.lane_id)


def _claim(visit: VisitRow) -> Claim:
    return Claim(
        visit.state,
        visit.claim_staff_id,
        visit.claim_lane_id,
        visit.claim_lane_number,
        visit.claim_since,
        visit.claim_until,
        visit.parked_at,
    )


_SCAN = (
    select(
        Scan.verdict,
        Scan.answer,
        Scan.at,
        Scan.pickup_id,
        Scan.visit_id,
        Scan.lane_id,
        Lane.number,
        Lane.kind,
        Lane.is_open,
        Pickup.office_id,
    )
    .join(Lane, Lane.id == Scan.lane_id)
    .join(Pickup, Pickup.id == Scan.pickup_id)
)
