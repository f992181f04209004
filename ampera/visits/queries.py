"""Reads about visits. `visit_card` is the visit as the API, the tablet and a stored scan show it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, exists, func, null, outerjoin, select

from ampera import clock
from ampera.accounts.models import Staff
from ampera.bookings.models import AnnouncedCollector
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.passports.corrections.models import OPEN, Correction
from ampera.passports.deadlines import collect_by, is_overdue
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.sql.statements import ColumnSelect, Reader, TypedSelect
from ampera.visits import states
from ampera.visits.cards import AnnouncedCard, BookCard, ClaimCard, ParkedCard, VisitCard
from ampera.visits.holders import holder_numbers
from ampera.visits.models import Pick, Visit, VisitPickup
from ampera.visits.plates import masked
from ampera.visits.queue.places import IN_ORDER, IN_ORDER_OF_LANE, WAITS_WITH, own_lane
from ampera.visits.rows import BookRow, BookState, Options, QueueRow, Undoable, VisitRow
from ampera.visits.scan import verdicts

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
    Passport.name_key,
    Passport.birth_date,
    Passport.document_no,
    Passport.locked_at,
    exists().where(Correction.passport_id == Passport.id, Correction.state == OPEN).label("correcting"),
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
_BOOKS_OF_VISIT = TypedSelect(
    BookRow,
    select(*_BOOK_COLUMNS, VisitPickup.found_by)
    .select_from(_WITH_PICKS)
    .join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
    .where(VisitPickup.visit_id == bindparam("visit_id"), VisitPickup.out_at.is_(None))
    .order_by(VisitPickup.added_at, Passport.id),
)
_BOOKS_OF_PICKUP = TypedSelect(
    BookRow,
    select(*_BOOK_COLUMNS, null().label("found_by"))
    .select_from(_WITH_PICKS)
    .where(Passport.pickup_id == bindparam("pickup_id"))
    .order_by(Passport.id),
)
_PICKUP_IDS = ColumnSelect(select(VisitPickup.pickup_id).where(VisitPickup.visit_id == bindparam("visit_id")))
_FROM_OTHER_TABLES = {
    "lane_number": Lane.number,
    "claim_lane_number": _ClaimLane.c.number,
    "officer": Staff.name,
    "options": Office.options,
    "timezone": Office.timezone,
}


def _column(name: str) -> Any:
    return _FROM_OTHER_TABLES[name] if name in _FROM_OTHER_TABLES else getattr(Visit, name)


_VISIT = TypedSelect(
    VisitRow,
    select(*(_column(name).label(name) for name in VisitRow._fields))
    .select_from(Visit)
    .join(Office, Office.id == Visit.office_id)
    .outerjoin(Lane, Lane.id == Visit.lane_id)
    .outerjoin(_ClaimLane, _ClaimLane.c.id == Visit.claim_lane_id)
    .outerjoin(Staff, Staff.id == Visit.claim_staff_id)
    .where(Visit.id == bindparam("visit_id")),
)
VISIT_OF_OFFICE = _VISIT.where(Visit.office_id == bindparam("office_id"))
_QUEUE_ROWS = TypedSelect(
    QueueRow,
    select(*(_column(name).label(name) for name in QueueRow._fields))
    .select_from(Visit)
    .outerjoin(Lane, Lane.id == Visit.lane_id),
)
_QUEUE = _QUEUE_ROWS.order_by(*IN_ORDER)
_QUEUE_OF_LANE = _QUEUE_ROWS.where(WAITS_WITH).order_by(*IN_ORDER_OF_LANE).limit(bindparam("most", type_=Integer))
_WAITING = ColumnSelect(select(func.count()).where(WAITS_WITH))
_IN_STATES = _QUEUE.where(
    Visit.office_id == bindparam("office_id"),
    Visit.day == bindparam("day"),
    Visit.state.in_(bindparam("wanted", expanding=True)),
)


def visit_of(reader: Reader, visit_id: int, office_id: int | None) -> VisitRow | None:
    """This visit of this office; None when the office has no such visit."""
    return VISIT_OF_OFFICE.first(reader, visit_id=visit_id, office_id=office_id)


def visit_card(reader: Reader, visit_id: int, viewer_staff_id: int | None = None) -> VisitCard:
    """The card of an existing visit with its books and claim, as this viewer sees it."""
    visit = _VISIT.required(reader, visit_id=visit_id)
    return card_of(visit, _BOOKS_OF_VISIT.all(reader, visit_id=visit_id), viewer_staff_id)


def card_of(visit: VisitRow, books: Sequence[BookRow], viewer_staff_id: int | None = None) -> VisitCard:
    """The card of a visit and books that have been read already."""
    today = clock.today(visit.timezone)
    return {
        "id": visit.id,
        "queue_no": visit.queue_no,
        "state": visit.state,
        "kind": visit.kind,
        "priority": visit.priority,
        "booked_for": clock.iso(visit.booked_for),
        "lane": visit.lane_number,
        "window": visit.window,
        "site": visit.site,
        "since": clock.iso(visit.since),
        "opened_at": clock.iso(visit.opened_at),
        "calls": visit.calls,
        "called_at": clock.iso(visit.called_at),
        "served_at": clock.iso(visit.served_at),
        "parked_s": visit.parked_s,
        "plate_masked": masked(visit.plate),
        "look": visit.look,
        "claim": _claim(visit, viewer_staff_id),
        "parked": _parked(visit),
        "may_undo_until": undo_end(visit, viewer_staff_id),
        "passports": [
            book_card(book, holder, visit.options, today)
            for book, holder in zip(books, holder_numbers(books), strict=True)
        ],
    }


def book_card(book: BookRow, holder: int, options: Options, today: date) -> BookCard:
    """One book of a visit: where it is, whether it may be handed over, and which kind of proof its holder gives.

    `holder` is the number of its holder within the visit.
    """
    is_locked = book.locked_at is not None and book.state in ON_SHELF
    return {
        "passport_id": book.id,
        "pickup_id": book.pickup_id,
        "holder_name": book.holder_name,
        "state": book.state,
        "status": verdicts.locked_status(status_of(book, options, today), is_locked),
        "locked": is_locked,
        "correcting": bool(book.correcting) and book.state in ON_SHELF,
        "shelf": book.shelf,
        "kind": book.kind,
        "holder": holder,
        "identity": identity_kind(book.nik, book.document_no),
        "pick": book.pick if book.state == "ready" else None,
        "pick_lane": book.pick_lane if book.state == "ready" else None,
        "announced": _announced(book),
        "found_by": book.found_by,
    }


def _announced(book: BookRow) -> AnnouncedCard | None:
    """Who is announced to collect a ready book. The applicant has entered it, and it decides nothing."""
    if book.announced_class is None or book.state != "ready":
        return None
    return {"class": book.announced_class, "name": book.announced_name, "relation": book.announced_relation}


def status_of(book: BookState, options: Options, today: date) -> str:
    """The verdict on this book alone, on this day of the office's calendar."""
    return verdicts.book_status(book.state, is_overdue(collect_by(book.issued_on, options, book.late_until), today))


def unlocked(statuses: Sequence[str], books: Sequence[BookRow]) -> list[str]:
    """The statuses of the books that no lock keeps back."""
    return [status for status, book in zip(statuses, books, strict=True) if not book.locked_at]


def identity_kind(nik: str | None, document_no: str | None) -> str:
    """The proof that the holder gives: the NIK, else the birth date (with the old document where one is on record)."""
    if nik:
        return "nik"
    return "birth_date+document" if document_no else "birth_date"


def books_of_pickup(reader: Reader, pickup_id: int) -> list[BookRow]:
    return _BOOKS_OF_PICKUP.all(reader, pickup_id=pickup_id)


def visits_in(reader: Reader, office_id: int, day: date, wanted: tuple[str, ...]) -> list[QueueRow]:
    """Visits of this day in the `wanted` states, in the order of the queue."""
    return _IN_STATES.all(reader, office_id=office_id, day=day, wanted=wanted)


def by_parking(visits: list[QueueRow]) -> list[QueueRow]:
    """Parked visits, the longest at the side first."""
    return sorted(visits, key=lambda visit: (visit.parked_at or visit.since, visit.id))


def waiting_visits(
    reader: Reader,
    office_id: int,
    day: date,
    site: str | None = None,
    kinds: Collection[str] | None = None,
    limit: int | None = None,
) -> list[QueueRow]:
    """Waiting visits of this day (at this site, of these kinds), in the order of the queue; at most `limit`."""
    waiting = _QUEUE.where(Visit.office_id == office_id, Visit.day == day, Visit.state == states.WAITING)
    if site is not None:
        waiting = waiting.where(Visit.site == site)
    if kinds is not None:
        waiting = waiting.where(Visit.kind.in_(kinds))
    return waiting.limit(limit).all(reader)


def queue_of_lane(reader: Reader, lane: Lane, options: Options, day: date, most: int) -> tuple[list[QueueRow], int]:
    """The first `most` waiting visits of the lane's site as this lane calls them, and the number of all."""
    site = {"office_id": lane.office_id, "day": day, "site": lane.site}
    first = _QUEUE_OF_LANE.all(reader, **site, own_lane=own_lane(lane.id, options), most=most)
    return first, _WAITING.required(reader, **site)


def pickup_ids(reader: Reader, visit_id: int) -> tuple[int, ...]:
    return tuple(_PICKUP_IDS.all(reader, visit_id=visit_id))


def is_claim_live(claim_until: datetime | None, at: datetime) -> bool:
    return claim_until is not None and claim_until > at


def forgotten_at(parked_at: datetime, options: Options) -> datetime:
    """The moment from which a vehicle that was parked at `parked_at` counts as forgotten."""
    return parked_at + timedelta(minutes=option(options, "parked_minutes"))


def lease_end(at: datetime, options: Options) -> datetime:
    """The end of a claim that is made or renewed at `at`."""
    return at + timedelta(seconds=option(options, "lease_seconds"))


def undo_end(visit: Undoable, viewer_staff_id: int | None) -> str | None:
    """The time until which this viewer may undo the last move; None when the viewer may not."""
    if visit.undo_until is None or visit.undo_by_id != viewer_staff_id or visit.undo_until <= clock.now():
        return None
    return clock.iso(visit.undo_until)


def _claim(visit: VisitRow, viewer_staff_id: int | None) -> ClaimCard | None:
    if visit.state != states.SERVING or visit.claim_staff_id is None:
        return None
    return {
        "officer": visit.officer,
        "lane": visit.claim_lane_number,
        "window": visit.window,
        "since": clock.iso(visit.claim_since),
        "until": clock.iso(visit.claim_until),
        "mine": visit.claim_staff_id == viewer_staff_id,
    }


def _parked(visit: VisitRow) -> ParkedCard | None:
    if visit.parked_at is None:
        return None
    return {
        "at": clock.iso(visit.parked_at),
        "forgotten_at": clock.iso(forgotten_at(visit.parked_at, visit.options)),
    }
