"""The way of a book between its shelf and a window, in the hands of clerks: take, hand, take back, missing,
found, shelve.

One act is one statement for the whole batch. The statement checks and writes at once (the book is ready, nobody else
has it), so of two clerks who race only one takes a book, and the other clerk sees who has it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Insert, Integer, String, bindparam, delete, func, literal, or_, select

from ampera import audit
from ampera.accounts.models import Staff
from ampera.audit import Actor
from ampera.db import Unit, UtcDateTime, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.models import Lane
from ampera.offices.refusals import OfficeRefusal
from ampera.passports.models import Passport
from ampera.sql.statements import TypedSelect, proposed, upsert
from ampera.visits.events import BooksPicked
from ampera.visits.models import Pick, Visit, VisitPickup
from ampera.visits.picks.locations import ACTS, AT_WINDOW, SHELF, TAKEN, Act, refusal
from ampera.visits.refusals import VisitRefusal


class PickWindow(NamedTuple):
    """The lane that books are handed to, and the number of its windows."""

    id: int
    windows: int


class PickRow(NamedTuple):
    """A book of the batch: its vehicle, and where the book is besides its shelf."""

    id: int
    pickup_id: int | None
    holder_name: str
    state: str
    visit_id: int | None
    queue_no: str | None
    pick: str | None
    lane_id: int | None
    pick_window: int | None
    pick_staff: int | None
    pick_lane: int | None
    pick_by: str | None


@dataclass(frozen=True)
class MovedBook:
    """Where a book of the batch is now."""

    passport_id: int
    pick: str | None
    pick_lane: int | None
    pick_window: int | None
    pick_by: str | None


@dataclass(frozen=True)
class RefusedBook:
    """A book that could not be moved: the code of the reason, and the clerk who has the book."""

    passport_id: int
    holder_name: str
    code: str
    by: str | None


@dataclass(frozen=True)
class Picked:
    """The result of a batch: the books as they are now, and the books that could not be moved."""

    done: tuple[MovedBook, ...]
    refused: tuple[RefusedBook, ...]


@dataclass(frozen=True)
class Batch:
    """One act of one actor on books; `lane` (an id) and `window` are the target of `hand`."""

    actor: Actor
    act: str
    passport_ids: list[int]
    lane_id: int | None = None
    window: int | None = None

    @property
    def rule(self) -> Act:
        return ACTS[self.act]


@transaction
def pick(
    unit: Unit, actor: Actor, passport_ids: Sequence[int], act: str, lane: int | None = None, window: int | None = None
) -> Picked | Refused:
    """Move these books of the actor's office by `act`. `hand` without a lane sends each book to its vehicle's lane.

    Refused as a whole: `forbidden`, `unknown_lane`, `unknown_window`, `not_found`, or the reason of the first book
    when none could be moved. Refused by book: `not_ready`, `taken_by_other`, `book_missing`, `wrong_state`.
    """
    batch = Batch(actor, act, sorted(set(passport_ids)))
    if actor.role not in batch.rule.roles:
        return _refuse_all(unit, batch, Refused(Refusal.FORBIDDEN, 403))
    if act == "hand" and lane is not None:
        target = _target(unit, actor, lane, window)
        if isinstance(target, Refused):
            return _refuse_all(unit, batch, target)
        batch = replace(batch, lane_id=target.id, window=window or 1)
    else:
        batch = replace(batch, window=window)
    moved = _move(unit, batch)
    return _outcome(unit, batch, _books(unit, batch), moved)


def _target(unit: Unit, actor: Actor, lane: int, window: int | None) -> PickWindow | Refused:
    target = _LANE.first(unit.conn, office=actor.office_id, number=lane)
    if target is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 422, {"lane": OfficeRefusal.UNKNOWN_LANE})
    if window is not None and not 1 <= window <= target.windows:
        return Refused(VisitRefusal.UNKNOWN_WINDOW, 422, {"window": VisitRefusal.UNKNOWN_WINDOW})
    return target


def _move(unit: Unit, batch: Batch) -> set[int]:
    """Run the one statement of the act. Returns the ids of the books that it moved."""
    parameters = {
        "ids": batch.passport_ids,
        "office": batch.actor.office_id,
        "staff": batch.actor.staff_id,
        "lane": batch.lane_id,
        "window": batch.window,
        "now": unit.at,
    }
    statement = _SHELVE if batch.act == "shelve" else _WRITES[batch.act][unit.conn.dialect.name]
    return set(unit.conn.execute(statement, parameters).scalars())


def _books(unit: Unit, batch: Batch) -> list[PickRow]:
    return _BOOKS.all(unit.conn, ids=batch.passport_ids, office=batch.actor.office_id)


def _outcome(unit: Unit, batch: Batch, books: list[PickRow], moved: set[int]) -> Picked | Refused:
    """Audit every book, and announce the books that were moved."""
    done = [book for book in books if book.id in moved or _is_done_already(book, batch)]
    refused = [_refused(book, refusal(batch.act, book.state, book.pick)) for book in books if book not in done]
    for book in done:
        if book.id in moved:
            audit.record(unit, batch.actor, batch.rule.action, f"passport:{book.id}", **_audited_place(book))
    _audit_refused(unit, batch, refused)
    if not done:
        if not refused:
            return Refused(Refusal.NOT_FOUND, 404, detail={"refused": []})
        return Refused(refused[0].code, 409, detail={"refused": [asdict(book) for book in refused]})
    if moved:
        visit_ids = {book.visit_id for book in done if book.visit_id is not None}
        pickup_ids = {book.pickup_id for book in done if book.pickup_id is not None}
        unit.emit(BooksPicked(batch.actor.office_id or 0, tuple(visit_ids), tuple(pickup_ids)))
    return Picked(tuple(_moved(book) for book in done), tuple(refused))


def _refuse_all(unit: Unit, batch: Batch, refusal: Refused) -> Refused:
    """Audit one refusal for every book of the batch."""
    _audit_refused(unit, batch, [_refused(book, refusal.code) for book in _books(unit, batch)])
    return refusal


def _audit_refused(unit: Unit, batch: Batch, books: list[RefusedBook]) -> None:
    for book in books:
        subject = f"passport:{book.passport_id}"
        audit.record(unit, batch.actor, "passport.pick_refused", subject, act=batch.act, code=book.code)


def _is_done_already(book: PickRow, batch: Batch) -> bool:
    """Whether the book is where the act would put it. The same act again after a lost answer is no refusal."""
    after = batch.rule.after
    if book.pick != after:
        return False
    if after == TAKEN:
        return book.pick_staff == batch.actor.staff_id
    return after != AT_WINDOW or batch.lane_id in (None, book.lane_id)


def _refused(book: PickRow, code: str) -> RefusedBook:
    return RefusedBook(book.id, book.holder_name, code, book.pick_by)


def _audited_place(book: PickRow) -> dict[str, Any]:
    place: dict[str, Any] = {"queue_no": book.queue_no}
    return place | {"lane": book.pick_lane, "window": book.pick_window} if book.pick == AT_WINDOW else place


def _moved(book: PickRow) -> MovedBook:
    return MovedBook(book.id, book.pick, book.pick_lane, book.pick_window, book.pick_by)


_LANE = TypedSelect(
    PickWindow,
    select(Lane.id, Lane.windows).where(Lane.office_id == bindparam("office"), Lane.number == bindparam("number")),
)
_OWN = (Passport.id.in_(bindparam("ids", expanding=True)), Passport.office_id == bindparam("office"))
_OPEN = (VisitPickup.pickup_id == Passport.pickup_id) & VisitPickup.is_open
_BOOKS = TypedSelect(
    PickRow,
    select(
        Passport.id,
        Passport.pickup_id,
        Passport.holder_name,
        Passport.state,
        Visit.id.label("visit_id"),
        Visit.queue_no,
        Pick.state.label("pick"),
        Pick.lane_id,
        Pick.window.label("pick_window"),
        Pick.staff_id.label("pick_staff"),
        Lane.number.label("pick_lane"),
        Staff.name.label("pick_by"),
    )
    .outerjoin(VisitPickup, _OPEN)
    .outerjoin(Visit, Visit.id == VisitPickup.visit_id)
    .outerjoin(Pick, Pick.passport_id == Passport.id)
    .outerjoin(Lane, Lane.id == Pick.lane_id)
    .outerjoin(Staff, Staff.id == Pick.staff_id)
    .where(*_OWN)
    .order_by(Passport.id),
)
_SHELVE = (
    delete(Pick)
    .where(Pick.passport_id.in_(bindparam("ids", expanding=True)), Pick.office_id == bindparam("office"))
    .returning(Pick.passport_id)
)
_COLUMNS = ("passport_id", "office_id", "state", "lane_id", "window", "visit_id", "staff_id", "at")


def _source(act: str) -> Any:
    """The rows that this act writes: ready books of the batch; for `hand` only with a lane to go to."""
    is_hand = act == "hand"
    lane = func.coalesce(bindparam("lane", type_=Integer), Visit.lane_id) if is_hand else literal(None, Integer)
    number = func.coalesce(bindparam("window", type_=Integer), Visit.window, 1) if is_hand else literal(None, Integer)
    rows = (
        select(
            Passport.id,
            Passport.office_id,
            literal(ACTS[act].after, String),
            lane,
            number,
            Visit.id,
            bindparam("staff", type_=Integer),
            bindparam("now", type_=UtcDateTime),
        )
        .outerjoin(VisitPickup, _OPEN)
        .outerjoin(Visit, Visit.id == VisitPickup.visit_id)
        .where(*_OWN, Passport.state == "ready")
    )
    if is_hand:
        rows = rows.where(lane.is_not(None))
    if act == "take_back":  # who serves the vehicle has the book in the hand
        rows = rows.where(func.coalesce(Visit.state, "") != "serving")
    if SHELF not in ACTS[act].before:
        rows = rows.where(select(Pick.passport_id).where(Pick.passport_id == Passport.id).exists())
    return rows


def _write(act: str) -> dict[str, Insert]:
    """Insert a free book, or move a book from a state that the act accepts; returns the moved books."""
    before, new = [state for state in ACTS[act].before if state is not SHELF], proposed(Pick)
    is_new = or_(Pick.state != new.state, Pick.lane_id != new.lane_id, Pick.window != new.window)
    return upsert(
        Pick,
        ["passport_id"],
        _COLUMNS[2:] if before else (),
        where=Pick.state.in_(before) & is_new,
        returning=Pick.passport_id,
        source=(_COLUMNS, _source(act)),
    )


_WRITES = {act: _write(act) for act in ACTS if act != "shelve"}
