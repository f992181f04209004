"""Redis and PostgreSQL go away under load and come back: nothing acknowledged is lost, nobody restarts a server."""

import pytest

from tests import builders
from tests.conftest import SERVER_SECRETS
from tests.faults.officers import Officers, summary

pytestmark = pytest.mark.proof


@pytest.fixture
def central(new_server, own_cluster):
    """A server on a PostgreSQL of its own, with an office; `central(**settings)` starts it."""

    def start(**settings):
        server = new_server(DATABASE_URL=own_cluster.new_database(), **SERVER_SECRETS, **settings)
        server.start()
        with server.app.app_context():
            builders.office()
            server.key = builders.key("officer")
        return server

    return start


def test_redis_is_gone_for_half_a_minute_and_no_officer_notices(central, new_redis):
    url = new_redis()
    server = central(REDIS_URL=url)
    with Officers(server, server.key) as officers:
        before = officers.work_for(5)
        new_redis.stop()
        gone = officers.work_for(30)
        new_redis(int(url.rpartition(":")[2].partition("/")[0]))
        back = officers.work_for(5)
    for name, answers in (
        ("before", officers.since(before, gone)),
        ("gone", officers.since(gone, back)),
        ("back", officers.since(back)),
    ):
        print(f"{name}: {summary(answers)}")
    assert {answer.status for answer in officers.answers} <= {200, 201}
    print(f"{officers.settle()} scans, each there once")


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_postgresql_is_restarted_under_load(central, own_cluster, mode):
    server = central()
    with Officers(server, server.key) as officers:
        before = officers.work_for(5)
        own_cluster.stop(mode)
        gone = officers.work_for(10)
        own_cluster.start()
        back = officers.work_for(10)
    for name, answers in (
        ("before", officers.since(before, gone)),
        ("gone", officers.since(gone, back)),
        ("back", officers.since(back)),
    ):
        print(f"{mode}, {name}: {summary(answers)}")
    assert {answer.status for answer in officers.answers} <= {200, 201, 503}
    assert {answer.status for answer in officers.since(back + 2)} <= {200, 201}, "recovered without a hand"
    print(f"{officers.settle()} scans, each there once")
