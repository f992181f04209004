"""Records an answer: a mark for the handover, and counters. Nothing joins the two.

There is no audit row on purpose: its place in the chain would show which handover gave which scores.
"""

from ampera import clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.offices.models import Office
from ampera.sql.statements import upsert
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
    if not unit.conn.execute(_MARK[unit.conn.dialect.name], {"handover_key": key}).rowcount:
        return False
    office = unit.session.get_one(Office, actor.office_id)
    month = f"{clock.local(unit.at, office.timezone):%Y-%m}"
    for element, score in scores.items():
        row = {"office_id": office.id, "month": month, "element": element, "score": score, "count": 1}
        unit.conn.execute(_COUNT[unit.conn.dialect.name], row)
    return True


_MARK = upsert(SurveyMark, ["handover_key"])
_COUNT = upsert(SurveyCount, ["office_id", "month", "element", "score"], {"count": SurveyCount.count + 1})
