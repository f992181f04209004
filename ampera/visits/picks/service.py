"""The way of a book from its shelf to a window, in the hands of clerks: take, hand over, not found, found, put back.

One act is one statement for the whole batch that reads and writes at once (the book is ready, nobody else has it), so
of two clerks who race only one takes a book; the other is told who has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Insert, Integer, String, bindparam, delete, func, literal, or_, select

from ampera import audit
from ampera.accounts.models import Staff
from ampera.audit import Actor
from ampera.db import Unit, UtcDateTime, proposed, transaction, upsert
from ampera.errors import Refusal, Refused
from ampera.offices.models import Lane
from ampera.offices.refusals import OfficeRefusal
from ampera.passports.models import Passport
from ampera.visits.events import BooksPicked
from ampera.visits.models import Pick, Visit, VisitPickup
from ampera.visits.picks.locations import ACTS, AT_WINDOW, SHELF, TAKEN, Act, refusal
from ampera.visits.refusals import VisitRefusal


@dataclass(frozen=True)
class Picked:
    """What became of the batch: the books as they are now, and those that could not be moved, with the reason."""

    done: tuple[dict[str, Any], ...]
    refused: tuple[dict[str, Any], ...]


@transaction
def pick(
    unit: Unit, actor: Actor, passport_ids: Sequence[int], act: str, lane: int | None = None, window: int | None = None
) -> Picked | Refused:
    """Move these books of the actor's office as `act` says; `hand` without a lane goes to each vehicle's own.

    Refused as a whole: `forbidden`, `unknown_lane`, `unknown_window`, `not_found`, or the reason of the first book
    when none could be moved. Refused by book: `not_ready`, `taken_by_other`, `book_missing`, `wrong_state`.
    """
    what, given = ACTS[act], {"ids": sorted(set(passport_ids)), "office": actor.office_id, "staff": actor.staff_id}
    place = _place(unit, actor, lane, window) if act == "hand" and lane is not None else None
    if actor.role not in what.roles:
        place = Refused(Refusal.FORBIDDEN, 403)
    if isinstance(place, Refused):
        own = unit.conn.execute(_BOOKS, given).all()
        return _refuse(unit, actor, act, [_told(book, place.code) for book in own], place)
    target = {"lane": place and place.id, "window": window or (1 if place else None)}
    statement = _SHELVE if act == "shelve" else _WRITES[act][unit.conn.dialect.name]
    moved = {row.passport_id for row in unit.conn.execute(statement, {**given, **target, "now": unit.at})}
    books = unit.conn.execute(_BOOKS, given).all()
    return _outcome(unit, actor, act, books, moved, target)


def _outcome(
    unit: Unit, actor: Actor, act: str, books: Sequence[Any], moved: set[int], target: dict[str, Any]
) -> Picked | Refused:
    what = ACTS[act]
    done = [book for book in books if book.id in moved or _is_so_already(book, what, actor, target)]
    refused = [_told(book, refusal(act, book.state, book.pick)) for book in books if book not in done]
    for book in done:
        if book.id in moved:
            audit.record(unit, actor, what.action, f"passport:{book.id}", **_where(book))
    if not done:
        code = refused[0]["code"] if refused else Refusal.NOT_FOUND
        return _refuse(unit, actor, act, refused, Refused(code, 409 if refused else 404, detail={"refused": refused}))
    _refuse(unit, actor, act, refused, None)
    if moved:
        visits, pickups = {book.visit_id for book in done}, {book.pickup_id for book in done}
        unit.emit(BooksPicked(actor.office_id or 0, tuple(visits - {None}), tuple(pickups - {None})))
    return Picked(tuple(_card(book) for book in done), tuple(refused))


def _refuse(unit: Unit, actor: Actor, act: str, books: list[dict[str, Any]], whole: Any) -> Any:
    for one in books:
        subject = f"passport:{one['passport_id']}"
        audit.record(unit, actor, "passport.pick_refused", subject, act=act, code=one["code"])
    return whole


def _place(unit: Unit, actor: Actor, lane: int, window: int | None) -> Any:
    where = unit.conn.execute(_LANE, {"office": actor.office_id, "number": lane}).one_or_none()
    if where is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 422, {"lane": OfficeRefusal.UNKNOWN_LANE})
    if window is not None and not 1 <= window <= where.windows:
        return Refused(VisitRefusal.UNKNOWN_WINDOW, 422, {"window": VisitRefusal.UNKNOWN_WINDOW})
    return where


def _is_so_already(book: Any, what: Act, actor: Actor, target: dict[str, Any]) -> bool:
    """The same act sent again after a lost answer changes nothing and is no refusal."""
    if book.pick != what.after:
        return False
    if what.after == TAKEN:
        return book.pick_staff == actor.staff_id
    return what.after != AT_WINDOW or target["lane"] in (None, book.lane_id)


def _told(book: Any, code: str) -> dict[str, Any]:
    return {"passport_id": book.id, "holder_name": book.holder_name, "code": code, "by": book.pick_by}


def _where(book: Any) -> dict[str, Any]:
    told = {"queue_no": book.queue_no}
    return told | {"lane": book.pick_lane, "window": book.pick_window} if book.pick == AT_WINDOW else told


def _card(book: Any) -> dict[str, Any]:
    return {
        "passport_id": book.id,
        "pick": book.pick,
        "pick_lane": book.pick_lane,
        "pick_window": book.pick_window,
        "pick_by": book.pick_by,
    }


_LANE = select(Lane.id, Lane.windows).where(Lane.office_id == bindparam("office"), Lane.number == bindparam("number"))
_OWN = (Passport.id.in_(bindparam("ids", expanding=True)), Passport.office_id == bindparam("office"))
_OPEN = (VisitPickup.pickup_id == Passport.pickup_id) & VisitPickup.is_open
_BOOKS = (
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
    .order_by(Passport.id)
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
