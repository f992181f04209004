"""A scan: one transaction from the text a reader gave to one verdict that is stored for ever.

The scan's id is looked up before any rule (the same id gives the same answer); refused scans are stored too.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.offices.queries import takes_vehicles
from ampera.offices.refusals import OfficeRefusal
from ampera.pickups.codes import Code, ShortCode, fingerprint, recognise
from ampera.visits import admission_queries, plates, queries, slot_rules, states
from ampera.visits.events import Scanned
from ampera.visits.models import Scan, Visit
from ampera.visits.refusals import VisitRefusal
from ampera.visits.scan import check_in, statements, verdicts


@dataclass
class Judgement:
    """A scan while it is judged: by whom, where, what was found, and what the answer will say."""

    actor: Actor
    at: datetime
    lane: Any
    today: date
    into: int | None = None
    vehicle: check_in.Vehicle = check_in.AS_THE_LANE
    found: Any = None
    books: list[Any] = field(default_factory=list)
    visit: Any = None
    booking: Any = None
    verdict: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class OpenVisit(NamedTuple):
    """What judging needs of the visit that holds the pickup already."""

    id: int
    state: str
    claim_lane_id: int | None
    claim_since: datetime | None
    claim_until: datetime | None


@transaction
def scan(
    unit: Unit,
    actor: Actor,
    scan_id: str,
    lane: int,
    input: str,
    visit_id: int | None = None,
    kind: str | None = None,
    priority: str | None = None,
    plate: str | None = None,
) -> dict[str, Any] | Refused:
    """Judge what was scanned at lane number `lane` and open, join or find the visit. `visit_id` adds to that car.

    `kind`, `priority` and `plate` are of a new vehicle. Returns the stored answer `{scan_id, verdict, tone, next,
    facts, pickup_id, visit}`. Refused: `key_reused` (same id, other body), `unknown_lane`, `bad_plate`.
    """
    said = [str(one or "") for one in (kind, priority, plate)]
    body_hash = hashlib.sha256(
        "\0".join((str(actor.office_id), str(lane), str(visit_id or ""), *said, input)).encode("utf-8", "replace")
    ).hexdigest()
    place = {"scan_id": scan_id, "office_id": actor.office_id, "number": lane}
    where = unit.conn.execute(statements.LANE_AND_STORED, place).one_or_none()
    if where is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 422, {"lane": OfficeRefusal.UNKNOWN_LANE})
    if where.body_hash is not None:
        return (
            where.answer
            if where.body_hash == body_hash
            else Refused(Refusal.KEY_REUSED, 422, {"scan_id": Refusal.KEY_REUSED})
        )
    known_plate = plates.normal(plate) if plate else None
    if plate and known_plate is None:
        return Refused(VisitRefusal.BAD_PLATE, 422, {"plate": VisitRefusal.BAD_PLATE})
    vehicle = check_in.Vehicle(kind, priority, known_plate)
    one = Judgement(actor, unit.at, where, clock.local(unit.at, where.timezone).date(), visit_id, vehicle)
    _find(unit, one, recognise(input))
    if one.verdict in ("ok", "repeat"):
        booked_for = slot_rules.window_now(one.booking, where.options, unit.at)
        one.visit = check_in.let_in(
            unit, actor, one.lane, one.found.pickup_id, one.visit, visit_id, vehicle, booked_for
        )
        slot_rules.settle(unit, actor, one.booking, where)
        if option(where.options, "separate_gate"):
            one.facts["lanes"] = _lanes_for(unit, one)
    return _store(unit, actor, one, scan_id, body_hash)


def _find(unit: Unit, one: Judgement, code: Code | ShortCode | None) -> None:
    """Fill in what is known about the code and the verdict on it."""
    if code is None:
        one.verdict = "malformed"
        return
    here = {"here": one.lane.office_id}
    if isinstance(code, Code):
        one.found = unit.conn.execute(statements.BY_CODE, {"code_hash": fingerprint(code.text), **here}).one_or_none()
    else:
        one.found = unit.conn.execute(statements.BY_BOOKING, {"booking_code": code.text, **here}).one_or_none()
    if one.found is None:
        one.verdict = "unknown"
        return
    one.books = queries.books_of_pickup(unit.conn, one.found.pickup_id)
    one.visit = _open_visit(unit, one)
    one.verdict = _judge(unit, one)


def _judge(unit: Unit, one: Judgement) -> str:
    found, lane, visit = one.found, one.lane, one.visit
    statuses = [queries.status_of(book, found.options, one.today) for book in one.books]
    is_live = visit is not None and visit.state == states.SERVING and queries.is_claim_live(visit.claim_until, one.at)
    verdict = verdicts.judge(
        verdicts.Known(
            code_state=found.state,
            book_statuses=statuses,
            is_locked=found.locked_at is not None,
            is_own_office=found.office_id == lane.office_id,
            is_open_now=visit is not None or _is_open(unit, one),
            is_serving_elsewhere=is_live and visit.claim_lane_id != lane.id,
            has_visit=visit is not None,
            is_repeat=visit is not None and _was_just_scanned(unit, one),
        )
    )
    one.facts |= _facts(unit, one, verdict)
    return verdict


def _facts(unit: Unit, one: Judgement, verdict: str) -> dict[str, Any]:
    """What the sentence of advice names; nothing personal."""
    if verdict == "open_elsewhere":
        number = unit.conn.execute(select(Lane.number).where(Lane.id == one.visit.claim_lane_id)).scalar_one()
        return {"lane": number, "since_s": int((one.at - one.visit.claim_since).total_seconds())}
    if verdict == "collected":
        last = max(one.books, key=lambda book: book.collected_at or one.at)
        return {"at": clock.iso(last.collected_at), "lane": last.collected_lane, "collector_class": last.collected_by}
    if verdict == "wrong_office":
        return {"office": one.found.office_name}
    if verdict in ("ok", "repeat"):
        return {"books": sum(queries.status_of(b, one.found.options, one.today) == "ok" for b in one.books)}
    return {}


def _is_open(unit: Unit, one: Judgement) -> bool:
    """Whether the office and the lane take one more vehicle; else facts say why not, and when again."""
    lane = one.lane
    one.booking = slot_rules.booking_of(unit, lane.options, one.found.pickup_id)
    if one.into is not None and check_in.is_here(unit, one.actor, one.into):
        return True  # one more code for a vehicle that is in the line already
    if not lane.is_open:
        one.facts["lane_closed"] = True

    def count() -> int:
        if slot_rules.window_now(one.booking, lane.options, one.at):
            return 0  # its place was kept
        return admission_queries.spoken_for(unit.conn, lane.office_id, lane.options, one.today, one.at, one.booking)

    if not takes_vehicles(unit.conn, lane, one.at, count):
        one.facts |= admission_queries.facts(unit.session, unit.session.get_one(Office, lane.office_id), one.at)
        return False
    if lane.is_open and (needs := slot_rules.missing(one.booking, lane.options, one.at, one.vehicle.priority)):
        one.facts |= {**needs, "timezone": lane.timezone}
        return False
    return bool(lane.is_open)


def _lanes_for(unit: Unit, one: Judgement) -> list[int]:
    """Where the gate sends this vehicle: the open lanes of the site that take its kind."""
    rows = unit.conn.execute(statements.OPEN_LANES, {"office_id": one.lane.office_id, "site": one.lane.site})
    kind = one.vehicle.kind or getattr(one.visit, "kind", None) or "car"
    return [row.number for row in rows if kind in states.kinds_at(row.kind)]


def _was_just_scanned(unit: Unit, one: Judgement) -> bool:
    since = one.at - timedelta(seconds=option(one.lane.options, "repeat_seconds"))
    seen = unit.conn.execute(
        statements.SCANNED_HERE, {"pickup_id": one.found.pickup_id, "lane_id": one.lane.id, "since": since}
    ).first()
    return seen is not None


def _open_visit(unit: Unit, one: Judgement) -> Any:
    """The open visit here that holds this pickup, or one of today that comes back with it.

    One of an earlier day has ended without anybody saying so.

    A visit in another office stays out of sight: its day may be another one, and its people are none of our business.
    """
    found = one.found
    if found.visit_id is None:
        return _comes_back(unit, one)
    if found.visit_day == one.today:
        return OpenVisit(found.visit_id, found.visit_state, found.claim_lane_id, found.claim_since, found.claim_until)
    Visit.close(unit.conn, found.visit_id, states.LEFT, unit.at)
    audit.record(unit, one.actor, "visit.left", f"visit:{found.visit_id}", reason="day_over")
    return None


def _comes_back(unit: Unit, one: Judgement) -> Any:
    """The pickup's last visit of today, when the vehicle was not there or was sent inside."""
    pickup = {"pickup_id": one.found.pickup_id, "office_id": one.lane.office_id, "day": one.today}
    last = unit.conn.execute(statements.LAST_VISIT, pickup).first()
    return OpenVisit(last.id, last.state, None, None, None) if last and last.state in states.COMES_BACK else None


def _card(unit: Unit, actor: Actor, one: Judgement) -> dict[str, Any] | None:
    if isinstance(one.visit, SimpleNamespace):  # just opened: everything is known
        return queries.card_of(one.visit, one.books, actor.staff_id)
    return queries.visit_card(unit.conn, one.visit.id, actor.staff_id)


def _store(unit: Unit, actor: Actor, one: Judgement, scan_id: str, body_hash: str) -> dict[str, Any]:
    tone, act = verdicts.VERDICTS[one.verdict]
    pickup_id = one.found.pickup_id if one.found and one.found.office_id == actor.office_id else None
    is_in = one.verdict in ("ok", "repeat", "open_elsewhere") and one.visit is not None
    answer = {
        "scan_id": scan_id,
        "verdict": one.verdict,
        "tone": tone,
        "next": act,
        "facts": one.facts,
        "pickup_id": pickup_id,
        "visit": _card(unit, actor, one) if is_in else None,
    }
    unit.conn.execute(
        _STORE,
        {
            "scan_id": scan_id,
            "office_id": actor.office_id,
            "lane_id": one.lane.id,
            "staff_id": actor.staff_id,
            "body_hash": body_hash,
            "verdict": one.verdict,
            "pickup_id": one.found.pickup_id if one.found else None,
            "visit_id": one.visit.id if is_in else None,
            "answer": answer,
            "at": unit.at,
        },
    )
    subject = f"pickup:{one.found.pickup_id}" if one.found else f"lane:{one.lane.id}"
    audit.record(unit, actor, "scan." + one.verdict, subject, lane=one.lane.number)
    unit.emit(Scanned(actor.office_id or 0, one.verdict))
    return answer


_STORE = insert(Scan)
