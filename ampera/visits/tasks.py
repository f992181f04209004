"""The end of a service day: visits that an earlier day left open are ended, and all plates and looks are deleted.

Plates and the words for vehicles are stored for one day only. Expired arrivals are deleted here too.
"""

from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update

from ampera import audit, clock, db, events, tasks
from ampera.audit import Actor
from ampera.bookings.models import Booking
from ampera.db import Unit, transaction
from ampera.offices.events import TimezoneChanging
from ampera.offices.models import Office
from ampera.visits import queries, states
from ampera.visits.events import VisitChanged
from ampera.visits.models import Arrival, Visit

CHECK_SECONDS = 60


@tasks.every(CHECK_SECONDS)
def close_days() -> None:
    """Close the earlier days of every office that has open visits, plates or looks of them."""
    for office_id in _offices_with_leftovers():
        close_day(audit.command(office_id))


@events.during(TimezoneChanging)
def timezone_changing(unit: Unit, changing: TimezoneChanging) -> None:
    """Days and times of visits and bookings were written on the office's clock."""
    for table in (Visit, Booking):
        if unit.session.scalar(select(exists().where(table.office_id == changing.office_id))):
            changing.in_use_by.append(table.__tablename__)


@transaction
def close_day(unit: Unit, actor: Actor) -> int:
    """End the visits of earlier days, delete their plates and looks, and return how many visits were still open."""
    timezone = unit.conn.execute(select(Office.timezone).where(Office.id == actor.office_id)).scalar_one()
    earlier: dict[str, Any] = {"office": actor.office_id, "today": clock.local(unit.at, timezone).date()}
    open_still = unit.conn.execute(_OPEN_STILL, earlier).scalars().all()
    for visit_id in open_still:
        Visit.close(unit.conn, visit_id, states.LEFT, unit.at)
        audit.record(unit, actor, "visit.left", f"visit:{visit_id}", reason="day_over")
        unit.emit(VisitChanged(actor.office_id or 0, visit_id, queries.pickup_ids(unit.conn, visit_id)))
    forgotten = unit.conn.execute(_FORGET_PLATES, earlier).rowcount
    if forgotten:
        audit.record(unit, actor, "visits.plates_forgotten", f"office:{actor.office_id}", vehicles=forgotten)
    unit.conn.execute(_CLEAR_ARRIVALS, {"office": actor.office_id, "now": unit.at})
    if open_still:
        Office.raise_revision(unit.conn, actor.office_id or 0)
    return len(open_still)


def _offices_with_leftovers() -> list[int]:
    """Offices with something to close. This read comes first, so that the writer is not used every minute."""
    with db.reading() as session:
        found = []
        for office in session.execute(select(Office.id, Office.timezone)).all():
            earlier = {"office": office.id, "today": clock.today(office.timezone)}
            if session.execute(_LEFTOVER, earlier).first():
                found.append(office.id)
        return found


_EARLIER = (Visit.office_id == bindparam("office"), Visit.day < bindparam("today"))
_OPEN_STILL = select(Visit.id).where(*_EARLIER, Visit.state.in_(states.OPEN)).order_by(Visit.id)
_IS_KNOWN = Visit.plate.is_not(None) | Visit.look.is_not(None)
_LEFTOVER = select(Visit.id).where(*_EARLIER, Visit.state.in_(states.OPEN) | _IS_KNOWN).limit(1)
_FORGET_PLATES = update(Visit).where(*_EARLIER, _IS_KNOWN).values(plate=None, look=None)
_CLEAR_ARRIVALS = delete(Arrival).where(
    Arrival.office_id == bindparam("office"), Arrival.expires_at <= bindparam("now")
)
