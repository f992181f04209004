"""The opening check of a lane: show a test on its screens, and record what works."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from ampera import audit, clock
from ampera.audit import Actor
from ampera.board.lane_checks import queries
from ampera.board.refusals import BoardRefusal
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Lane, Office
from ampera.offices.queries import lane_numbered
from ampera.offices.refusals import OfficeRefusal
from ampera.visits import states
from ampera.visits.models import Visit

SHOWN_FOR = timedelta(seconds=20)


@transaction
def show_test(unit: Unit, actor: Actor, number: int) -> dict[str, Any] | Refused:
    """Let the screens of this lane show a test for SHOWN_FOR. Refused: `unknown_lane`, `lane_in_use`.

    A vehicle at the lane is never covered by a test, and a call ends one.
    """
    office = unit.session.get_one(Office, actor.office_id)
    lane = lane_numbered(unit.session, office.id, number)
    if lane is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 404)
    if _has_vehicle(unit, office, lane):
        return Refused(BoardRefusal.LANE_IN_USE, 409)
    lane.test_until = unit.at + SHOWN_FOR
    Office.raise_revision(unit.conn, office.id)
    audit.record(unit, actor, "lane.screen_tested", f"office:{office.id}", lane=number)
    unit.emit(OfficeChanged(office.id))
    return {"lane": number, "until": clock.iso(lane.test_until), "revision": office.revision + 1}


@transaction
def record(unit: Unit, actor: Actor, number: int, results: Mapping[str, str]) -> dict[str, Any] | Refused:
    """Keep the result of each part in the history. Refused: `unknown_lane`."""
    lane = lane_numbered(unit.session, actor.office_id or 0, number)
    if lane is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 404)
    audit.record(unit, actor, queries.CHECKED, queries.subject_of(lane.id), lane=number, results=dict(results))
    return queries.check_card(unit.at, actor.name, results)


def _has_vehicle(unit: Unit, office: Office, lane: Lane) -> bool:
    here = {"office": office.id, "day": clock.today(office.timezone), "lane": lane.id}
    return unit.conn.execute(_AT_LANE, here).first() is not None


_AT_LANE = select(Visit.id).where(
    Visit.office_id == bindparam("office"),
    Visit.day == bindparam("day"),
    Visit.lane_id == bindparam("lane"),
    Visit.state.in_(states.AT_LANE),
)
