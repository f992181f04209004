"""Calls of a vehicle: the next one, a chosen one, a repeated call, or a transfer to another lane.

Each is one transaction. A conditional update decides races (two lanes never get the same visit). A call out of turn is
logged.
"""

from datetime import timedelta

from sqlalchemy import bindparam, insert, select, update

from ampera import clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.offices.options.defaults import option
from ampera.sql.statements import ColumnSelect, Write
from ampera.visits import states
from ampera.visits.cards import VisitCard
from ampera.visits.models import Call, Visit
from ampera.visits.moves import common, undo_record
from ampera.visits.queue import order as queue_order
from ampera.visits.queue import places
from ampera.visits.refusals import VisitRefusal
from ampera.visits.rows import LaneRow, VisitRow

ACTIONS = {"call": "visit.called", "transfer": "visit.handed_on"}


@transaction
def call_next(unit: Unit, actor: Actor, lane: int, window: int | None = None) -> VisitCard | Refused:
    """Call the first waiting vehicle that fits the lane. Refused: `nobody_waiting` (404), `unknown_lane`."""
    where = common.lane_of(unit, actor, lane)
    if isinstance(where, Refused):
        return where
    queue = {
        "office_id": actor.office_id,
        "day": clock.local(unit.at, where.timezone).date(),
        "site": where.site,
        "kinds": states.kinds_at(where.kind),
        "own_lane": places.own_lane(where.id, where.options),
    }
    first = _FIRST_WAITING.first(unit.conn, **queue)
    visit = common.visit_of(unit, actor, first) if first is not None else Refused(VisitRefusal.NOBODY_WAITING, 404)
    return visit if isinstance(visit, Refused) else _call(unit, actor, visit, where, window)


@transaction
def call(
    unit: Unit, actor: Actor, visit_id: int, lane: int | None, reason: str | None = None, window: int | None = None
) -> VisitCard | Refused:
    """Call this waiting vehicle to a lane. When it is called before its turn, `reason` goes into the log."""
    found = common.visit_at(unit, actor, "call", visit_id, lane)
    if isinstance(found, Refused):
        return found
    visit, where = found
    passed = queue_order.ahead_at(unit, visit, where)
    called = _call(unit, actor, visit, where, window)
    if passed and not isinstance(called, Refused):
        queue_order.log(unit, actor, visit, "called", common.one_line(reason), passed)
    return called


@transaction
def recall(unit: Unit, actor: Actor, visit_id: int, lane: int | None) -> VisitCard | Refused:
    """Announce a called (or served) vehicle once more. Refused: `too_many_calls`, `call_too_soon` (with `wait_s`)."""
    found = common.visit_at(unit, actor, "recall", visit_id, lane)
    if isinstance(found, Refused):
        return found
    visit, where = found
    if visit.calls >= option(visit.options, "max_calls"):
        return Refused(VisitRefusal.TOO_MANY_CALLS, 409, detail={"calls": visit.calls})
    if wait := _pause_left(unit, visit):
        return Refused(VisitRefusal.CALL_TOO_SOON, 409, detail={"wait_s": wait})
    _CALL_AGAIN.run(unit.conn, v=visit.id, called_at=unit.at)
    _announce(unit, visit, where, visit.window)
    return common.done(unit, actor, visit.id, "visit.recalled")


@transaction
def transfer(
    unit: Unit, actor: Actor, visit_id: int, lane: int | None, reason: str | None = None, window: int | None = None
) -> VisitCard | Refused:
    """Transfer a called or served vehicle to another lane or window. It is called there, and its claim ends.

    Refused: `lane_closed`; `unfit_lane` for another site, or a lane for the other kind of vehicle.
    """
    found = common.visit_at(unit, actor, "transfer", visit_id, lane)
    if isinstance(found, Refused):
        return found
    visit, where = found
    if refusal := common.misfit(visit, where):
        return refusal
    return _call(unit, actor, visit, where, window, "transfer", reason=common.one_line(reason))


def _call(
    unit: Unit, actor: Actor, visit: VisitRow, where: LaneRow, window: int | None, move: str = "call", **details: str
) -> VisitCard | Refused:
    """Send the vehicle to this lane. `move` is `call`, or `transfer`, which counts the calls from 1 again."""
    at_window = common.window_of(unit, where, window)
    if isinstance(at_window, Refused):
        return at_window
    moved = {
        "state": states.CALLED,
        "lane_id": where.id,
        "window": at_window,
        "since": unit.at,
        "called_at": unit.at,
        "calls": 1 if move == "transfer" else visit.calls + 1,
        "claim_staff_id": None,
        "claim_lane_id": None,
        "claim_since": None,
        "claim_until": None,
        **undo_record.of(unit, actor, visit, move),
    }
    # Not the state that was read: another lane may call the vehicle after it was chosen and before it was read.
    expected = states.WAITING if move == "call" else visit.state
    if not _MOVE.run(unit.conn, v=visit.id, s=expected, **moved):
        return common.moved_meanwhile(unit, visit)
    call_id = _announce(unit, visit, where, at_window)
    if moved["undo"]:
        _REMEMBER_CALL.run(unit.conn, v=visit.id, undo={**moved["undo"], "call": call_id})
    return common.done(unit, actor, visit.id, ACTIONS[move], lane=where.number, **details)


def _announce(unit: Unit, visit: VisitRow, where: LaneRow, window: int | None) -> int:
    """Store the call with the moment at which screens announce it, and return its id.

    Each call is announced for a minimum time. A site with up to three lanes announces one call at a time, a site with
    four lanes two, and so on: announcements must not pile up when every lane calls as fast as it serves.
    """
    shown_at_once = max(1, where.lanes_of_site // 2)
    turns = _LAST_CALLS.all(unit.conn, office_id=visit.office_id, site=where.site, slots=shown_at_once)
    busy_until = turns[-1] + timedelta(seconds=option(where.options, "call_seconds")) if turns else unit.at
    row = {
        "office_id": visit.office_id,
        "visit_id": visit.id,
        "lane_id": where.id,
        "window": window,
        "site": where.site,
        "queue_no": visit.queue_no,
        "at": unit.at,
        "shows_at": max([unit.at, *turns[:1]] + ([busy_until] if len(turns) == shown_at_once else [])),
    }
    return int(_CALL.returned(unit.conn, **row))


def _pause_left(unit: Unit, visit: VisitRow) -> int:
    """Whole seconds until this vehicle may be called again."""
    since = (unit.at - visit.called_at).total_seconds() if visit.called_at else float("inf")
    left = option(visit.options, "recall_pause_seconds") - since
    return int(left) + 1 if left > 0 else 0


# Conditional: of two calls that race for the same visit, one finds no row.
_MOVE = Write(update(Visit).where(Visit.id == bindparam("v"), Visit.state == bindparam("s")))
_REMEMBER_CALL = Write(update(Visit).where(Visit.id == bindparam("v")))
_CALL_AGAIN = Write(
    update(Visit)
    .where(Visit.id == bindparam("v"))
    .values(calls=Visit.calls + 1, called_at=bindparam("called_at"), undo=None, undo_by_id=None, undo_until=None)
)
_FIRST_WAITING = ColumnSelect(
    select(Visit.id)
    .where(places.WAITS_WITH, Visit.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(*places.IN_ORDER_OF_LANE)
    .limit(1)
)
_LAST_CALLS = ColumnSelect(
    select(Call.shows_at)
    .where(Call.office_id == bindparam("office_id"), Call.site == bindparam("site"), Call.cancelled_at.is_(None))
    .order_by(Call.shows_at.desc(), Call.id.desc())
    .limit(bindparam("slots"))
)
_CALL = Write(insert(Call).returning(Call.id))
