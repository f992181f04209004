"""What every move shares: the visit and the lane it is about, whether the move is allowed, and its record."""

from typing import Any

from sqlalchemy import bindparam, func, select

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import Refusal, Refused
from ampera.offices.models import Lane, Office
from ampera.offices.refusals import OfficeRefusal
from ampera.sql.statements import TypedSelect
from ampera.visits import queries, states
from ampera.visits.cards import VisitCard
from ampera.visits.events import VisitChanged
from ampera.visits.models import Visit
from ampera.visits.refusals import VisitRefusal
from ampera.visits.rows import LaneRow, VisitRow

REASON_LENGTH = 200


def visit_of(unit: Unit, actor: Actor, visit_id: int) -> VisitRow | Refused:
    """The visit, if it is of the actor's office. Refused: `not_found`."""
    return queries.visit_of(unit.conn, visit_id, actor.office_id) or Refused(Refusal.NOT_FOUND, 404)


def lane_of(unit: Unit, actor: Actor, number: int) -> LaneRow | Refused:
    """The lane of this number in the actor's office. Refused: `unknown_lane`."""
    return _LANE_BY_NUMBER.first(unit.conn, office_id=actor.office_id, number=number) or _unknown_lane()


def visit_at(
    unit: Unit, actor: Actor, move: str, visit_id: int, lane: int | None
) -> tuple[VisitRow, LaneRow] | Refused:
    """The visit and the lane of a move that the actor may make now. Without a number the lane is the visit's own.

    Refused: `not_found`, `unknown_lane`, and the reasons of `refusal`.
    """
    visit = visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    where = _LANE_BY_ID.first(unit.conn, id=visit.lane_id) if lane is None else lane_of(unit, actor, lane)
    if where is None or isinstance(where, Refused):
        return where or _unknown_lane()
    return refusal(unit, actor, visit, move) or (visit, where)


def allowed_visit(unit: Unit, actor: Actor, move: str, visit_id: int) -> VisitRow | Refused:
    """The visit of a move that the actor may make now. Refused: `not_found`, and the reasons of `refusal`."""
    visit = visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    return refusal(unit, actor, visit, move) or visit


def window_of(unit: Unit, where: LaneRow, wanted: int | None, visit: VisitRow | None = None) -> int | Refused:
    """The wanted window; else the one at which the vehicle is in this lane already, or the first free one."""
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


def refusal(unit: Unit, actor: Actor, visit: VisitRow, move: str) -> Refused | None:
    """Why the actor may not make this move now: `forbidden`, `wrong_state`, `parked`, `claimed_elsewhere`. Audited."""
    if not states.may(move, actor.role):
        audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", move=move, why=Refusal.FORBIDDEN)
        return Refused(Refusal.FORBIDDEN, 403)
    if states.after(move, visit.state) is None:
        return wrong_state(unit, actor, visit, move)
    if visit.parked_at and not states.MOVES[move].is_for_parked:
        return parked(unit, actor, visit, move)
    if states.MOVES[move].needs_claim and actor.role != "supervisor":
        return foreign_claim(unit, actor, visit)
    return None


def misfit(visit: VisitRow, where: LaneRow) -> Refused | None:
    """Why a vehicle cannot be sent to this lane: `lane_closed`, or `unfit_lane` (another site, the other kind)."""
    if not where.is_open:
        return Refused(VisitRefusal.LANE_CLOSED, 409)
    if visit.kind not in states.kinds_at(where.kind) or visit.site != where.site:
        return Refused(VisitRefusal.UNFIT_LANE, 409)
    return None


def wrong_state(unit: Unit, actor: Actor, visit: VisitRow, move: str) -> Refused:
    """The refusal of a move that is not possible from the visit's state. It is audited."""
    audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", move=move, state=visit.state)
    return Refused(Refusal.WRONG_STATE, 409, detail=_where(visit))


def parked(unit: Unit, actor: Actor, visit: VisitRow, move: str) -> Refused:
    """The refusal of a move that needs the vehicle at a window. It is audited."""
    audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", move=move, why=VisitRefusal.PARKED)
    return Refused(VisitRefusal.PARKED, 409, detail=_where(visit))


def foreign_claim(unit: Unit, actor: Actor, visit: VisitRow) -> Refused | None:
    """The refusal of a move while the lease of another officer lasts. It is audited."""
    if visit.state != states.SERVING or visit.claim_staff_id == actor.staff_id:
        return None
    if not queries.is_claim_live(visit.claim_until, unit.at):
        return None
    audit.record(unit, actor, "visit.refused", f"visit:{visit.id}", why=VisitRefusal.CLAIMED_ELSEWHERE)
    card = queries.visit_card(unit.conn, visit.id, actor.staff_id)
    return Refused(VisitRefusal.CLAIMED_ELSEWHERE, 409, detail={**_where(visit), "claim": card["claim"]})


def done(unit: Unit, actor: Actor, visit_id: int, action: str, **details: object) -> VisitCard:
    """Audit the move, announce the change to everything that shows the visit, and return its card."""
    audit.record(unit, actor, action, f"visit:{visit_id}", **details)
    Office.raise_revision(unit.conn, actor.office_id or 0)
    unit.emit(VisitChanged(actor.office_id or 0, visit_id, queries.pickup_ids(unit.conn, visit_id)))
    return queries.visit_card(unit.conn, visit_id, actor.staff_id)


def moved_meanwhile(unit: Unit, visit: VisitRow) -> Refused:
    """The refusal of a move whose conditional update found the visit in another state: somebody was faster."""
    fresh = queries.visit_of(unit.conn, visit.id, visit.office_id) or visit
    return Refused(Refusal.WRONG_STATE, 409, detail=_where(fresh))


def _where(visit: VisitRow) -> dict[str, Any]:
    """The state that a refusal names, and where."""
    lane = visit.claim_lane_number if visit.state == states.SERVING else visit.lane_number
    return {"state": visit.state, "queue_no": visit.queue_no, "lane": lane}


def seconds_parked(unit: Unit, visit: VisitRow) -> int:
    """All seconds that this vehicle has waited at the side until now."""
    now = int((unit.at - visit.parked_at).total_seconds()) if visit.parked_at else 0
    return visit.parked_s + max(0, now)


def one_line(text: str | None) -> str:
    """A reason without line breaks, at most REASON_LENGTH characters."""
    return " ".join((text or "").split())[:REASON_LENGTH]


def _unknown_lane() -> Refused:
    return Refused(OfficeRefusal.UNKNOWN_LANE, 422, {"lane": OfficeRefusal.UNKNOWN_LANE})


_Sister = Lane.__table__.alias("sister")
_LANES_OF_SITE = (
    select(func.count())
    .select_from(_Sister)
    .where(_Sister.c.office_id == Lane.office_id, _Sister.c.site == Lane.site)
    .scalar_subquery()
)
_LANE = TypedSelect(
    LaneRow,
    select(
        Lane.id,
        Lane.number,
        Lane.kind,
        Lane.is_open,
        Lane.site,
        Lane.windows,
        _LANES_OF_SITE.label("lanes_of_site"),
        Office.options,
        Office.timezone,
    ).join(Office, Office.id == Lane.office_id),
)
_LANE_BY_ID = _LANE.where(Lane.id == bindparam("id"))
_LANE_BY_NUMBER = _LANE.where(Lane.office_id == bindparam("office_id"), Lane.number == bindparam("number"))
_TAKEN_WINDOWS = select(Visit.window).where(
    Visit.lane_id == bindparam("lane_id"), Visit.state.in_(states.AT_LANE), Visit.window.is_not(None)
)
