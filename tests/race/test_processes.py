"""The same over the network: two server processes on one database, which share no lock but the database's own."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import count

import httpx
import pytest
from sqlalchemy import func, select

from ampera import clock, db
from ampera.handovers.models import Handover
from ampera.tools.auditing import proof
from ampera.visits.models import VisitPickup
from tests import builders
from tests.bookings import steps as steps_of_booking
from tests.conftest import SERVER_SECRETS
from tests.handovers import steps
from tests.race import crowd

# SQLite has one server: a second one is refused.
pytestmark = [pytest.mark.true_time, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]


@pytest.fixture
def clients(app, new_server, database) -> Iterator[list[httpx.Client]]:
    """Eight clients of one officer, every other one at the second server."""
    key = {"Authorization": f"Bearer {builders.key('officer')}"}
    with ExitStack() as stack:
        servers = [new_server(DATABASE_URL=database, **SERVER_SECRETS) for _ in range(2)]
        for server in servers:
            server.start()
        urls = [servers[n % 2].url for n in range(crowd.SIZE)]
        # A connection for each request: a kept one may be ended by its server in the moment of the next request.
        how = {"headers": key, "timeout": crowd.PATIENCE, "limits": httpx.Limits(max_keepalive_connections=0)}
        yield [stack.enter_context(httpx.Client(base_url=url, **how)) for url in urls]


def test_eight_scans_and_eight_confirms_over_two_servers_give_one_of_each(clients, request):
    rounds = request.config.getoption("--rounds")
    for n in range(1, rounds + 1):
        (book,), code = builders.ready(n)
        scans = crowd.at_once([partial(steps.scan, client, code) for client in clients])
        visits = {answer.json()["visit"]["id"] for answer in scans}
        assert len(visits) == 1
        visit = visits.pop()
        assert clients[0].post(f"/api/v1/visits/{visit}/serve", json={"lane": 1}).status_code == 200
        bodies = [steps.body(visit, steps.book(book, n)) for _ in clients]
        statuses = Counter(answer.status_code for answer in crowd.posts(clients, "/api/v1/handovers", bodies))
        assert statuses == {201: 1, 409: crowd.SIZE - 1}
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(VisitPickup)) == rounds
        assert session.scalar(select(func.count()).select_from(Handover)) == rounds
    with db.reading() as session:
        assert proof.verify(session)["ok"]


def test_the_last_place_of_a_window_goes_to_one_phone(clients, request):
    steps_of_booking.opens(slot_capacity={"car": 1, "motorcycle": 1})
    day = clock.today() + timedelta(days=1)
    numbers = count(1)
    for n in range(max(2, request.config.getoption("--rounds") // 5)):
        # New phones each round: one phone may try twenty times a minute only.
        pickups = [steps_of_booking.pickup(next(numbers), issued_on=clock.today()) for _ in clients]
        links = [steps_of_booking.link_of(pickup) for pickup in pickups]
        form = {"kind": "car", "starts_at": steps_of_booking.local(f"08:{15 * (n % 4):02d}", day).isoformat()}
        asked = [partial(_book, *phone, form) for phone in zip(clients, links, strict=True)]
        assert Counter(crowd.at_once(asked)) == {204: 1, 409: crowd.SIZE - 1}
        assert steps_of_booking.counts_are_rows()
        for pickup in pickups:
            steps_of_booking.give_back(pickup)


def _book(client, link, form):
    return client.post(f"/p/{link}/booking", data=form, headers={"Accept": "application/json"}).status_code
