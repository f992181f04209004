"""Serving a vehicle and ending its visit: claim, divert, no-show, leave, take back.

Each is one transaction. While a visit is served, the lease of its claim decides who may act.
"""

from sqlalchemy import bindparam, select, update

from ampera import events
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.passports.events import CancellationAsked
from ampera.passports.refusals import PassportRefusal
from ampera.sql.statements import Write
from ampera.visits import queries, states
from ampera.visits.cards import VisitCard
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.moves import common, undo_record
from ampera.visits.queue import order as queue_order
from ampera.visits.refusals import VisitRefusal
from ampera.visits.rows import LaneRow, VisitRow


@transaction
def serve(
    unit: Unit, actor: Actor, visit_id: int, lane: int | None, reason: str | None = None, window: int | None = None
) -> VisitCard | Refused:
    """Claim the visit for this officer at this lane, or renew the claim.

    Refused: `claimed_elsewhere`, `wrong_state`, `parked`.

    A claim whose lease has ended may be taken over, and its former holder can no longer hand over. Serving a waiting
    vehicle before its turn is logged with `reason`; without one the log says that none was given.
    """
    found = common.visit_at(unit, actor, "serve", visit_id, lane)
    if isinstance(found, Refused):
        return found
    visit, where = found
    if refusal := common.foreign_claim(unit, actor, visit):
        return refusal
    at_window = common.window_of(unit, where, window, visit)
    if isinstance(at_window, Refused):
        return at_window
    is_renewal = visit.claim_staff_id == actor.staff_id and visit.state == states.SERVING
    if not _claim(unit, actor, visit, where, at_window, is_renewal):
        return Refused(VisitRefusal.CLAIMED_ELSEWHERE, 409)
    if is_renewal and visit.claim_lane_id == where.id and visit.window == at_window:
        return queries.visit_card(unit.conn, visit.id, actor.staff_id)
    if visit.state == states.WAITING and (passed := queue_order.ahead_at(unit, visit, where)):
        queue_order.log(unit, actor, visit, "served", common.one_line(reason), passed)
    taken_over = visit.state == states.SERVING and not is_renewal
    return common.done(unit, actor, visit.id, "visit.served", lane=where.number, taken_over=taken_over)


@transaction
def divert(unit: Unit, actor: Actor, visit_id: int, reason: str | None) -> VisitCard | Refused:
    """Send the vehicle to the inside counter. The reason is never shown in the lane."""
    return _end(unit, actor, visit_id, "divert", reason)


@transaction
def mark_no_show(unit: Unit, actor: Actor, visit_id: int, reason: str | None) -> VisitCard | Refused:
    """The called vehicle did not come."""
    return _end(unit, actor, visit_id, "no-show", reason)


@transaction
def leave(unit: Unit, actor: Actor, visit_id: int, reason: str | None) -> VisitCard | Refused:
    """The vehicle leaves: done when books were handed over, left otherwise."""
    return _end(unit, actor, visit_id, "leave", reason)


@transaction
def take_back(unit: Unit, actor: Actor, visit_id: int, reason: str | None) -> VisitCard | Refused:
    """Let a vehicle whose visit has ended wait again with its number. Refused: `pickup_elsewhere`."""
    visit = common.allowed_visit(unit, actor, "return", visit_id)
    if isinstance(visit, Refused):
        return visit
    if refusal := queue_order.bring_back(unit, actor, visit, common.one_line(reason)):
        return refusal
    _REMEMBER.run(unit.conn, v=visit.id, **undo_record.of(unit, actor, visit, "return"))
    return common.done(unit, actor, visit.id, "visit.returned", reason=common.one_line(reason))


@events.during(CancellationAsked)
def object_while_served(unit: Unit, asked: CancellationAsked) -> None:
    """A book in a vehicle that is being served is in the hands of its officer."""
    if unit.conn.execute(_SERVED, {"pickup": asked.pickup_id}).first():
        asked.objections.append(PassportRefusal.BEING_SERVED)


def _claim(unit: Unit, actor: Actor, visit: VisitRow, where: LaneRow, window: int, is_renewal: bool) -> bool:
    """Write the claim. False when another officer was faster: of two claims that race, one finds no row."""
    claim = {
        "state": states.SERVING,
        "lane_id": where.id,
        "window": window,
        "since": visit.since if visit.state == states.SERVING else unit.at,
        "served_at": visit.served_at or unit.at,
        "claim_staff_id": actor.staff_id,
        "claim_lane_id": where.id,
        "claim_since": visit.claim_since if is_renewal else unit.at,
        "claim_until": queries.lease_end(unit.at, where.options),
    }
    if not is_renewal:
        claim |= undo_record.of(unit, actor, visit, "serve")
    return bool(_CLAIM.run(unit.conn, v=visit.id, s=visit.state, c=visit.claim_staff_id or 0, **claim))


def _end(unit: Unit, actor: Actor, visit_id: int, move: str, reason: str | None) -> VisitCard | Refused:
    visit = common.allowed_visit(unit, actor, move, visit_id)
    if isinstance(visit, Refused):
        return visit
    state = states.after(move, visit.state)
    if state == states.LEFT and visit.books_out:
        state = states.DONE
    undo = undo_record.of(unit, actor, visit, move)  # before the close, which takes the pickups out
    Visit.close(unit.conn, visit.id, str(state), unit.at)
    _REMEMBER.run(unit.conn, v=visit.id, parked_s=common.seconds_parked(unit, visit), **undo)
    return common.done(unit, actor, visit.id, f"visit.{state}", reason=common.one_line(reason))


_REMEMBER = Write(update(Visit).where(Visit.id == bindparam("v")))
_CLAIM = Write(
    update(Visit).where(
        Visit.id == bindparam("v"),
        Visit.state == bindparam("s"),
        (Visit.claim_staff_id == bindparam("c")) | (Visit.claim_staff_id.is_(None)) & (bindparam("c") == 0),
    )
)
_SERVED = (
    select(Visit.id)
    .join(VisitPickup, VisitPickup.visit_id == Visit.id)
    .where(VisitPickup.pickup_id == bindparam("pickup"), VisitPickup.is_open, Visit.state == states.SERVING)
)
