"""What a move changed, stored with the visit: for a short time the officer who made the move may undo it (`undo.py`).

The next move or a handover deletes the record.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from ampera import clock
from ampera.audit import Actor
from ampera.db import Unit
from ampera.offices.options.defaults import option
from ampera.sql.statements import ColumnSelect
from ampera.visits import states
from ampera.visits.models import VisitPickup
from ampera.visits.rows import VisitRow

KEPT = ("state", "lane_id", "window", "queue_no", "kind", "priority", "place", "calls", "parked_s")
MOMENTS = ("since", "called_at", "served_at", "ended_at", "claim_since", "claim_until", "booked_for", "parked_at")
CLAIM = ("claim_staff_id", "claim_lane_id")


def of(unit: Unit, actor: Actor, visit: VisitRow, move: str) -> dict[str, Any]:
    """Column values that let this actor undo the move. `visit` is the row before the move."""
    seconds = option(visit.options, "undo_seconds")
    if not states.MOVES[move].may_be_undone or actor.staff_id is None or not seconds:
        return {"undo": None, "undo_by_id": None, "undo_until": None}
    pickups = _OPEN_PICKUPS.all(unit.conn, visit=visit.id) if visit.state in states.OPEN else []
    before = {name: getattr(visit, name) for name in (*KEPT, *CLAIM)}
    before |= {name: clock.iso(getattr(visit, name)) for name in MOMENTS}
    return {
        "undo": {"move": move, "before": before, "pickups": pickups, "call": None},
        "undo_by_id": actor.staff_id,
        "undo_until": unit.at + timedelta(seconds=seconds),
    }


_OPEN_PICKUPS = ColumnSelect(
    select(VisitPickup.pickup_id).where(VisitPickup.visit_id == bindparam("visit"), VisitPickup.is_open)
)
