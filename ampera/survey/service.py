"""Taking an answer: a mark that this handover has answered, and counters. Nothing joins the two.

There is no audit row on purpose: its place in the chain would say which handover gave which scores.
"""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from ampera import clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.offices.models import Office
from ampera.survey.models import SurveyCount, SurveyMark
from ampera.survey.queries import unanswered


@transaction
def answer(unit: Unit, actor: Actor, pickup_id: int, scores: dict[str, int]) -> bool:
    """Count these scores (by question) once for the newest handover of the pickup that has not answered.

    False, and nothing is written, when there is none: a second tap changes nothing.
    """
    key = unanswered(unit.conn, pickup_id)
    if key is None or not scores:
        return False
    # The unique mark has the last word: of two taps at once only one gets as far as the counters.
    marked = _insert(unit, SurveyMark).on_conflict_do_nothing(index_elements=["handover_key"])
    if not unit.conn.execute(marked, {"handover_key": key}).rowcount:
        return False
    office = unit.session.get_one(Office, actor.office_id)
    month = f"{clock.local(unit.at, office.timezone):%Y-%m}"
    for element, score in scores.items():
        _count(unit, {"office_id": office.id, "month": month, "element": element, "score": score, "count": 1})
    return True


def _count(unit: Unit, row: dict[str, Any]) -> None:
    one = _insert(unit, SurveyCount)
    more = one.on_conflict_do_update(
        index_elements=["office_id", "month", "element", "score"], set_={"count": SurveyCount.count + 1}
    )
    unit.conn.execute(more, row)


def _insert(unit: Unit, table: Any) -> Any:
    """Both databases know ON CONFLICT; SQLAlchemy gives each its own statement."""
    return (postgresql if unit.conn.dialect.name == "postgresql" else sqlite).insert(table)
