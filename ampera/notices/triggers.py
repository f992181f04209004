"""Events of books, pickups, visits and handovers that cause notices, written in the transaction of the event.

A notice may be untrue when it is due; `content.facts` checks again before it is sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, literal, select

from ampera import clock, events
from ampera.db import Unit
from ampera.handovers.events import HandedOver
from ampera.notices.models import Notice
from ampera.notices.outbox import NoticeDraft, write
from ampera.offices.events import DeadlinesChanged
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.deadlines import collect_by
from ampera.passports.events import BookCancelled, BookReleased, ContactsChanged, LateAllowed
from ampera.passports.models import Passport
from ampera.pickups.events import CodeReissued, PickupsIssued
from ampera.sql.statements import TypedSelect, in_batches
from ampera.visits.events import VisitChanged
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.states import DIVERTED, OPEN


class BookRow(NamedTuple):
    """A book that was handed over, and its pickup."""

    id: int
    pickup_id: int


class VisitPickupRow(NamedTuple):
    """A pickup in a visit, and whether its check-in was notified."""

    state: str
    since: datetime
    undo_until: datetime | None
    pickup_id: int
    is_open: bool
    is_notified: bool


@events.during(PickupsIssued)
def notify_ready(unit: Unit, issued: PickupsIssued) -> None:
    """Books may have joined an existing group: an address that already got this notice gets no second one."""
    write(unit, issued.office_id, "ready", [NoticeDraft(pickup_id, {}) for pickup_id in issued.pickup_ids])


@events.during(ContactsChanged)
def notify_new_address(unit: Unit, changed: ContactsChanged) -> None:
    """A holder with a new or corrected address is notified that the book is ready."""
    _ready_again(unit, changed.office_id, changed.passport_ids)


@events.during(BookReleased)
def notify_released(unit: Unit, released: BookReleased) -> None:
    """A holder who was not notified before the hold is notified that the book is ready."""
    _ready_again(unit, released.office_id, (released.passport_id,))


@events.during(CodeReissued)
def notify_reissued(unit: Unit, made: CodeReissued) -> None:
    """Notify the applicants of the new code."""
    once = f"reissued:{made.pickup_id}:{made.generation}"
    write(unit, made.office_id, "reissued", [NoticeDraft(made.pickup_id, {"generation": made.generation}, once)])


@events.during(BookCancelled)
def notify_cancelled(unit: Unit, cancelled: BookCancelled) -> None:
    """Notify the holder of a cancelled passport."""
    pickup_id = unit.conn.scalar(_PICKUP_OF, {"book": cancelled.passport_id})
    if pickup_id is not None:
        facts = {"passports": [cancelled.passport_id]}
        draft = NoticeDraft(pickup_id, facts, f"cancelled:{cancelled.passport_id}")
        write(unit, cancelled.office_id, "cancelled", [draft])


@events.during(LateAllowed)
def notify_late_allowed(unit: Unit, allowed: LateAllowed) -> None:
    """A supervisor extended the deadline of one book. No notice when the last day stays the same."""
    book = unit.conn.execute(_BOOK, {"book": allowed.passport_id}).one()
    last = collect_by(book.issued_on, book.options, book.late_until)
    if book.pickup_id is not None and last == allowed.until:
        _extended(unit, allowed.office_id, [(book.pickup_id, last, [allowed.passport_id])])


@events.during(DeadlinesChanged)
def notify_extended(unit: Unit, changed: DeadlinesChanged) -> None:
    """The office extended the deadline for all books. Pickups with a later last day are notified."""
    now = unit.conn.scalar(_OPTIONS, {"office": changed.office_id}) or {}
    if not _may_be_later(changed.before, now):
        return
    first: dict[int, tuple[date, date]] = {}

    @cache  # thousands of books share few issue dates
    def days(issued_on: date, late_until: date | None) -> tuple[date, date]:
        return collect_by(issued_on, changed.before, late_until), collect_by(issued_on, now, late_until)

    for book in unit.conn.execute(_READY_BOOKS, {"office": changed.office_id}):
        before, day = days(book.issued_on, book.late_until)
        was, is_now = first.get(book.pickup_id, (before, day))
        first[book.pickup_id] = min(was, before), min(is_now, day)
    moved = [(pickup_id, day, None) for pickup_id, (before, day) in first.items() if day > before]
    _extended(unit, changed.office_id, moved)


@events.during(VisitChanged)
def notify_visit(unit: Unit, changed: VisitChanged) -> None:
    """Notify on check-in ("was that you?") and on diversion. Most changes cost one SELECT that finds nothing new."""
    rows = _OF_VISIT.all(unit.conn, visit=changed.visit_id)
    new = [row for row in rows if row.state in OPEN and row.is_open and not row.is_notified]
    for row in new:
        facts = {"visit": changed.visit_id, "at": clock.iso(unit.at)}
        draft = NoticeDraft(row.pickup_id, facts, f"collecting:{changed.visit_id}:{row.pickup_id}")
        write(unit, changed.office_id, "collecting", [draft])
    for row in rows:
        if row.state == DIVERTED:
            _diverted(unit, changed, row)


@events.during(HandedOver)
def notify_collected(unit: Unit, happened: HandedOver) -> None:
    """Notify the holders of the books of a handover: time, number of books, classes of collector."""
    books: dict[int, list[int]] = defaultdict(list)
    for row in _PICKUPS_OF.all(unit.conn, books=happened.passport_ids):
        books[row.pickup_id].append(row.id)
    at = clock.iso(happened.at)
    drafts = [
        NoticeDraft(
            pickup_id,
            {"books": len(classes), "at": at, "collector": sorted(set(classes)), "passports": books[pickup_id]},
            f"collected:{pickup_id}:{at}:{books[pickup_id][0] if books[pickup_id] else 0}",
        )
        for pickup_id, classes in happened.classes.items()
    ]
    write(unit, happened.office_id, "collected", drafts)


def _ready_again(unit: Unit, office_id: int, passport_ids: Sequence[int]) -> None:
    pickups: set[int] = set()
    for batch in in_batches(passport_ids):
        pickups |= set(unit.conn.scalars(_READY_AMONG, {"books": batch}))
    write(unit, office_id, "ready", [NoticeDraft(pickup_id, {}) for pickup_id in sorted(pickups)])


def _extended(unit: Unit, office_id: int, moved: Iterable[tuple[int, date, list[int] | None]]) -> None:
    drafts = [
        NoticeDraft(
            pickup_id,
            {"deadline": day.isoformat(), **({"passports": books} if books else {})},
            f"extended:{pickup_id}:{day}:{books[0] if books else ''}",
        )
        for pickup_id, day, books in moved
    ]
    write(unit, office_id, "extended", drafts)


def _diverted(unit: Unit, changed: VisitChanged, row: VisitPickupRow) -> None:
    """Due when the diversion can no longer be undone, so that an accidental diversion sends nobody inside."""
    since = clock.iso(row.since)
    once = f"diverted:{changed.visit_id}:{row.pickup_id}:{since}"
    facts = {"visit": changed.visit_id, "since": since}
    write(unit, changed.office_id, "diverted", [NoticeDraft(row.pickup_id, facts, once, row.undo_until)])


def _may_be_later(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether any last day can be later than before. Withdrawing an extension makes no day later."""
    if option(before, "collection_limit") != option(now, "collection_limit"):
        return True
    return (option(now, "deadline_extended_until") or "") > (option(before, "deadline_extended_until") or "")


_IN_BOOKS = Passport.id.in_(bindparam("books", expanding=True))
_OF_BOOK = Passport.id == bindparam("book")
_OF_OFFICE = Office.id == bindparam("office")
_READY_AMONG = select(Passport.pickup_id).where(_IN_BOOKS, Passport.state == "ready", Passport.pickup_id.is_not(None))
_PICKUP_OF = select(Passport.pickup_id).where(_OF_BOOK)
_PICKUPS_OF = TypedSelect(BookRow, select(Passport.id, Passport.pickup_id).where(_IN_BOOKS).order_by(Passport.id))
_BOOK = (
    select(Passport.pickup_id, Passport.issued_on, Passport.late_until, Office.options)
    .join(Office, Office.id == Passport.office_id)
    .where(_OF_BOOK)
)
_OPTIONS = select(Office.options).where(_OF_OFFICE)
_READY_BOOKS = select(Passport.pickup_id, Passport.issued_on, Passport.late_until).where(
    Passport.office_id == bindparam("office"), Passport.state == "ready", Passport.pickup_id.is_not(None)
)
_ONCE = literal("collecting:") + cast(VisitPickup.visit_id, String) + literal(":") + cast(VisitPickup.pickup_id, String)
_OF_VISIT = TypedSelect(
    VisitPickupRow,
    select(
        Visit.state,
        Visit.since,
        Visit.undo_until,
        VisitPickup.pickup_id,
        VisitPickup.is_open,
        Notice.id.is_not(None).label("is_notified"),
    )
    .join(VisitPickup, VisitPickup.visit_id == Visit.id)
    .outerjoin(Notice, Notice.once == _ONCE)
    .where(Visit.id == bindparam("visit"), VisitPickup.out_at.is_(None)),
)
