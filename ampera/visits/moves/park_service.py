"""A served vehicle leaves the window for a while, with its number, its officer and its work, and comes back.

The state stays `serving` and the officer keeps the claim. The lease goes on as for every claim: after its end another
officer may resume the visit, and until then nobody else may. Nothing is handed over while the vehicle is parked.
"""

from sqlalchemy import bindparam, update

from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.visits import queries, states
from ampera.visits.cards import VisitCard
from ampera.visits.models import Visit
from ampera.visits.moves import common, undo_record


@transaction
def park(unit: Unit, actor: Actor, visit_id: int) -> VisitCard | Refused:
    """Let the vehicle wait at the side. Parking a parked vehicle changes nothing.

    Refused: `wrong_state` when it is not served, `claimed_elsewhere`.
    """
    visit = common.allowed_visit(unit, actor, "park", visit_id)
    if isinstance(visit, Refused):
        return visit
    if visit.parked_at:
        return queries.visit_card(unit.conn, visit.id, actor.staff_id)
    change = {
        "parked_at": unit.at,
        "window": None,
        "claim_until": queries.lease_end(unit.at, visit.options),
        **undo_record.of(unit, actor, visit, "park"),
    }
    if not unit.conn.execute(_PARK, {"v": visit.id, "c": visit.claim_staff_id, **change}).rowcount:
        return common.moved_meanwhile(unit, visit)
    return common.done(unit, actor, visit.id, "visit.parked", lane=visit.claim_lane_number)


@transaction
def resume(unit: Unit, actor: Actor, visit_id: int, lane: int | None, window: int | None = None) -> VisitCard | Refused:
    """Take a parked vehicle to a window of this lane, claimed by this officer. What this officer serves stays as it is.

    Refused: `wrong_state` when it is not parked, `claimed_elsewhere` while the lease of another officer lasts.
    """
    found = common.visit_at(unit, actor, "resume", visit_id, lane)
    if isinstance(found, Refused):
        return found
    visit, where = found
    if refusal := common.foreign_claim(unit, actor, visit):
        return refusal
    is_own = visit.claim_staff_id == actor.staff_id
    if visit.parked_at is None and is_own:
        return queries.visit_card(unit.conn, visit.id, actor.staff_id)
    if visit.parked_at is None:
        return common.wrong_state(unit, actor, visit, "resume")
    at_window = common.window_of(unit, where, window)
    if isinstance(at_window, Refused):
        return at_window
    change = {
        "parked_at": None,
        "parked_s": common.seconds_parked(unit, visit),
        "lane_id": where.id,
        "window": at_window,
        "claim_staff_id": actor.staff_id,
        "claim_lane_id": where.id,
        "claim_since": visit.claim_since if is_own else unit.at,
        "claim_until": queries.lease_end(unit.at, where.options),
        **undo_record.of(unit, actor, visit, "resume"),
    }
    if not unit.conn.execute(_RESUME, {"v": visit.id, "p": visit.parked_at, **change}).rowcount:
        return common.moved_meanwhile(unit, visit)
    return common.done(unit, actor, visit.id, "visit.resumed", lane=where.number, taken_over=not is_own)


# Conditional: of two officers who resume a vehicle at once one finds no row, also when the first has parked it again. A
# visit that has just ended stays ended.
_SERVED = (Visit.id == bindparam("v"), Visit.state == states.SERVING)
_PARK = update(Visit).where(*_SERVED, Visit.parked_at.is_(None), Visit.claim_staff_id == bindparam("c"))
_RESUME = update(Visit).where(*_SERVED, Visit.parked_at == bindparam("p"))
