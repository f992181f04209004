"""Undoing a move: for a short time the officer who made a move may restore the visit as it was before."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.visits.cards import VisitCard
from ampera.visits.models import Call, Visit, VisitPickup
from ampera.visits.moves import common, undo_record
from ampera.visits.queue import order as queue_order
from ampera.visits.refusals import VisitRefusal
from ampera.visits.rows import VisitRow

CHANGES_ORDER = ("call", "priority", "return")


@transaction
def undo(unit: Unit, actor: Actor, visit_id: int) -> VisitCard | Refused:
    """Undo the actor's own last move. Refused: `undo_over` (too late, or another officer's), `pickup_elsewhere`."""
    visit = common.allowed_visit(unit, actor, "undo", visit_id)
    if isinstance(visit, Refused):
        return visit
    record = _record_of(visit, actor, unit.at)
    if record is None:
        return Refused(VisitRefusal.UNDO_OVER, 409)
    pickups = {"visit": visit.id, "pickups": record["pickups"]}
    if unit.conn.execute(_HELD_ELSEWHERE, pickups).first():
        return Refused(VisitRefusal.PICKUP_ELSEWHERE, 409)
    unit.conn.execute(_CLOSE_PICKUPS, {"visit": visit.id})
    unit.conn.execute(_OPEN_PICKUPS_AGAIN, pickups)
    before = {**record["before"], **{name: _moment(record["before"].get(name)) for name in undo_record.MOMENTS}}
    unit.conn.execute(_PUT_BACK, {"v": visit.id, **before})
    if record["call"]:
        unit.conn.execute(_CANCEL_CALL, {"call": record["call"], "cancelled_at": unit.at})
    if record["move"] in CHANGES_ORDER or (record["move"] == "serve" and queue_order.went_ahead(unit, visit.id)):
        queue_order.log(unit, actor, visit, "undone", record["move"])
    return common.done(unit, actor, visit.id, "visit.undone", move=record["move"])


def _record_of(visit: VisitRow, actor: Actor, at: datetime) -> dict[str, Any] | None:
    """What the last move changed, if this actor made it and may still undo it."""
    if visit.undo_by_id != actor.staff_id or visit.undo_until is None or visit.undo_until <= at:
        return None
    return visit.undo


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


_OF_VISIT = update(VisitPickup).where(VisitPickup.visit_id == bindparam("visit"))
_THESE = VisitPickup.pickup_id.in_(bindparam("pickups", expanding=True))
_CLOSE_PICKUPS = _OF_VISIT.values(is_open=False)
_OPEN_PICKUPS_AGAIN = _OF_VISIT.where(_THESE).values(is_open=True)
_HELD_ELSEWHERE = select(VisitPickup.visit_id).where(
    _THESE, VisitPickup.is_open, VisitPickup.visit_id != bindparam("visit")
)
_PUT_BACK = update(Visit).where(Visit.id == bindparam("v")).values(undo=None, undo_by_id=None, undo_until=None)
_CANCEL_CALL = update(Call).where(Call.id == bindparam("call"))
