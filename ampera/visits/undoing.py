"""Undoing a move: for a short while the officer who made it puts everything back as it stood before.

What a move changed is kept with the visit; the next move, or a handover, forgets it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from ampera import clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.offices.options import option
from ampera.visits import moving, ordering, states
from ampera.visits.models import Call, Visit, VisitPickup

KEPT = ("state", "lane_id", "window", "queue_no", "kind", "priority", "place", "calls")
MOMENTS = ("since", "called_at", "served_at", "ended_at", "claim_since", "claim_until")
CLAIM = ("claim_staff_id", "claim_lane_id")
CHANGES_ORDER = ("call", "priority", "return")


def memory(unit: Unit, actor: Actor, visit: Any, move: str, call_id: int | None = None) -> dict[str, Any]:
    """Values of the visit's row that let this actor undo the move; `visit` is the row as it is before it."""
    seconds = option(visit.options, "undo_seconds")
    if not states.MOVES[move].may_be_undone or actor.staff_id is None or not seconds:
        return {"undo": None, "undo_by_id": None, "undo_until": None}
    pickups = unit.conn.execute(_OPEN_PICKUPS, {"visit": visit.id}).scalars() if visit.state in states.OPEN else ()
    before = {name: getattr(visit, name) for name in (*KEPT, *CLAIM)}
    before |= {name: clock.iso(getattr(visit, name)) for name in MOMENTS}
    return {
        "undo": {"move": move, "before": before, "pickups": list(pickups), "call": call_id},
        "undo_by_id": actor.staff_id,
        "undo_until": unit.at + timedelta(seconds=seconds),
    }


@transaction
def undo(unit: Unit, actor: Actor, visit_id: int) -> dict[str, Any] | Refused:
    """Take the actor's own last move back. Refused: `undo_over` (too late, or not theirs), `pickup_elsewhere`."""
    visit = moving.visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    if refusal := moving.refusal(unit, actor, visit, "undo"):
        return refusal
    if visit.undo is None or visit.undo_by_id != actor.staff_id or visit.undo_until <= unit.at:
        return Refused("undo_over", 409)
    told = visit.undo
    pickups = {"visit": visit.id, "pickups": told["pickups"]}
    if unit.conn.execute(_HELD_ELSEWHERE, pickups).first():
        return Refused("pickup_elsewhere", 409)
    unit.conn.execute(_CLOSE_PICKUPS, {"visit": visit.id})
    unit.conn.execute(_OPEN_PICKUPS_AGAIN, pickups)
    before = {**told["before"], **{name: _moment(told["before"][name]) for name in MOMENTS}}
    unit.conn.execute(_PUT_BACK, {"v": visit.id, **before})
    if told["call"]:
        unit.conn.execute(_CANCEL_CALL, {"call": told["call"], "cancelled_at": unit.at})
    if told["move"] in CHANGES_ORDER:
        ordering.log(unit, actor, visit, "undone", told["move"])
    return moving.done(unit, actor, visit.id, "visit.undone", move=told["move"])


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


_OF_VISIT = update(VisitPickup).where(VisitPickup.visit_id == bindparam("visit"))
_THESE = VisitPickup.pickup_id.in_(bindparam("pickups", expanding=True))
_OPEN_PICKUPS = select(VisitPickup.pickup_id).where(VisitPickup.visit_id == bindparam("visit"), VisitPickup.is_open)
_CLOSE_PICKUPS = _OF_VISIT.values(is_open=False)
_OPEN_PICKUPS_AGAIN = _OF_VISIT.where(_THESE).values(is_open=True)
_HELD_ELSEWHERE = select(VisitPickup.visit_id).where(
    _THESE, VisitPickup.is_open, VisitPickup.visit_id != bindparam("visit")
)
_PUT_BACK = update(Visit).where(Visit.id == bindparam("v")).values(undo=None, undo_by_id=None, undo_until=None)
_CANCEL_CALL = update(Call).where(Call.id == bindparam("call"))
