"""Changes of a vehicle that stays where it is: its priority, kind, plate, look, line, a code taken out of it."""

from sqlalchemy import bindparam, select, update

from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.visits import states
from ampera.visits.cards import VisitCard
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.moves import common, undo_record
from ampera.visits.queue import order as queue_order
from ampera.visits.refusals import VisitRefusal
from ampera.visits.rows import VisitRow
from ampera.visits.scan import check_in
from ampera.visits.scan.request import Vehicle


@transaction
def set_priority(unit: Unit, actor: Actor, visit_id: int, reason: str | None) -> VisitCard | Refused:
    """Give this vehicle priority for a reason of `states.PRIORITIES`; None takes the priority away.

    The vehicle gets a number with the letter of its new order, so that everybody sees why P003 goes before A012.
    """
    visit = common.allowed_visit(unit, actor, "priority", visit_id)
    if isinstance(visit, Refused):
        return visit
    if reason is not None and reason not in states.PRIORITIES:
        return Refused(Refusal.INVALID, 422, {"reason": VisitRefusal.UNKNOWN_REASON})
    if reason == visit.priority:
        return common.done(unit, actor, visit.id, "visit.priority_set", reason=reason)
    before = queue_order.ahead(unit, visit, states.VEHICLES)
    change = {"priority": reason, **undo_record.of(unit, actor, visit, "priority")}
    if not unit.conn.execute(_CHANGE, {"v": visit.id, "s": visit.state, **change}).rowcount:
        return common.moved_meanwhile(unit, visit)
    number = _renumber(unit, visit, visit.kind, reason)
    changed = visit._replace(priority=reason, queue_no=number)
    passed = before - queue_order.ahead(unit, changed, states.VEHICLES)
    queue_order.log(unit, actor, changed, "priority" if reason else "ordinary", reason, passed)
    return common.done(unit, actor, visit.id, "visit.priority_set", reason=reason)


@transaction
def set_vehicle(
    unit: Unit, actor: Actor, visit_id: int, kind: str | None, plate: str | None, look: str | None = None
) -> VisitCard | Refused:
    """Correct the kind (while the vehicle waits; its number changes), the plate or the look ("" removes either).

    Refused: `wrong_state`, `bad_plate`, `bad_look`.
    """
    visit = common.visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    if visit.state not in states.OPEN or (kind not in (None, visit.kind) and visit.state != states.WAITING):
        return common.wrong_state(unit, actor, visit, "vehicle")
    known = Vehicle(plate=plate, look=look).normalised()
    if isinstance(known, Refused):
        return known
    Visit.forget_undo(unit.conn, visit.id)
    change = {
        "kind": kind or visit.kind,
        "plate": visit.plate if plate is None else known.plate,
        "look": visit.look if look is None else known.look,
    }
    unit.conn.execute(_CHANGE, {"v": visit.id, "s": visit.state, **change})
    if kind is not None and kind != visit.kind:
        _renumber(unit, visit, kind, visit.priority)
    return common.done(unit, actor, visit.id, "visit.vehicle_set", kind=change["kind"])


@transaction
def direct(unit: Unit, actor: Actor, visit_id: int, lane: int | None) -> VisitCard | Refused:
    """Send a waiting vehicle to the line of this lane. Refused: `wrong_state`, `lane_closed`, `unfit_lane`."""
    found = common.visit_at(unit, actor, "direct", visit_id, lane)
    if isinstance(found, Refused):
        return found
    visit, where = found
    if refusal := common.misfit(visit, where):
        return refusal
    change = {"lane_id": where.id, **undo_record.of(unit, actor, visit, "direct")}
    if not unit.conn.execute(_CHANGE, {"v": visit.id, "s": visit.state, **change}).rowcount:
        return common.moved_meanwhile(unit, visit)
    return common.done(unit, actor, visit.id, "visit.directed", lane=where.number)


@transaction
def take_out(unit: Unit, actor: Actor, visit_id: int, pickup_id: int) -> VisitCard | Refused:
    """Take a code out of the vehicle; a visit without codes ends. Refused: `wrong_state`, `claimed_elsewhere`."""
    visit = common.visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    if visit.state not in states.OPEN:
        return common.wrong_state(unit, actor, visit, "take-out")
    if actor.role != "supervisor" and (refusal := common.foreign_claim(unit, actor, visit)):
        return refusal
    if not unit.conn.execute(_IS_IN, {"visit": visit.id, "pickup": pickup_id}).first():
        return Refused(Refusal.NOT_FOUND, 404)
    check_in.take_out(unit, visit.id, pickup_id)
    return common.done(unit, actor, visit.id, "visit.taken_out", pickup=pickup_id)


def _renumber(unit: Unit, visit: VisitRow, kind: str, priority: str | None) -> str:
    """Give the vehicle a number with the right letter, and return the number. An old number is never given again."""
    prefix = check_in.prefix_of(visit.options, kind, priority)
    if visit.queue_no.startswith(prefix):
        return visit.queue_no
    number = check_in.next_number(unit, visit.office_id, visit.day, prefix)
    unit.conn.execute(_NUMBER, {"v": visit.id, "queue_no": number})
    return number


_CHANGE = update(Visit).where(Visit.id == bindparam("v"), Visit.state == bindparam("s"))
_NUMBER = update(Visit).where(Visit.id == bindparam("v"))
_IS_IN = select(VisitPickup.pickup_id).where(
    VisitPickup.visit_id == bindparam("visit"), VisitPickup.pickup_id == bindparam("pickup"), VisitPickup.is_open
)
