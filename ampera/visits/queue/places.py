"""The place of a vehicle in the queue, as statements compare it: which vehicles are called before which."""

from datetime import datetime
from typing import Any

from sqlalchemy import Double, Integer, and_, bindparam, case, func, or_

from ampera.offices.options.defaults import option
from ampera.visits import states
from ampera.visits.models import Visit
from ampera.visits.rows import Options, VisitRow

# The order of the queue: vehicles with priority, then vehicles in their booked slot, then all others; within each by
# place. The place of a vehicle that never came back is its id.
rank = case((Visit.priority.is_not(None), 0), (Visit.booked_for.is_not(None), 1), else_=2)
place = func.coalesce(Visit.place, Visit.id)
IN_ORDER = (rank, place, Visit.id)
# Where a gate sends each vehicle to a lane, a lane calls the vehicles of its own line first.
line = case((Visit.lane_id == bindparam("own_lane", type_=Integer), 0), else_=1)
IN_ORDER_OF_LANE = (line, *IN_ORDER)
# Both take the parameters of `order_key`.
_BEFORE_IN_LINE = or_(
    rank < bindparam("rank"),
    and_(
        rank == bindparam("rank"),
        or_(
            place < bindparam("place", type_=Double),
            and_(place == bindparam("place", type_=Double), Visit.id < bindparam("id")),
        ),
    ),
)
BEFORE = or_(line < bindparam("line"), and_(line == bindparam("line"), _BEFORE_IN_LINE))
WAITS_WITH = and_(
    Visit.office_id == bindparam("office_id"),
    Visit.day == bindparam("day"),
    Visit.site == bindparam("site"),
    Visit.state == states.WAITING,
)


def has_lines(options: Options) -> bool:
    """Whether a gate sends each vehicle to the line of one lane."""
    return bool(option(options, "separate_gate")) and not option(options, "common_queue")


def own_lane(lane_id: int, options: Options) -> int:
    """The lane that calls its own line first, as the parameter `own_lane`; 0 where all lanes share one queue."""
    return lane_id if has_lines(options) else 0


def order_key(visit: VisitRow, own_lane: int = 0) -> dict[str, Any]:
    """The place of this visit in its queue, as parameters of WAITS_WITH and BEFORE.

    With `own_lane`: in the order in which this lane calls.
    """
    return {
        "own_lane": own_lane,
        "line": 0 if own_lane and visit.lane_id == own_lane else 1,
        "office_id": visit.office_id,
        "day": visit.day,
        "site": visit.site,
        "rank": rank_of(visit.priority, visit.booked_for),
        "place": float(visit.id if visit.place is None else visit.place),
        "id": visit.id,
    }


def rank_of(priority: str | None, booked_for: datetime | None) -> int:
    """`rank` of a visit with these values."""
    if priority is not None:
        return 0
    return 2 if booked_for is None else 1
