"""The state of an applicant's phone: the vehicle's place, the reported arrival, the admission, the books.

Everybody with the link reads the state, so it holds nothing personal and never says why a vehicle was sent inside.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.board.queries import soonest
from ampera.live.snapshot_cache import SnapshotCache
from ampera.offices.calendar.admission import BY_HAND, Admission
from ampera.offices.models import Lane, Office
from ampera.passports.models import Passport
from ampera.pickups.models import Pickup
from ampera.sql.statements import TypedSelect
from ampera.visits import states
from ampera.visits.admission_queries import admission_for, admission_of, admission_state
from ampera.visits.models import Arrival, Call, Visit, VisitPickup
from ampera.visits.queue.places import has_lines
from ampera.visits.queue.queries import OfficeQueue, office_queue

State = dict[str, Any]

_OF_THESE: Any = bindparam("pickups", expanding=True)
# The open visit comes first, else the last one of the day.
_VISITS = (
    select(
        VisitPickup.pickup_id,
        Visit.id,
        Visit.queue_no,
        Visit.state,
        Visit.window,
        Visit.parked_at,
        Lane.number,
        Lane.windows,
        select(func.max(Call.id)).where(Call.visit_id == Visit.id, Call.cancelled_at.is_(None)).label("call"),
    )
    .select_from(Visit)
    .join(VisitPickup, VisitPickup.visit_id == Visit.id)
    .outerjoin(Lane, Lane.id == Visit.lane_id)
    .where(
        VisitPickup.pickup_id.in_(_OF_THESE),
        Visit.day == bindparam("day"),
        VisitPickup.out_at.is_(None),
        VisitPickup.is_open | Visit.state.in_(states.ENDED),
    )
    .order_by(VisitPickup.is_open.desc(), Visit.id.desc())
)
_ARRIVALS = select(Arrival.pickup_id, Arrival.kind, Arrival.expires_at).where(
    Arrival.pickup_id.in_(_OF_THESE), Arrival.expires_at > bindparam("at")
)
_BOOKS = select(Passport.pickup_id, Passport.state).where(Passport.pickup_id.in_(_OF_THESE)).order_by(Passport.id)


class PickupOffice(NamedTuple):
    """The office of a pickup."""

    id: int
    revision: int
    timezone: str
    options: dict[str, Any]


_OFFICE = TypedSelect(
    PickupOffice,
    select(Office.id, Office.revision, Office.timezone, Office.options)
    .join(Pickup, Pickup.office_id == Office.id)
    .where(Pickup.id == bindparam("pickup_id")),
)


@dataclass(frozen=True)
class Street:
    """What all phones of an office share at one moment."""

    queue: OfficeQueue
    line: Admission


def pickup_state(session: Session, pickup_id: int, streets: SnapshotCache[Street]) -> State:
    """The place of an applicant's vehicle, and the state of each book."""
    return pickup_states(session, {pickup_id}, streets)[pickup_id]


def pickup_states(session: Session, pickup_ids: set[int], streets: SnapshotCache[Street]) -> dict[int, State]:
    """The states of these pickups of one office. The number of statements does not depend on theirs."""
    at, office = clock.now(), _OFFICE.required(session, pickup_id=next(iter(pickup_ids)))
    day, these = clock.local(at, office.timezone).date(), list(pickup_ids)
    visits: dict[int, Any] = {}
    for row in session.execute(_VISITS, {"pickups": these, "day": day}):
        visits.setdefault(row.pickup_id, row)
    arrivals = {row.pickup_id: row for row in session.execute(_ARRIVALS, {"pickups": these, "at": at})}
    books: dict[int, list[State]] = {pickup_id: [] for pickup_id in these}
    for row in session.execute(_BOOKS, {"pickups": these}):
        books[row.pickup_id].append({"state": row.state})
    street = streets.get(office.id, office.revision, at, lambda: _street(session, office, day, at))
    return {
        pickup_id: {
            "revision": office.revision,
            "at": clock.iso(at),
            **_vehicle(street.queue, visits.get(pickup_id), arrivals.get(pickup_id)),
            "line": admission_state(admission_for(session, office, pickup_id, at, street.line)),
            "books": books[pickup_id],
        }
        for pickup_id in these
    }


def seconds_until_change(state: State) -> float | None:
    """Seconds until this state changes without an event: the reported arrival expires, a closure by hand ends."""
    ends = state["arrival"] and state["arrival"]["until"], state["line"]["reason"] == BY_HAND and state["line"]["until"]
    return soonest([datetime.fromisoformat(end) for end in ends if end], clock.now())


def _vehicle(queue: OfficeQueue, visit: Any, arrival: Any) -> State:
    """A vehicle that is here needs no report of its arrival."""
    is_here = visit is not None and visit.state in states.OPEN
    return {
        "visit": _visit(queue, visit) if visit and visit.state != states.LEFT else None,
        "arrival": {"kind": arrival.kind, "until": clock.iso(arrival.expires_at)} if arrival and not is_here else None,
    }


def _street(session: Session, office: PickupOffice, day: date, at: datetime) -> Street:
    queue = office_queue(session, office.id, day, at, has_lines=has_lines(office.options))
    return Street(queue, admission_of(session, office, at))


def _visit(queue: OfficeQueue, visit: Any) -> State:
    """`call` grows with every call, so that a phone sounds once per call. `window` is set in lanes with several."""
    turn = queue.turn_of(visit.id)
    is_at_lane = visit.state in (states.CALLED, states.SERVING)
    return {
        "queue_no": visit.queue_no,
        "state": visit.state,
        "parked": visit.parked_at is not None,
        "lane": visit.number if is_at_lane else None,
        "window": visit.window if is_at_lane and (visit.windows or 1) > 1 else None,
        "call": visit.call if is_at_lane else None,
        "position": turn.ahead + 1 if turn else None,
        "wait": turn and turn.wait and dict(zip(("low_min", "high_min"), turn.wait, strict=True)),
    }
