"""What an officer does with a visit: call the next or a chosen one, call again, serve, send inside, end.

Each is one transaction; a conditional update decides races (two lanes never get the same visit), the lease of a
claim decides who may act while a visit is served.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.offices.models import Lane, Office
from ampera.offices.options import option
from ampera.visits import queries, states
from ampera.visits.events import VisitChanged
from ampera.visits.models import Call, Visit

REASON_LENGTH = 200


@transaction
def call_next(unit: Unit, actor: Actor, lane: int) -> dict[str, Any] | Refused:
    """Call the first waiting vehicle that fits the lane. Refused: `nobody_waiting` (404), `unknown_lane`."""
    where = _lane(unit, actor, lane)
    if isinstance(where, Refused):
        return where
    today = clock.local(unit.at, where.timezone).date()
    kinds = states.kinds_at(where.kind)
    waiting = unit.conn.execute(_FIRST_WAITING, {"office_id": actor.office_id, "day": today, "kinds": kinds}).first()
    if waiting is None:
        return Refused("nobody_waiting", 404)
    return _call(unit, actor, waiting, where)


@transaction
def call(unit: Unit, actor: Actor, visit_id: int, lane: int | None) -> dict[str, Any] | Refused:
    """Call this waiting vehicle to a lane, out of turn if need be (the audit row says so)."""
    visit, where = _visit_and_lane(unit, actor, visit_id, lane)
    if refusal := _first_refusal(visit, where):
        return refusal
    return _call(unit, actor, visit, where)


@transaction
def recall(unit: Unit, actor: Actor, visit_id: int, lane: int | None) -> dict[str, Any] | Refused:
    """Announce a called (or served) vehicle once more."""
    visit, where = _visit_and_lane(unit, actor, visit_id, lane)
    if refusal := _first_refusal(visit, where) or _claim_refusal(unit, actor, visit, "recall"):
        return refusal
    if states.after("recall", visit.state) is None:
        return _wrong_state(unit, actor, visit, "recall")
    unit.conn.execute(_ADD_CALL, {"v": visit.id, "called_at": unit.at})
    _announce(unit, visit, where)
    return _done(unit, actor, visit.id, "visit.recalled")


@transaction
def serve(unit: Unit, actor: Actor, visit_id: int, lane: int | None) -> dict[str, Any] | Refused:
    """Claim the visit for this officer at this lane, or renew the claim. Refused: `claimed_elsewhere`, `wrong_state`.

    A claim whose lease has ended may be taken over; the one who held it can no longer hand over.
    """
    visit, where = _visit_and_lane(unit, actor, visit_id, lane)
    if refusal := _first_refusal(visit, where):
        return refusal
    if states.after("serve", visit.state) is None:
        return _wrong_state(unit, actor, visit, "serve")
    if refusal := _foreign_claim(unit, actor, visit):
        return refusal
    is_renewal = visit.claim_staff_id == actor.staff_id and visit.state == states.SERVING
    claim = {
        "state": states.SERVING,
        "lane_id": where.id,
        "since": visit.since if visit.state == states.SERVING else unit.at,
        "served_at": visit.served_at or unit.at,
        "claim_staff_id": actor.staff_id,
        "claim_lane_id": where.id,
        "claim_since": visit.claim_since if is_renewal else unit.at,
        "claim_until": queries.lease_end(unit.at, where.options),
    }
    if not unit.conn.execute(
        _CLAIM, {"v": visit.id, "s": visit.state, "c": visit.claim_staff_id or 0, **claim}
    ).rowcount:
        return Refused("claimed_elsewhere", 409)
    if is_renewal and visit.claim_lane_id == where.id:
        return queries.visit_card(unit.conn, visit.id, actor.staff_id) or {}
    return _done(unit, actor, visit.id, "visit.served", lane=where.number, taken_over=visit.state == states.SERVING)


@transaction
def divert(unit: Unit, actor: Actor, visit_id: int, reason: str | None) -> dict[str, Any] | Refused:
    """Send the vehicle to the inside counter; nobody in the lane hears why."""
    return _end(unit, actor, visit_id, "divert", reason)


@transaction
def mark_no_show(unit: Unit, actor: Actor, visit_id: int, reason: str | None) -> dict[str, Any] | Refused:
    """The called vehicle did not come."""
    return _end(unit, actor, visit_id, "no-show", reason)


@transaction
def leave(unit: Unit, actor: Actor, visit_id: int, reason: str | None) -> dict[str, Any] | Refused:
    """The vehicle leaves: done when books were handed over, left otherwise."""
    return _end(unit, actor, visit_id, "leave", reason)


def _call(unit: Unit, actor: Actor, visit: Any, where: Any) -> dict[str, Any] | Refused:
    if states.after("call", visit.state) is None:
        return _wrong_state(unit, actor, visit, "call")
    moved = {"v": visit.id, "s": visit.state, "state": states.CALLED, "lane_id": where.id}
    if not unit.conn.execute(_MOVE, {**moved, "since": unit.at}).rowcount:
        return Refused("wrong_state", 409)
    unit.conn.execute(_ADD_CALL, {"v": visit.id, "called_at": unit.at})
    _announce(unit, visit, where)
    return _done(unit, actor, visit.id, "visit.called", lane=where.number)


def _announce(unit: Unit, visit: Any, where: Any) -> None:
    """Two calls in one second are shown one after the other, each for its minimum time."""
    last = unit.conn.execute(_LAST_CALL, {"office_id": visit.office_id}).scalar()
    earliest = last + timedelta(seconds=option(where.options, "call_seconds")) if last else unit.at
    unit.conn.execute(
        _CALL,
        {
            "office_id": visit.office_id,
            "visit_id": visit.id,
            "lane_id": where.id,
            "queue_no": visit.queue_no,
            "at": unit.at,
            "shows_at": max(unit.at, earliest),
        },
    )


def _end(unit: Unit, actor: Actor, visit_id: int, move: str, reason: str | None) -> dict[str, Any] | Refused:
    visit = unit.conn.execute(_VISIT, {"id": visit_id, "office_id": actor.office_id}).one_or_none()
    if visit is None:
        return Refused("not_found", 404)
    state = states.after(move, visit.state)
    if state is None:
        return _wrong_state(unit, actor, visit, move)
    if refusal := _claim_refusal(unit, actor, visit, move):
        return refusal
    if state == states.LEFT and visit.books_out:
        state = states.DONE
    Visit.close(unit.conn, visit.id, state, unit.at)
    return _done(unit, actor, visit.id, f"visit.{state}", reason=(reason or "")[:REASON_LENGTH])


def _done(unit: Unit, actor: Actor, visit_id: int, action: str, **details: Any) -> dict[str, Any]:
    audit.record(unit, actor, action, f"visit:{visit_id}", **details)
    Office.raise_revision(unit.conn, actor.office_id or 0)
    unit.emit(VisitChanged(actor.office_id or 0, visit_id, queries.pickup_ids(unit.conn, visit_id)))
    return queries.visit_card(unit.conn, visit_id, actor.staff_id) or {}


def _wrong_state(unit: Unit, actor: Actor, visit: Any, move: str) -> Refused:
    audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", move=move, state=visit.state)
    return Refused("wrong_state", 409, detail={"state": visit.state})


def _claim_refusal(unit: Unit, actor: Actor, visit: Any, move: str) -> Refused | None:
    """While another officer's claim lives only a supervisor may end or recall the visit."""
    if move not in states.NEED_CLAIM or actor.role == "supervisor":
        return None
    return _foreign_claim(unit, actor, visit)


def _foreign_claim(unit: Unit, actor: Actor, visit: Any) -> Refused | None:
    if visit.state != states.SERVING or visit.claim_staff_id == actor.staff_id:
        return None
    if not queries.is_claim_live(visit.claim_until, unit.at):
        return None
    audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", why="claimed_elsewhere")
    card = queries.visit_card(unit.conn, visit.id, actor.staff_id) or {}
    return Refused("claimed_elsewhere", 409, detail={"claim": card.get("claim")})


def _visit_and_lane(unit: Unit, actor: Actor, visit_id: int, lane: int | None) -> tuple[Any, Any]:
    visit = unit.conn.execute(_VISIT, {"id": visit_id, "office_id": actor.office_id}).one_or_none()
    if visit is None:
        return Refused("not_found", 404), None
    if lane is None and visit.lane_id is None:
        return visit, Refused("unknown_lane", 422, {"lane": "unknown_lane"})
    if lane is None:
        return visit, unit.conn.execute(_LANE_BY_ID, {"id": visit.lane_id}).one()
    return visit, _lane(unit, actor, lane)


def _first_refusal(*found: Any) -> Refused | None:
    return next((one for one in found if isinstance(one, Refused)), None)


def _lane(unit: Unit, actor: Actor, number: int) -> Any:
    where = unit.conn.execute(_LANE_BY_NUMBER, {"office_id": actor.office_id, "number": number}).one_or_none()
    return where or Refused("unknown_lane", 422, {"lane": "unknown_lane"})


_LANE = select(Lane.id, Lane.number, Lane.kind, Lane.is_open, Office.options, Office.timezone).join(
    Office, Office.id == Lane.office_id
)
_LANE_BY_ID = _LANE.where(Lane.id == bindparam("id"))
_LANE_BY_NUMBER = _LANE.where(Lane.office_id == bindparam("office_id"), Lane.number == bindparam("number"))
_VISIT = select(Visit.__table__).where(Visit.id == bindparam("id"), Visit.office_id == bindparam("office_id"))
_FIRST_WAITING = (
    select(Visit.__table__)
    .where(
        Visit.office_id == bindparam("office_id"),
        Visit.day == bindparam("day"),
        Visit.state == states.WAITING,
        Visit.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(Visit.id)
    .limit(1)
)
# The conditional update: of two that race for the same visit, one finds no row.
_MOVE = update(Visit).where(Visit.id == bindparam("v"), Visit.state == bindparam("s"))
_CLAIM = _MOVE.where(
    (Visit.claim_staff_id == bindparam("c")) | (Visit.claim_staff_id.is_(None)) & (bindparam("c") == 0)
)
_ADD_CALL = (
    update(Visit).where(Visit.id == bindparam("v")).values(calls=Visit.calls + 1, called_at=bindparam("called_at"))
)
_LAST_CALL = select(Call.shows_at).where(Call.office_id == bindparam("office_id")).order_by(Call.id.desc()).limit(1)
_CALL = insert(Call)
