"""Reads about visits. `visit_card` is the visit as the API, the tablet and a stored scan show it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Double, and_, bindparam, case, func, or_, outerjoin, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Staff
from ampera.bookings.models import AnnouncedCollector
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.passports.deadlines import collect_by, is_overdue
from ampera.passports.models import Passport
from ampera.visits import states
from ampera.visits.models import Pick, Visit, VisitPickup
from ampera.visits.plates import masked
from ampera.visits.scan import verdicts

Reader = Session | Connection
# The order of the queue: priority first, then who came in a booked window, then by place, which is the id of a vehicle
# that never came back.
queue_rank = case((Visit.priority.is_not(None), 0), (Visit.booked_for.is_not(None), 1), else_=2)
queue_place = func.coalesce(Visit.place, Visit.id)
IN_ORDER = (queue_rank, queue_place, Visit.id)
# Parameters of these: `order_key` of a visit.
BEFORE = or_(
    queue_rank < bindparam("rank"),
    and_(
        queue_rank == bindparam("rank"),
        or_(
            queue_place < bindparam("place", type_=Double),
            and_(queue_place == bindparam("place", type_=Double), Visit.id < bindparam("id")),
        ),
    ),
)
WAITS_WITH = and_(
    Visit.office_id == bindparam("office_id"),
    Visit.day == bindparam("day"),
    Visit.site == bindparam("site"),
    Visit.state == states.WAITING,
)
COUNT_BEFORE = select(func.count()).where(WAITS_WITH, BEFORE, Visit.kind.in_(bindparam("kinds", expanding=True)))
_ClaimLane = Lane.__table__.alias("claim_lane")
_PickLane = Lane.__table__.alias("pick_lane")

_BOOK_COLUMNS = (
    Passport.id,
    Passport.pickup_id,
    Passport.holder_name,
    Passport.state,
    Passport.shelf,
    Passport.kind,
    Passport.issued_on,
    Passport.late_until,
    Passport.collected_at,
    Passport.collected_lane,
    Passport.collected_by,
    Passport.nik,
    Passport.document_no,
    Pick.state.label("pick"),
    _PickLane.c.number.label("pick_lane"),
    AnnouncedCollector.collector_class.label("announced_class"),
    AnnouncedCollector.name.label("announced_name"),
    AnnouncedCollector.relation.label("announced_relation"),
)
_WITH_PICKS = (
    outerjoin(Passport, Pick, Pick.passport_id == Passport.id)
    .outerjoin(_PickLane, _PickLane.c.id == Pick.lane_id)
    .outerjoin(AnnouncedCollector, AnnouncedCollector.pickup_id == Passport.pickup_id)
)
_BOOKS_OF_VISIT = (
    select(*_BOOK_COLUMNS)
    .select_from(_WITH_PICKS)
    .join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
    .where(VisitPickup.visit_id == bindparam("visit_id"), VisitPickup.out_at.is_(None))
    .order_by(VisitPickup.added_at, Passport.id)
)
_BOOKS_OF_PICKUP = (
    select(*_BOOK_COLUMNS)
    .select_from(_WITH_PICKS)
    .where(Passport.pickup_id == bindparam("pickup_id"))
    .order_by(Passport.id)
)
_CARD = (
    select(
        Visit.__table__,
        Lane.number.label("lane_number"),
        _ClaimLane.c.number.label("claim_lane_number"),
        Staff.name.label("officer"),
        Office.options,
        Office.timezone,
    )
    .join(Office, Office.id == Visit.office_id)
    .outerjoin(Lane, Lane.id == Visit.lane_id)
    .outerjoin(_ClaimLane, _ClaimLane.c.id == Visit.claim_lane_id)
    .outerjoin(Staff, Staff.id == Visit.claim_staff_id)
    .where(Visit.id == bindparam("visit_id"))
)


def order_key(visit: Any) -> dict[str, Any]:
    """Where this visit stands in its queue: the parameters of BEFORE, WAITS_WITH and COUNT_BEFORE."""
    return {
        "office_id": visit.office_id,
        "day": visit.day,
        "site": visit.site,
        "rank": rank_of(visit.priority, visit.booked_for),
        "place": float(visit.id if visit.place is None else visit.place),
        "id": visit.id,
    }


def rank_of(priority: str | None, booked_for: datetime | None) -> int:
    """`queue_rank` of such a visit."""
    if priority is not None:
        return 0
    return 2 if booked_for is None else 1


def visit_card(reader: Reader, visit_id: int, viewer_staff_id: int | None = None) -> dict[str, Any] | None:
    """The visit with its books and claim as JSON values; `claim.mine` is from the viewer's side."""
    row = reader.execute(_CARD, {"visit_id": visit_id}).one_or_none()
    if row is None:
        return None
    books = reader.execute(_BOOKS_OF_VISIT, {"visit_id": visit_id}).all()
    return card_of(row, books, viewer_staff_id)


def card_of(row: Any, books: Sequence[Any], viewer_staff_id: int | None = None) -> dict[str, Any]:
    """The card from rows that are already known: the visit with its lane, claim and office, and its books."""
    today = clock.today(row.timezone)
    return {
        "id": row.id,
        "queue_no": row.queue_no,
        "state": row.state,
        "kind": row.kind,
        "priority": row.priority,
        "booked_for": clock.iso(row.booked_for),
        "lane": row.lane_number,
        "window": row.window,
        "site": row.site,
        "since": clock.iso(row.since),
        "opened_at": clock.iso(row.opened_at),
        "calls": row.calls,
        "called_at": clock.iso(row.called_at),
        "plate_masked": masked(row.plate),
        "claim": _claim(row, viewer_staff_id),
        "may_undo_until": undo_end(row, viewer_staff_id),
        "passports": [book_card(book, row.options, today) for book in books],
    }


def book_card(book: Any, options: dict[str, Any], today: date) -> dict[str, Any]:
    """One book of a visit: what to fetch, whether it may go out, and how its holder is proved (never the value)."""
    return {
        "passport_id": book.id,
        "pickup_id": book.pickup_id,
        "holder_name": book.holder_name,
        "state": book.state,
        "status": status_of(book, options, today),
        "shelf": book.shelf,
        "kind": book.kind,
        "identity": identity_kind(book.nik, book.document_no),
        "pick": book.pick if book.state == "ready" else None,
        "pick_lane": book.pick_lane if book.state == "ready" else None,
        "announced": _announced(book),
    }


def _announced(book: Any) -> dict[str, str] | None:
    """Who was said to come for this book while it is here. It is the applicant's word and decides nothing."""
    if book.announced_class is None or book.state != "ready":
        return None
    return {"class": book.announced_class, "name": book.announced_name, "relation": book.announced_relation}


def status_of(book: Any, options: dict[str, Any], today: date) -> str:
    """The book's own verdict on this day."""
    return verdicts.book_status(book.state, is_overdue(collect_by(book.issued_on, options, book.late_until), today))


def identity_kind(nik: str | None, document_no: str | None) -> str:
    """How the holder proves who they are: by NIK or birth date, or as a foreigner without NIK."""
    if nik:
        return "nik"
    return "birth_date+document" if document_no else "birth_date"


def books_of_pickup(reader: Reader, pickup_id: int) -> list[Any]:
    return list(reader.execute(_BOOKS_OF_PICKUP, {"pickup_id": pickup_id}).all())


def open_visits(
    reader: Reader,
    office_id: int,
    day: date,
    wanted: tuple[str, ...] = states.OPEN,
    kinds: Collection[str] | None = None,
    limit: int | None = None,
    site: str | None = None,
) -> list[Any]:
    """Visits of this day in these states (of these kinds, at this site), in the order of the queue, `limit` at most."""
    query = (
        select(Visit.__table__, Lane.number.label("lane_number"))
        .outerjoin(Lane, Lane.id == Visit.lane_id)
        .where(Visit.office_id == office_id, Visit.day == day, Visit.state.in_(wanted))
        .order_by(*IN_ORDER)
        .limit(limit)
    )
    if kinds is not None:
        query = query.where(Visit.kind.in_(kinds))
    if site is not None:
        query = query.where(Visit.site == site)
    return list(reader.execute(query).all())


def pickup_ids(reader: Reader, visit_id: int) -> tuple[int, ...]:
    query = select(VisitPickup.pickup_id).where(VisitPickup.visit_id == visit_id)
    return tuple(reader.execute(query).scalars())


def is_claim_live(claim_until: datetime | None, at: datetime) -> bool:
    return claim_until is not None and claim_until > at


def lease_end(at: datetime, options: dict[str, Any]) -> datetime:
    """Until when a claim made or renewed now holds without a sign of life."""
    return at + timedelta(seconds=option(options, "lease_seconds"))


def undo_end(visit: Any, viewer_staff_id: int | None) -> str | None:
    """Until when this viewer may undo the last move; None when they may not."""
    may = visit.undo_until is not None and visit.undo_by_id == viewer_staff_id and visit.undo_until > clock.now()
    return clock.iso(visit.undo_until) if may else None


def _claim(row: Any, viewer_staff_id: int | None) -> dict[str, Any] | None:
    if row.state != states.SERVING or row.claim_staff_id is None:
        return None
    return {
        "officer": row.officer,
        "lane": row.claim_lane_number,
        "window": row.window,
        "since": clock.iso(row.claim_since),
        "until": clock.iso(row.claim_until),
        "mine": row.claim_staff_id == viewer_staff_id,
    }
