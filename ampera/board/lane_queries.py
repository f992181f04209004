"""What the tablet of one lane shows: the vehicles here, the queue of its site, and whether its screen keeps up."""

from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.board.pace_queries import own_pace
from ampera.board.queries import edges_of, newest_at, soonest
from ampera.board.screens.registry import Screens
from ampera.offices.calendar.admission import BY_HAND
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport
from ampera.visits import admission_queries, states
from ampera.visits.models import Pick, Visit, VisitPickup
from ampera.visits.picks.locations import AT_WINDOW, MISSING
from ampera.visits.plates import masked
from ampera.visits.queries import by_parking, queue_of_lane, undo_end, visit_card, visits_in
from ampera.visits.rows import QueueRow
from ampera.visits.supervisor_calls.queries import lane_calls

RECENT_SHOWN = 8
WAITING_SHOWN = 120
State = dict[str, Any]


def lane_state(
    session: Session, office_id: int, lane_id: int, screens: Screens, viewer_staff_id: int | None = None
) -> State:
    """`here`: the vehicles called or served at this lane (`current` is the newest). `waiting`: the next vehicles.

    `parked`: the vehicles at the side of all lanes of this site, so that no tablet loses sight of one.
    """
    office, lane = session.get_one(Office, office_id), session.get_one(Lane, lane_id)
    day, at = clock.today(office.timezone), clock.now()
    all_at_lanes = visits_in(session, office_id, day, states.AT_LANE)
    at_lanes = [visit for visit in all_at_lanes if not visit.parked_at]
    parked = [visit for visit in all_at_lanes if visit.parked_at and visit.site == lane.site]
    waiting, waiting_count = queue_of_lane(session, lane, office.options, day, WAITING_SHOWN)
    here = [visit_card(session, visit.id, viewer_staff_id) for visit in at_lanes if visit.lane_id == lane_id]
    newest = newest_at(at_lanes, lane_id)
    line = admission_queries.admission_state(admission_queries.admission_of(session, office, at))
    return {
        "office": office.code,
        "lane": lane.number,
        "site": lane.site,
        "windows": lane.windows,
        "revision": office.revision,
        "at": clock.iso(at),
        "open": lane.is_open and line["open"],
        "open_lanes": _open_lanes(session, lane),
        "line": line,
        "closed_for": _closed_for(office, line["reason"]),
        "screen": screens.of_lane(session, lane, office.revision),
        "current": next((card for card in here if newest and card["id"] == newest.id), None),
        "here": here,
        "parked": [visit_card(session, visit.id, viewer_staff_id) for visit in by_parking(parked)],
        "waiting": _waiting(session, lane, waiting, viewer_staff_id),
        "waiting_count": waiting_count,
        "recent": _recent(session, office, lane_id, viewer_staff_id),
        "alarms": _alarms(session, lane),
        "supervisor_calls": lane_calls(session, lane_id, day),
        "pace": own_pace(session, office, lane_id, viewer_staff_id),
    }


def seconds_until_change(session: Session, office_id: int) -> float | None:
    """Seconds until a tablet changes without an event: a closure by hand ends. None if nothing does."""
    return soonest(edges_of(session.get_one(Office, office_id).options), clock.now())


def _closed_for(office: Office, reason: str | None) -> str | None:
    """What the supervisor wrote who closed the line. Only for staff: the public screens do not name it."""
    closing = option(office.options, "closed_by_hand") if reason == BY_HAND else None
    return closing.get("reason") if closing else None


def _open_lanes(session: Session, lane: Lane) -> list[int]:
    """The numbers of the lanes of this site that take vehicles now: a vehicle can be transferred to them."""
    open_ones = select(Lane.number).where(Lane.office_id == lane.office_id, Lane.site == lane.site, Lane.is_open)
    return list(session.scalars(open_ones.order_by(Lane.number)))


def _waiting(session: Session, lane: Lane, visits: list[QueueRow], viewer_staff_id: int | None) -> list[State]:
    kinds, turn = states.kinds_at(lane.kind), 0
    picks = _counted(session, visits)
    rows = []
    for visit in visits:
        fits = visit.kind in kinds
        books = picks.get(visit.id, {"books": 0, "at_window": 0, "missing": 0})
        rows.append(
            {
                "id": visit.id,
                "queue_no": visit.queue_no,
                "kind": visit.kind,
                "priority": visit.priority,
                "booked_for": clock.iso(visit.booked_for),
                "books": books["books"],
                "picks": books,
                "plate_masked": masked(visit.plate),
                "look": visit.look,
                "since": clock.iso(visit.since),
                "lane": visit.lane_number,
                "site": visit.site,
                "ahead_of_turn": turn if fits else None,
                "may_undo_until": undo_end(visit, viewer_staff_id),
            }
        )
        turn += fits
    return rows


def _counted(session: Session, visits: list[QueueRow]) -> dict[int, dict[str, int]]:
    """Per visit: its ready books, those at a window, and those not found."""
    rows = session.execute(_BOOK_COUNTS, {"visits": [visit.id for visit in visits]})
    return {row.visit_id: {"books": row.books, "at_window": row.at_window, "missing": row.missing} for row in rows}


def _recent(session: Session, office: Office, lane_id: int, viewer_staff_id: int | None) -> list[State]:
    """The vehicles that left this lane last, and whether each may return."""
    where = {"office_id": office.id, "day": clock.today(office.timezone), "lane_id": lane_id}
    return [
        {
            "id": visit.id,
            "queue_no": visit.queue_no,
            "state": visit.state,
            "at": clock.iso(visit.ended_at),
            "books_out": visit.books_out,
            "may_return": states.after("return", visit.state) is not None,
            "may_undo_until": undo_end(visit, viewer_staff_id),
        }
        for visit in session.execute(_RECENT, where)
    ]


def _alarms(session: Session, lane: Lane) -> list[State]:
    """Books of vehicles at this site that the desk could not find."""
    rows = session.execute(_MISSING, {"office_id": lane.office_id, "site": lane.site})
    return [{"passport_id": row.id, "queue_no": row.queue_no, "holder_name": row.holder_name} for row in rows]


_BOOK_COUNTS = (
    select(
        VisitPickup.visit_id,
        func.count(Passport.id).label("books"),
        func.sum(case((Pick.state == AT_WINDOW, 1), else_=0)).label("at_window"),
        func.sum(case((Pick.state == MISSING, 1), else_=0)).label("missing"),
    )
    .join(Passport, Passport.pickup_id == VisitPickup.pickup_id)
    .outerjoin(Pick, Pick.passport_id == Passport.id)
    .where(
        VisitPickup.visit_id.in_(bindparam("visits", expanding=True)),
        VisitPickup.is_open,
        Passport.state == "ready",
    )
    .group_by(VisitPickup.visit_id)
)
_RECENT = (
    select(Visit.__table__)
    .where(
        Visit.office_id == bindparam("office_id"),
        Visit.day == bindparam("day"),
        Visit.state.in_(states.ENDED),
        Visit.lane_id == bindparam("lane_id"),
    )
    .order_by(Visit.ended_at.desc())
    .limit(RECENT_SHOWN)
)
_MISSING = (
    select(Passport.id, Passport.holder_name, Visit.queue_no)
    .join(Pick, Pick.passport_id == Passport.id)
    .join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
    .join(Visit, Visit.id == VisitPickup.visit_id)
    .where(
        Pick.office_id == bindparam("office_id"),
        Pick.state == MISSING,
        Passport.state == "ready",
        VisitPickup.is_open,
        Visit.site == bindparam("site"),
        Visit.state.in_(states.OPEN),
    )
    .order_by(Visit.id, Passport.id)
)
