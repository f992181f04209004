"""The same over the network: two server processes on one database, which share no lock but the database's own."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import httpx
import pytest
from sqlalchemy import func, select

from ampera import db
from ampera.handovers.models import Handover
from ampera.reports import proof
from ampera.visits.models import VisitPickup
from tests import builders
from tests.conftest import SECRETS, on_both
from tests.handovers import steps
from tests.race import crowd
from tests.services import LiveServer

pytestmark = on_both


@pytest.fixture
def clients(app, tmp_path, database) -> Iterator[list[httpx.Client]]:
    """Eight clients of one officer, every other one at the second server."""
    secrets = {name.removeprefix("AMPERA_"): value for name, value in SECRETS.items()}
    key = {"Authorization": f"Bearer {builders.key('officer')}"}
    with ExitStack() as stack:
        servers = [LiveServer(tmp_path, DATABASE_URL=database, **secrets) for _ in range(2)]
        for server in servers:
            stack.callback(server.kill9)
            server.start()
        urls = [servers[n % 2].url for n in range(crowd.SIZE)]
        yield [stack.enter_context(httpx.Client(base_url=url, headers=key, timeout=crowd.PATIENCE)) for url in urls]


def test_eight_scans_and_eight_confirms_over_two_servers_give_one_of_each(clients, request):
    rounds = request.config.getoption("--rounds")
    for n in range(1, rounds + 1):
        (book,), code = builders.ready(n)
        scans = crowd.at_once([partial(steps.scan, one, code) for one in clients])
        visits = {answer.json()["visit"]["id"] for answer in scans}
        assert len(visits) == 1
        visit = visits.pop()
        assert clients[0].post(f"/api/v1/visits/{visit}/serve", json={"lane": 1}).status_code == 200
        bodies = [steps.body(visit, steps.book(book, n)) for _ in clients]
        told = Counter(answer.status_code for answer in crowd.posts(clients, "/api/v1/handovers", bodies))
        assert told == {201: 1, 409: crowd.SIZE - 1}
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(VisitPickup)) == rounds
        assert session.scalar(select(func.count()).select_from(Handover)) == rounds
    with db.reading() as session:
        assert proof.verify(session)["ok"]
