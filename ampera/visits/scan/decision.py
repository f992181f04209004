"""The verdict on a code that was found, and the facts that its sentence of advice names. Only reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from ampera.db import Unit
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.offices.queries import takes_vehicles
from ampera.visits import admission_queries, queries, slot_rules, states
from ampera.visits.scan import verdicts
from ampera.visits.scan.claims import Claim, claim_facts, is_served_elsewhere
from ampera.visits.scan.facts import collected_facts
from ampera.visits.scan.finding_queries import CurrentVisit, ScanContext, ScanFinding
from ampera.visits.scan.queries import SCANNED_HERE


@dataclass(frozen=True)
class Decision:
    """A verdict of `verdicts.VERDICTS`; nothing in `facts` is personal, because they are stored for ever."""

    verdict: str
    facts: dict[str, Any] = field(default_factory=dict)
    may_wait: bool = False

    @property
    def lets_in(self) -> bool:
        """Whether the vehicle enters a visit, or continues the visit it is in."""
        return self.verdict in verdicts.LETS_IN

    @property
    def waits_for_supervisor(self) -> bool:
        """Whether the vehicle may be let in to wait until a supervisor decides about its books."""
        return self.may_wait and verdicts.next_act(verdicts.VERDICTS[self.verdict][1], self.facts) == "supervisor"


@dataclass(frozen=True)
class EntryCheck:
    """Whether one more vehicle may enter; `facts` say why not, and when vehicles are admitted again."""

    is_open: bool
    facts: dict[str, Any] = field(default_factory=dict)


def decide(unit: Unit, context: ScanContext, finding: ScanFinding) -> Decision:
    """The verdict on this finding. A vehicle that has a visit already needs no admission."""
    code, visit = finding.code, finding.visit
    statuses = [queries.status_of(book, code.options, context.today) for book in finding.books]
    unlocked = queries.unlocked(statuses, finding.books)
    admission = EntryCheck(True) if visit else _admission(unit, context, finding)
    is_locked = "ok" in statuses and "ok" not in unlocked
    verdict = verdicts.judge(
        verdicts.Known(
            code_state=code.state,
            book_statuses=statuses,
            is_locked=is_locked,
            is_own_office=code.office_id == context.lane.office_id,
            is_open_now=admission.is_open,
            is_serving_elsewhere=visit is not None
            and is_served_elsewhere(_claim(visit), context.actor.staff_id, context.lane.id),
            has_visit=visit is not None,
            is_repeat=visit is not None and _was_just_scanned(unit, context, finding),
        )
    )
    may_wait = code.office_id == context.lane.office_id and admission.is_open
    facts = admission.facts | _facts(unit, context, finding, verdict, unlocked)
    if verdict == "held" and is_locked:
        facts["locked"] = True
    return Decision(verdict, facts, may_wait)


def _admission(unit: Unit, context: ScanContext, finding: ScanFinding) -> EntryCheck:
    lane, booking = context.lane, finding.booking
    if finding.target is not None and finding.target.state in states.OPEN:
        return EntryCheck(True)  # one more code for a vehicle that has entered already
    facts: dict[str, Any] = {} if lane.is_open else {"lane_closed": True}
    if not takes_vehicles(unit.conn, lane, context.at, lambda: _places_taken(unit, context, finding)):
        office = unit.session.get_one(Office, lane.office_id)
        return EntryCheck(False, facts | admission_queries.refusal_facts(unit.session, office, context.at))
    if not lane.is_open:
        return EntryCheck(False, facts)
    if needs := slot_rules.missing(booking, lane.options, context.at, context.vehicle.priority):
        return EntryCheck(False, {**needs, "timezone": lane.timezone})
    return EntryCheck(True)


def _places_taken(unit: Unit, context: ScanContext, finding: ScanFinding) -> int:
    """What counts against the quota of the day. A vehicle in its booked slot takes the place that was kept for it."""
    lane = context.lane
    if slot_rules.current_slot(finding.booking, lane.options, context.at):
        return 0
    own = finding.booking.pickup_id if finding.booking else None
    return admission_queries.places_taken(unit.conn, lane.office_id, lane.options, context.today, context.at, own)


def _was_just_scanned(unit: Unit, context: ScanContext, finding: ScanFinding) -> bool:
    since = context.at - timedelta(seconds=option(context.lane.options, "repeat_seconds"))
    seen = SCANNED_HERE.first(unit.conn, pickup_id=finding.code.pickup_id, lane_id=context.lane.id, since=since)
    return seen is not None


def _facts(
    unit: Unit, context: ScanContext, finding: ScanFinding, verdict: str, statuses: Sequence[str]
) -> dict[str, Any]:
    visit = finding.visit
    if verdict == "open_elsewhere" and visit and visit.claim_since:
        number = unit.conn.execute(select(Lane.number).where(Lane.id == visit.claim_lane_id)).scalar_one()
        return claim_facts(_claim(visit)._replace(lane=number), context.at, context.lane.options)
    if verdict == "collected":
        return collected_facts(finding.books, context.at)
    if verdict == "wrong_office":
        return {"office": finding.code.office_name}
    if verdict in verdicts.LETS_IN:
        return {"books": statuses.count("ok")}
    return {}


def _claim(visit: CurrentVisit) -> Claim:
    claim = visit.claim_staff_id, visit.claim_lane_id, None, visit.claim_since, visit.claim_until
    return Claim(visit.state, *claim, visit.parked_at)
