"""Queue numbers and quotas under a crowd: no number twice in a day, not one vehicle too many, on both databases."""

import uuid

from sqlalchemy import func, select

from ampera import db
from ampera.visits.models import Visit
from tests import builders
from tests.conftest import on_both
from tests.race import crowd
from tests.visits import steps


def _arrive(clients, begin, lane=1, **more):
    """Eight vehicles at once: the verdicts and numbers they get."""
    bodies = []
    for n in range(begin, begin + crowd.SIZE):
        _, code = builders.ready(n)
        bodies.append({"scan_id": str(uuid.uuid4()), "lane": lane, "input": code, **more})
    return [answer.get_json() for answer in crowd.posts(clients.both, "/api/v1/scans", bodies)]


@on_both
def test_no_number_is_given_twice(clients):
    answers = _arrive(clients, 1000) + _arrive(clients, 1100, kind="motorcycle")
    numbers = sorted(answer["visit"]["queue_no"] for answer in answers)
    assert numbers == [f"{letter}{n:03d}" for letter in "AB" for n in range(1, crowd.SIZE + 1)]


@on_both
def test_quota_admits_exactly_the_set_number(clients):
    steps.option("day_quota", 5)
    answers = _arrive(clients, 1000)
    assert sorted(answer["verdict"] for answer in answers) == ["closed"] * 3 + ["ok"] * 5
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 5
