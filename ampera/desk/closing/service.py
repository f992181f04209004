"""Close a service day: once, by a supervisor, when its last vehicle has left."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.desk.closing import figures, queries
from ampera.desk.closing.digest import ACTION, COLUMNS, digest
from ampera.desk.closing.models import ClosedDay
from ampera.desk.closing.refusals import ClosingRefusal
from ampera.errors import Refusal, Refused
from ampera.offices.models import Office


@dataclass(frozen=True)
class ClosedState:
    """A closed day after the act."""

    id: int
    day: date


@transaction
def close(unit: Unit, actor: Actor, day: date) -> ClosedState | Refused:
    """Write down the day as it is now. Nothing changes it any more; what comes later is shown beside it.

    Refused: `forbidden`, `day_is_closed`, `day_in_the_future`, `vehicles_still_here`, `nothing_to_close`.
    """
    office = unit.session.get_one(Office, actor.office_id)
    today = clock.local(unit.at, office.timezone).date()
    found = queries.day_figures(unit.session, office, day, today)
    if refusal := _why_not(unit, actor, day, today, found):
        audit.record(unit, actor, "day.refused", queries.subject(day), code=refusal.code)
        return refusal
    row = ClosedDay(
        office_id=office.id, day=day, closed_at=unit.at, closed_by_id=actor.staff_id, closed_by_name=actor.name,
        figures=figures.written(found),
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    proved = digest({name: getattr(row, name) for name in COLUMNS})
    audit.record(unit, actor, ACTION, queries.subject(day), closed_day=row.id, digest=proved)
    return ClosedState(row.id, day)


def _why_not(unit: Unit, actor: Actor, day: date, today: date, found: figures.DayFigures) -> Refused | None:
    office_id = actor.office_id or 0
    if actor.kind != "staff" or actor.role != "supervisor":
        return Refused(Refusal.FORBIDDEN, 403)
    if unit.session.scalar(select(ClosedDay.id).where(ClosedDay.office_id == office_id, ClosedDay.day == day)):
        return Refused(ClosingRefusal.DAY_IS_CLOSED, 409)
    if day > today:
        return Refused(ClosingRefusal.DAY_IN_THE_FUTURE, 409)
    if queries.open_visits(unit.session, office_id, day):
        return Refused(ClosingRefusal.VEHICLES_STILL_HERE, 409)
    if found.is_empty:  # a slip of the hand, once and for ever: an empty sheet of a day long ago, or of this morning
        return Refused(ClosingRefusal.NOTHING_TO_CLOSE, 409)
    return None
