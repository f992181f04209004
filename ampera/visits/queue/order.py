"""The order of the queue: how many vehicles are ahead, where a vehicle comes back to, and the log of every change.

The order is a sequence, never a time of day. The place of a vehicle is its id until it comes back between two others.
"""

from math import floor

from sqlalchemy import bindparam, func, insert, select, update

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import Refused
from ampera.offices.options.defaults import option
from ampera.sql.statements import ColumnSelect, Write
from ampera.visits import slot_rules, states
from ampera.visits.models import OrderChange, Visit, VisitPickup
from ampera.visits.queue import places
from ampera.visits.refusals import VisitRefusal
from ampera.visits.rows import LaneRow, VisitRow


def ahead(unit: Unit, visit: VisitRow, kinds: tuple[str, ...], own_lane: int = 0) -> int:
    """The number of waiting vehicles of these kinds, at the same site, that come before this visit."""
    key = {**places.order_key(visit, own_lane), "kinds": kinds}
    return _COUNT_BEFORE.required(unit.conn, **key)


def ahead_at(unit: Unit, visit: VisitRow, where: LaneRow) -> int:
    """The number of waiting vehicles that this lane calls before this visit."""
    return ahead(unit, visit, states.kinds_at(where.kind), places.own_lane(where.id, where.options))


def without_priority(unit: Unit, visit: VisitRow) -> int:
    """The number of waiting vehicles without priority at the site of this visit."""
    return _WITHOUT_PRIORITY.required(unit.conn, **places.order_key(visit))


def log(unit: Unit, actor: Actor, visit: VisitRow, kind: str, reason: str | None, passed: int = 0) -> None:
    """Log a change of the order for the supervisor. `passed` is the number of vehicles that were overtaken."""
    row = {
        "office_id": visit.office_id,
        "day": visit.day,
        "visit_id": visit.id,
        "queue_no": visit.queue_no,
        "staff_id": actor.staff_id,
        "at": unit.at,
        "kind": kind,
        "reason": reason or states.NOT_GIVEN,
        "ahead": passed,
    }
    _LOG.run(unit.conn, **row)
    audit.record(
        unit, actor, "visit.order_changed", f"visit:{visit.id}", kind=kind, reason=row["reason"], passed=passed
    )


def went_ahead(unit: Unit, visit_id: int) -> bool:
    """Whether the last logged change of this visit is that it was served before its turn."""
    return unit.conn.execute(_LAST_CHANGE, {"visit": visit_id}).scalar() == "served"


def bring_back(unit: Unit, actor: Actor, visit: VisitRow, reason: str | None) -> Refused | None:
    """Let a vehicle whose visit has ended wait again with its number. Refused: `pickup_elsewhere`.

    The pickups come back with the vehicle, except those that came in another vehicle since. A booked slot counts
    while it lasts.
    """
    if not unit.conn.execute(_REOPEN, {"visit": visit.id}).rowcount:
        return Refused(VisitRefusal.PICKUP_ELSEWHERE, 409)
    booked_for = slot_rules.still_booked(visit, unit.at)
    others = _places(unit, visit, places.rank_of(visit.priority, booked_for))
    place = _place_after(others, option(visit.options, "no_show_after"), _newest(unit, visit))
    unit.conn.execute(
        _WAIT_AGAIN, {"visit": visit.id, "place": place, "since": unit.at, "booked_until_now": booked_for}
    )
    log(unit, actor, visit, "returned", reason or visit.state)
    return None


def _places(unit: Unit, visit: VisitRow, rank: int) -> list[float]:
    return list(unit.conn.execute(_PLACES, {**places.order_key(visit), "rank": rank}).scalars())


def _newest(unit: Unit, visit: VisitRow) -> int:
    return unit.conn.execute(_NEWEST, {"office_id": visit.office_id}).scalar_one()


def _place_after(others_at: list[float], others: int, newest: int) -> float:
    """The place behind `others` of the vehicles at the places `others_at`; 0, or more than there are, means the end.

    `newest` is the id of the newest visit. The end lies before the next visit, whose place will be a whole number.
    """
    if 0 < others < len(others_at):
        return (others_at[others - 1] + others_at[others]) / 2
    last = max([newest, *others_at])
    return (last + floor(last) + 1) / 2


_COUNT_BEFORE = ColumnSelect(
    select(func.count()).where(places.WAITS_WITH, places.BEFORE, Visit.kind.in_(bindparam("kinds", expanding=True)))
)
_LOG = Write(insert(OrderChange))
_LAST_CHANGE = (
    select(OrderChange.kind).where(OrderChange.visit_id == bindparam("visit")).order_by(OrderChange.id.desc()).limit(1)
)
_NEWEST = select(func.max(Visit.id)).where(Visit.office_id == bindparam("office_id"))
_PLACES = (
    select(places.place)
    .where(places.WAITS_WITH, places.rank == bindparam("rank"), Visit.id != bindparam("id"))
    .order_by(*places.IN_ORDER)
)
_WITHOUT_PRIORITY = ColumnSelect(select(func.count()).where(places.WAITS_WITH, Visit.priority.is_(None)))
_STILL_HERE = select(VisitPickup.pickup_id).where(VisitPickup.is_open)
_REOPEN = (
    update(VisitPickup)
    .where(
        VisitPickup.visit_id == bindparam("visit"),
        VisitPickup.out_at.is_(None),
        VisitPickup.pickup_id.not_in(_STILL_HERE),
    )
    .values(is_open=True)
)
_WAIT_AGAIN = (
    update(Visit)
    .where(Visit.id == bindparam("visit"))
    .values(
        state=states.WAITING,
        place=bindparam("place"),
        booked_for=bindparam("booked_until_now"),
        since=bindparam("since"),
        calls=0,
        window=None,
        served_at=None,
        ended_at=None,
        parked_at=None,
        parked_s=0,
        claim_staff_id=None,
        claim_lane_id=None,
        claim_since=None,
        claim_until=None,
        undo=None,
        undo_by_id=None,
        undo_until=None,
    )
)
