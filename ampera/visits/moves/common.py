"""What every move shares: the visit and the lane it is about, whether it may be made, and how it is told."""

from typing import Any

from sqlalchemy import bindparam, func, select

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import Refusal, Refused
from ampera.offices.models import Lane, Office
from ampera.offices.refusals import OfficeRefusal
from ampera.visits import queries, states
from ampera.visits.events import VisitChanged
from ampera.visits.models import Visit
from ampera.visits.refusals import VisitRefusal

REASON_LENGTH = 200


def visit_of(unit: Unit, actor: Actor, visit_id: int) -> Any:
    """The visit with its office's options, when it is of the actor's office. Refused: `not_found`."""
    found = unit.conn.execute(_VISIT, {"id": visit_id, "office_id": actor.office_id}).one_or_none()
    return found or Refused(Refusal.NOT_FOUND, 404)


def lane_of(unit: Unit, actor: Actor, number: int) -> Any:
    """The lane of this number in the actor's office. Refused: `unknown_lane`."""
    where = unit.conn.execute(_LANE_BY_NUMBER, {"office_id": actor.office_id, "number": number}).one_or_none()
    return where or Refused(OfficeRefusal.UNKNOWN_LANE, 422, {"lane": OfficeRefusal.UNKNOWN_LANE})


def visit_and_lane(unit: Unit, actor: Actor, visit_id: int, lane: int | None) -> tuple[Any, Any]:
    """Both, or the first refusal and what was found. Without a number the lane is the one the visit stands at."""
    visit = visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit, None
    if lane is not None:
        return visit, lane_of(unit, actor, lane)
    if visit.lane_id is None:
        return visit, Refused(OfficeRefusal.UNKNOWN_LANE, 422, {"lane": OfficeRefusal.UNKNOWN_LANE})
    return visit, unit.conn.execute(_LANE_BY_ID, {"id": visit.lane_id}).one()


def window_of(unit: Unit, where: Any, wanted: int | None, visit: Any = None) -> int | Refused:
    """The window asked for; else where the vehicle stands in this lane already, or the first free one."""
    if wanted is not None:
        is_there = 1 <= wanted <= where.windows
        return (
            wanted if is_there else Refused(VisitRefusal.UNKNOWN_WINDOW, 422, {"window": VisitRefusal.UNKNOWN_WINDOW})
        )
    if where.windows == 1:
        return 1
    if visit is not None and visit.lane_id == where.id and visit.window and visit.state in states.AT_LANE:
        return visit.window
    taken = set(unit.conn.execute(_TAKEN_WINDOWS, {"lane_id": where.id}).scalars())
    return min(set(range(1, where.windows + 1)) - taken, default=1)


def first_refusal(*found: Any) -> Refused | None:
    return next((one for one in found if isinstance(one, Refused)), None)


def refusal(unit: Unit, actor: Actor, visit: Any, move: str) -> Refused | None:
    """Why the actor may not make this move now: `forbidden`, `wrong_state`, or `claimed_elsewhere`."""
    if not states.may(move, actor.role):
        audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", move=move, why=Refusal.FORBIDDEN)
        return Refused(Refusal.FORBIDDEN, 403)
    if states.after(move, visit.state) is None:
        return wrong_state(unit, actor, visit, move)
    if states.MOVES[move].needs_claim and actor.role != "supervisor":
        return foreign_claim(unit, actor, visit)
    return None


def wrong_state(unit: Unit, actor: Actor, visit: Any, move: str) -> Refused:
    audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", move=move, state=visit.state)
    return Refused(Refusal.WRONG_STATE, 409, detail={"state": visit.state})


def foreign_claim(unit: Unit, actor: Actor, visit: Any) -> Refused | None:
    """While another officer's lease lives the visit is theirs."""
    if visit.state != states.SERVING or visit.claim_staff_id == actor.staff_id:
        return None
    if not queries.is_claim_live(visit.claim_until, unit.at):
        return None
    audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", why=VisitRefusal.CLAIMED_ELSEWHERE)
    card = queries.visit_card(unit.conn, visit.id, actor.staff_id) or {}
    return Refused(VisitRefusal.CLAIMED_ELSEWHERE, 409, detail={"claim": card.get("claim")})


def done(unit: Unit, actor: Actor, visit_id: int, action: str, **details: Any) -> dict[str, Any]:
    """Record what was done, tell everybody who shows the visit, and give its card."""
    audit.record(unit, actor, action, f"visit:{visit_id}", **details)
    Office.raise_revision(unit.conn, actor.office_id or 0)
    unit.emit(VisitChanged(actor.office_id or 0, visit_id, queries.pickup_ids(unit.conn, visit_id)))
    return queries.visit_card(unit.conn, visit_id, actor.staff_id) or {}


def line(text: str | None) -> str:
    """A reason as one line."""
    return " ".join((text or "").split())[:REASON_LENGTH]


_Sister = Lane.__table__.alias("sister")
_LANES_OF_SITE = (
    select(func.count())
    .select_from(_Sister)
    .where(_Sister.c.office_id == Lane.office_id, _Sister.c.site == Lane.site)
    .scalar_subquery()
)
_LANE = select(
    Lane.id,
    Lane.number,
    Lane.kind,
    Lane.is_open,
    Lane.site,
    Lane.windows,
    _LANES_OF_SITE.label("lanes_of_site"),
    Office.options,
    Office.timezone,
).join(Office, Office.id == Lane.office_id)
_LANE_BY_ID = _LANE.where(Lane.id == bindparam("id"))
_LANE_BY_NUMBER = _LANE.where(Lane.office_id == bindparam("office_id"), Lane.number == bindparam("number"))
_VISIT = (
    select(Visit.__table__, Office.options, Office.timezone)
    .join(Office, Office.id == Visit.office_id)
    .where(Visit.id == bindparam("id"), Visit.office_id == bindparam("office_id"))
)
_TAKEN_WINDOWS = select(Visit.window).where(
    Visit.lane_id == bindparam("lane_id"), Visit.state.in_(states.AT_LANE), Visit.window.is_not(None)
)
