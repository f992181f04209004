"""What is refused at start, with a sentence that says what to set; and when the server counts as ready."""

import sqlite3
import subprocess

import httpx
import pytest

from ampera.settings import SettingsError, load
from tests import services
from tests.services import AMPERA, LiveServer

KEYS = "k1:" + "0123456789abcdef" * 4
PATIENCE = 60  # seconds for one answer
SECRET = "vGhTqp9d-Yw3kLm2Zx8RbNc5Jf7Ua1Se0Oi4Et6"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"BNID": "127.0.0.1:1"}, "Unknown setting AMPERA_BNID"),
        ({"ENV": "prodution"}, "AMPERA_ENV must be"),
        ({"ENV": "production"}, "AMPERA_SECRET_KEY is missing or weak"),
        ({"ENV": "production", "SECRET_KEY": "x" * 40, "CODE_KEYS": KEYS}, "AMPERA_SECRET_KEY is missing or weak"),
        ({"ENV": "production", "SECRET_KEY": SECRET}, "AMPERA_CODE_KEYS is missing"),
        ({"ENV": "production", "SECRET_KEY": SECRET, "CODE_KEYS": "k1:" + "0" * 64}, "AMPERA_CODE_KEYS holds a weak"),
    ],
)
def test_a_bad_setting_is_refused_with_a_sentence(settings, sentence):
    environ = {f"AMPERA_{name}": value for name, value in settings.items()}
    with pytest.raises(SettingsError, match=sentence):
        load(environ)


def test_a_refused_start_ends_with_the_sentence(new_server):
    done = _run(new_server(TLS="yes"))
    assert done.returncode != 0
    assert "AMPERA_TLS must be" in done.stderr and "Traceback" not in done.stderr


def test_production_refuses_a_database_without_migrations(new_server):
    done = _run(new_server(ENV="production", SECRET_KEY=SECRET, CODE_KEYS=KEYS))
    assert done.returncode != 0
    assert "ampera init" in done.stderr and "Traceback" not in done.stderr


def test_first_start_fills_a_demo_office_and_second_start_keeps_the_office(new_server):
    server = new_server()
    for _ in range(2):
        server.start("--demo")
        assert "Kantor Imigrasi Contoh" in httpx.get(server.url, timeout=PATIENCE).text
        assert server.terminate() == 0
    assert server.log.count("A demo office was made") == 1
    assert server.log.count(f"Serving on {server.url}") == 2


def test_ready_means_writable_and_of_this_version(new_server):
    with new_server() as server:
        assert httpx.get(f"{server.url}/readyz", timeout=PATIENCE).json() == {"status": "ready"}
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


def test_with_redis_two_processes_share_one_port_and_one_may_go(new_server, redis_url):
    with new_server(REDIS_URL=redis_url) as first:
        other = new_server(REDIS_URL=redis_url, BIND=first.environ["AMPERA_BIND"])
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
    for figure in ("ampera_requests_total", "ampera_loop_delay_seconds_bucket", "process_resident_memory_bytes"):
        assert figure in shown
    from_afar = {"X-Forwarded-For": "203.0.113.5"}
    assert httpx.get(f"{server.url}/metrics", headers=from_afar, timeout=PATIENCE).status_code == 403


def _run(server: LiveServer) -> subprocess.CompletedProcess[str]:
    """Start it to see it fail."""
    return subprocess.run(
        [AMPERA, "run"], env=server.environ, capture_output=True, text=True, timeout=services.START_SECONDS
    )
