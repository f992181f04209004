"""What makes applicants hear something: each subscriber writes its notice in the transaction that caused it.

What is written here may be untrue by the time it leaves; `telling.py` looks again before anything is sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, cast, literal, select

from ampera import clock, events
from ampera.bookings.events import BookingMade, BookingMoved, SlotsClosed, SlotsReopened
from ampera.db import Unit, in_batches
from ampera.handovers.events import HandedOver
from ampera.notices.models import Notice
from ampera.notices.outbox import Telling, write, write_many
from ampera.offices.calendar.admission import SECOND_THOUGHTS
from ampera.offices.events import DeadlinesChanged
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.deadlines import collect_by
from ampera.passports.events import BookCancelled, BookReleased, ContactsChanged, LateAllowed
from ampera.passports.models import Passport
from ampera.pickups.events import CodeReissued, PickupsIssued
from ampera.visits.events import VisitChanged
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.states import DIVERTED, OPEN


@events.during(PickupsIssued)
def tell_ready(unit: Unit, issued: PickupsIssued) -> None:
    """Also when books joined a group: an address that knows it already is not told again."""
    write_many(unit, issued.office_id, "ready", [Telling(pickup_id, {}) for pickup_id in issued.pickup_ids])


@events.during(ContactsChanged)
def tell_new_address(unit: Unit, changed: ContactsChanged) -> None:
    """Whoever had no address, or a wrong one, hears now that the book is ready."""
    _ready_again(unit, changed.office_id, changed.passport_ids)


@events.during(BookReleased)
def tell_released(unit: Unit, released: BookReleased) -> None:
    """Nobody was told while the book was kept; whoever was told before hears nothing new."""
    _ready_again(unit, released.office_id, (released.passport_id,))


@events.during(CodeReissued)
def tell_reissued(unit: Unit, made: CodeReissued) -> None:
    once = f"reissued:{made.pickup_id}:{made.generation}"
    write(unit, made.office_id, made.pickup_id, "reissued", {"generation": made.generation}, once)


@events.during(BookCancelled)
def tell_cancelled(unit: Unit, cancelled: BookCancelled) -> None:
    pickup_id = unit.conn.scalar(_PICKUP_OF, {"book": cancelled.passport_id})
    if pickup_id is not None:
        facts = {"passports": [cancelled.passport_id]}
        write(unit, cancelled.office_id, pickup_id, "cancelled", facts, f"cancelled:{cancelled.passport_id}")


@events.during(LateAllowed)
def tell_late(unit: Unit, allowed: LateAllowed) -> None:
    """A supervisor lets one book be collected longer; nothing is told when its day has not moved."""
    book = unit.conn.execute(_BOOK, {"book": allowed.passport_id}).one()
    last = collect_by(book.issued_on, book.options, book.late_until)
    if book.pickup_id is not None and last == allowed.until:
        _extended(unit, allowed.office_id, [(book.pickup_id, last, [allowed.passport_id])])


@events.during(DeadlinesChanged)
def tell_extended(unit: Unit, changed: DeadlinesChanged) -> None:
    """Everybody whose day moved later, when the office extends the time to collect for all."""
    now = unit.conn.scalar(_OPTIONS, {"office": changed.office_id}) or {}
    if not _may_be_later(changed.before, now):
        return
    first: dict[int, tuple[date, date]] = {}

    @cache  # thousands of books share a few issue dates
    def days(issued_on: date, late_until: date | None) -> tuple[date, date]:
        return collect_by(issued_on, changed.before, late_until), collect_by(issued_on, now, late_until)

    for book in unit.conn.execute(_READY_BOOKS, {"office": changed.office_id}):
        before, day = days(book.issued_on, book.late_until)
        was, is_now = first.get(book.pickup_id, (before, day))
        first[book.pickup_id] = min(was, before), min(is_now, day)
    moved = [(pickup_id, day, None) for pickup_id, (before, day) in first.items() if day > before]
    _extended(unit, changed.office_id, moved)


@events.during(VisitChanged)
def tell_visit(unit: Unit, changed: VisitChanged) -> None:
    """Was that you? when a pickup enters a visit; the way inside when it is diverted. Mostly it only reads, once."""
    rows = unit.conn.execute(_OF_VISIT, {"visit": changed.visit_id}).all()
    new = [row for row in rows if row.state in OPEN and row.is_open and not row.is_told]
    for row in new:
        facts = {"visit": changed.visit_id, "at": clock.iso(unit.at)}
        write(
            unit,
            changed.office_id,
            row.pickup_id,
            "collecting",
            facts,
            f"collecting:{changed.visit_id}:{row.pickup_id}",
        )
    for row in rows:
        if row.state == DIVERTED:
            _diverted(unit, changed, row)


@events.during(HandedOver)
def tell_collected(unit: Unit, happened: HandedOver) -> None:
    """When, how many books, and to which class of collector; told to the people of those books."""
    books: dict[int, list[int]] = defaultdict(list)
    for row in unit.conn.execute(_PICKUPS_OF, {"books": happened.passport_ids}):
        books[row.pickup_id].append(row.id)
    at = clock.iso(happened.at)
    tellings = [
        Telling(
            pickup_id,
            {"books": count, "at": at, "collector": happened.collector_class, "passports": books[pickup_id]},
            f"collected:{pickup_id}:{at}:{books[pickup_id][0] if books[pickup_id] else 0}",
        )
        for pickup_id, count in happened.books.items()
    ]
    write_many(unit, happened.office_id, "collected", tellings)


@events.during(BookingMade)
def tell_booked(unit: Unit, booked: BookingMade) -> None:
    _booked(unit, booked)


@events.during(BookingMoved)
def tell_moved(unit: Unit, booked: BookingMoved) -> None:
    _booked(unit, booked)


@events.during(SlotsClosed)
def tell_off(unit: Unit, happened: SlotsClosed) -> None:
    """Told when the slip of a finger would have been put right; each closing is told once, and the next one again."""
    since = clock.iso(happened.since)
    tellings = [
        Telling(
            one.pickup_id,
            {"starts_at": clock.iso(one.starts_at), "sequence": one.sequence, "since": since},
            f"slot_off:{one.pickup_id}:{since}",
            unit.at + SECOND_THOUGHTS,
        )
        for one in happened.slots
    ]
    write_many(unit, happened.office_id, "slot_off", tellings)


@events.during(SlotsReopened)
def tell_back(unit: Unit, happened: SlotsReopened) -> None:
    """Confirmed anew to whoever was told that the window is off, or was to be reminded of it meanwhile."""
    office = unit.conn.execute(_OFFICE, {"office": happened.office_id}).one()
    time = option(office.options, "reminder_time")
    tellings = [
        Telling(
            one.pickup_id,
            {"starts_at": clock.iso(one.starts_at), "sequence": one.sequence},
            f"booked:{one.pickup_id}:{clock.iso(one.starts_at)}:back:{clock.iso(since)}",
        )
        for one, since in happened.slots
        if since + SECOND_THOUGHTS <= unit.at or since < day_before(one.starts_at, time, office.timezone) <= unit.at
    ]
    write_many(unit, happened.office_id, "booked", tellings)


def _ready_again(unit: Unit, office_id: int, passport_ids: Sequence[int]) -> None:
    pickups: set[int] = set()
    for some in in_batches(passport_ids):
        pickups |= set(unit.conn.scalars(_READY_AMONG, {"books": some}))
    write_many(unit, office_id, "ready", [Telling(pickup_id, {}) for pickup_id in sorted(pickups)])


def _booked(unit: Unit, booked: BookingMade | BookingMoved) -> None:
    """The confirmation now; the reminder the day before, unless that moment is over."""
    starts_at = clock.iso(booked.starts_at)
    facts = {"starts_at": starts_at, "sequence": booked.sequence}
    once = f"{booked.pickup_id}:{starts_at}:{booked.sequence}:{booked.kind}"
    write(unit, booked.office_id, booked.pickup_id, "booked", facts, f"booked:{once}:{clock.iso(unit.at)}")
    office = unit.conn.execute(_OFFICE, {"office": booked.office_id}).one()
    remind_at = day_before(booked.starts_at, option(office.options, "reminder_time"), office.timezone)
    if remind_at > unit.at:
        again = f"slot_reminder:{once}:{clock.iso(unit.at)}"
        write(unit, booked.office_id, booked.pickup_id, "slot_reminder", facts, again, remind_at)


def day_before(starts_at: datetime, time: str, timezone: str) -> datetime:
    """This time of day (HH:MM) on the office's day before."""
    hours, minutes = map(int, time.split(":"))
    local = clock.local(starts_at, timezone) - timedelta(days=1)
    return local.replace(hour=hours, minute=minutes, second=0, microsecond=0)


def _extended(unit: Unit, office_id: int, moved: Iterable[tuple[int, date, list[int] | None]]) -> None:
    tellings = [
        Telling(
            pickup_id,
            {"deadline": day.isoformat(), **({"passports": books} if books else {})},
            f"extended:{pickup_id}:{day}:{books[0] if books else ''}",
        )
        for pickup_id, day, books in moved
    ]
    write_many(unit, office_id, "extended", tellings)


def _diverted(unit: Unit, changed: VisitChanged, row: Any) -> None:
    """Told when it can no longer be undone, so that a slip of the finger sends nobody inside."""
    since = clock.iso(row.since)
    once = f"diverted:{changed.visit_id}:{row.pickup_id}:{since}"
    facts = {"visit": changed.visit_id, "since": since}
    write(unit, changed.office_id, row.pickup_id, "diverted", facts, once, row.undo_until)


def _may_be_later(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether any book at all can have more time: taking an extension back moves nobody later."""
    if option(before, "collection_limit") != option(now, "collection_limit"):
        return True
    return (option(now, "deadline_extended_until") or "") > (option(before, "deadline_extended_until") or "")


_IN_BOOKS = Passport.id.in_(bindparam("books", expanding=True))
_OF_BOOK = Passport.id == bindparam("book")
_OF_OFFICE = Office.id == bindparam("office")
_READY_AMONG = select(Passport.pickup_id).where(_IN_BOOKS, Passport.state == "ready", Passport.pickup_id.is_not(None))
_PICKUP_OF = select(Passport.pickup_id).where(_OF_BOOK)
_PICKUPS_OF = select(Passport.id, Passport.pickup_id).where(_IN_BOOKS).order_by(Passport.id)
_BOOK = (
    select(Passport.pickup_id, Passport.issued_on, Passport.late_until, Office.options)
    .join(Office, Office.id == Passport.office_id)
    .where(_OF_BOOK)
)
_OPTIONS = select(Office.options).where(_OF_OFFICE)
_OFFICE = select(Office.options, Office.timezone).where(_OF_OFFICE)
_READY_BOOKS = select(Passport.pickup_id, Passport.issued_on, Passport.late_until).where(
    Passport.office_id == bindparam("office"), Passport.state == "ready", Passport.pickup_id.is_not(None)
)
_ONCE = literal("collecting:") + cast(VisitPickup.visit_id, String) + literal(":") + cast(VisitPickup.pickup_id, String)
_OF_VISIT = (
    select(
        Visit.state,
        Visit.since,
        Visit.undo_until,
        VisitPickup.pickup_id,
        VisitPickup.is_open,
        Notice.id.is_not(None).label("is_told"),
    )
    .join(VisitPickup, VisitPickup.visit_id == Visit.id)
    .outerjoin(Notice, Notice.once == _ONCE)
    .where(Visit.id == bindparam("visit"), VisitPickup.out_at.is_(None))
)
