"""What is refused at start, with a sentence that says what to set; and when the server counts as ready."""

import sqlite3
import subprocess
import time

import httpx
import pytest

from ampera.monitoring.health import KEEP_SECONDS
from tests import services
from tests.services import AMPERA, LiveServer

KEYS = "k1:" + "0123456789abcdef" * 4
PATIENCE = 60  # seconds for one answer
SECRET = "vGhTqp9d-Yw3kLm2Zx8RbNc5Jf7Ua1Se0Oi4Et6"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"BNID": "127.0.0.1:1"}, "Unknown setting AMPERA_BNID"),
        ({"ENV": "prodution"}, "AMPERA_ENV must be"),
        ({"TLS": "yes"}, "AMPERA_TLS must be"),
        ({"ENV": "production"}, "AMPERA_SECRET_KEY is missing or weak"),
        ({"ENV": "production", "SECRET_KEY": "x" * 40, "CODE_KEYS": KEYS}, "AMPERA_SECRET_KEY is missing or weak"),
        ({"ENV": "production", "SECRET_KEY": SECRET}, "AMPERA_CODE_KEYS is missing"),
        ({"ENV": "production", "SECRET_KEY": SECRET, "CODE_KEYS": "k1:" + "0" * 64}, "AMPERA_CODE_KEYS holds a weak"),
    ],
)
def test_a_bad_setting_is_refused_with_a_sentence(tmp_path, settings, told):
    done = _run(LiveServer(tmp_path, **settings))
    assert done.returncode != 0
    assert told in done.stderr and "Traceback" not in done.stderr


def test_production_does_not_serve_a_database_without_its_migrations(tmp_path):
    done = _run(LiveServer(tmp_path, ENV="production", SECRET_KEY=SECRET, CODE_KEYS=KEYS))
    assert done.returncode != 0
    assert "ampera init" in done.stderr and "Traceback" not in done.stderr


def test_the_first_start_fills_a_demo_office_and_the_second_keeps_it(tmp_path):
    server = LiveServer(tmp_path)
    try:
        for _ in range(2):
            server.start("--demo")
            assert "Kantor Imigrasi Contoh" in httpx.get(server.url, timeout=PATIENCE).text
            assert server.terminate() == 0
    finally:
        server.kill9()
    assert server.log.count("A demo office was made") == 1
    assert server.log.count(f"Serving on {server.url}") == 2


def test_ready_means_writable_and_of_this_version(tmp_path):
    with LiveServer(tmp_path) as server:
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).json() == {"status": "ready"}
        with sqlite3.connect(tmp_path / "ampera.db") as database:
            database.execute("UPDATE alembic_version SET version_num = '0000'")
        database.close()
        time.sleep(KEEP_SECONDS + 0.1)
        answer = httpx.get(f"{server.url}/readyz", timeout=PATIENCE)
        assert answer.status_code == 503 and "ampera init" in answer.json()["reason"]


def test_postgresql_is_served_and_waited_for_without_blocking(tmp_path):
    with services.postgres() as cluster, LiveServer(tmp_path, DATABASE_URL=cluster.new_database()) as server:
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).json() == {"status": "ready"}
        assert server.terminate() == 0


def test_with_redis_two_processes_share_one_port_and_one_may_go(tmp_path):
    with services.redis(tmp_path) as redis_url, LiveServer(tmp_path, REDIS_URL=redis_url) as one:
        other = LiveServer(tmp_path, REDIS_URL=redis_url, BIND=one.environ["AMPERA_BIND"])
        other.port, other.url = one.port, one.url
        try:
            other.start()  # at first it may be the one that answers for both
            services.wait_until(
                lambda: one.log.count('"serving"') == 2, "the other does not serve", services.START_SECONDS
            )
            assert one.terminate() == 0
            assert httpx.get(f"{other.url}/readyz", timeout=PATIENCE).is_success
            assert other.terminate() == 0
        finally:
            other.kill9()


def test_metrics_are_for_this_machine_not_for_those_behind_a_proxy(tmp_path):
    with LiveServer(tmp_path) as server:
        shown = httpx.get(f"{server.url}/metrics", timeout=PATIENCE).text
        for figure in ("ampera_requests_total", "ampera_loop_delay_seconds_bucket", "process_resident_memory_bytes"):
            assert figure in shown
        from_afar = {"X-Forwarded-For": "203.0.113.5"}
        assert httpx.get(f"{server.url}/metrics", headers=from_afar, timeout=PATIENCE).status_code == 403


def _run(server: LiveServer) -> subprocess.CompletedProcess[str]:
    """Start it to see it fail."""
    return subprocess.run(
        [AMPERA, "run"], env=server.environ, capture_output=True, text=True, timeout=services.START_SECONDS
    )
