"""When the server counts as ready: its database, PostgreSQL, a second process on its port; and who sees its metrics."""

import sqlite3

import httpx

from tests import services

PATIENCE = 60  # seconds for one answer
FIGURES = (
    "ampera_requests_total",
    "ampera_loop_delay_seconds_bucket",
    "ampera_build_info{version=",
    "ampera_processes 1.0",
    "ampera_connections ",
    "ampera_database_connections{state=",
    'ampera_database_waiting{for="office"} 0.0',
    'ampera_disk_free_bytes{folder="instance"}',
    "ampera_database_journal_bytes",
)


def test_ready_means_writable_and_of_this_version(new_server):
    with new_server() as server:
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).json() == {"status": "ready"}
        assert "There is no office yet. Make one: ampera init" in server.log
        with sqlite3.connect(server.instance / "ampera.db") as database:
            database.execute("UPDATE alembic_version SET version_num = '0000'")
        database.close()
        services.wait_until(lambda: not server.is_ready(), "the server calls itself ready")
        answer = httpx.get(f"{server.url}/readyz", timeout=PATIENCE)
        assert answer.status_code == 503 and "ampera init" in answer.json()["reason"]


def test_postgresql_is_served_and_waited_for_without_blocking(new_server, cluster):
    with new_server(DATABASE_URL=cluster.new_database()) as server:
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).json() == {"status": "ready"}
        assert server.terminate() == 0


def test_with_redis_two_processes_share_one_port_and_one_may_go(new_server, cluster, template, redis_url):
    shared = {"REDIS_URL": redis_url, "DATABASE_URL": cluster.new_database(template)}
    with new_server(**shared) as first:
        other = new_server(**shared, BIND=first.environ["AMPERA_BIND"])
        other.port, other.url = first.port, first.url
        other.start()  # at first it may be the one that answers for both
        services.wait_until(
            lambda: first.log.count('"serving"') == 2, "the other does not serve", services.START_SECONDS
        )
        assert first.terminate() == 0
        assert httpx.get(f"{other.url}/readyz", timeout=PATIENCE).is_success
        assert other.terminate() == 0


def test_metrics_are_for_this_machine_not_for_those_behind_a_proxy(server):
    shown = httpx.get(f"{server.url}/metrics", timeout=PATIENCE).text
    for figure in FIGURES:
        assert figure in shown
    from_afar = {"X-Forwarded-For": "203.0.113.5"}
    assert httpx.get(f"{server.url}/metrics", headers=from_afar, timeout=PATIENCE).status_code == 403
