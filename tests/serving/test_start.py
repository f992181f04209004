"""What is refused at start, with a sentence that says what to set; and what the first start makes."""

import subprocess

import httpx
import pytest

from ampera.settings import SettingsError, load
from tests import services
from tests.services import AMPERA, LiveServer

KEYS = "k1:" + "0123456789abcdef" * 4
PATIENCE = 60  # seconds for one answer
POSTGRESQL = "postgresql+psycopg://ampera@127.0.0.1/ampera"
SECRET = "vGhTqp9d-Yw3kLm2Zx8RbNc5Jf7Ua1Se0Oi4Et6"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"BNID": "127.0.0.1:1"}, "Unknown setting AMPERA_BNID"),
        ({"ENV": "prodution"}, "AMPERA_ENV must be"),
        ({"WORKERS": "2", "REDIS_URL": "redis://127.0.0.1"}, "AMPERA_WORKERS above 1 needs PostgreSQL"),
        ({"WORKERS": "2", "DATABASE_URL": POSTGRESQL}, "AMPERA_WORKERS above 1 needs AMPERA_REDIS_URL"),
        ({"WORKERS": "0"}, "AMPERA_WORKERS must be a number from 1"),
        ({"DATABASE_POOL": "5"}, "AMPERA_DATABASE_POOL must be a number from 6"),
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


def test_production_without_tls_that_others_reach_does_not_start(new_server):
    done = _run(new_server(ENV="production", SECRET_KEY=SECRET, CODE_KEYS=KEYS, BIND="0.0.0.0:0"))
    assert done.returncode != 0
    assert "would go without TLS. Set AMPERA_TLS" in done.stderr and "Traceback" not in done.stderr


def test_production_refuses_a_database_without_migrations(new_server):
    done = _run(new_server(ENV="production", SECRET_KEY=SECRET, CODE_KEYS=KEYS))
    assert done.returncode != 0
    assert "ampera init" in done.stderr and "Traceback" not in done.stderr and "frames" not in done.stderr


def test_first_start_fills_a_demo_office(new_server):
    server = _started_and_stopped(new_server(), "Kantor Imigrasi Contoh")
    assert server.log.count("A demo office was made") == 1
    assert not list(server.instance.glob("*-wal")), "the journal is empty after a stop"


def test_later_start_keeps_the_office(new_server, database):
    server = _started_and_stopped(new_server(DATABASE_URL=database), "Kantor Imigrasi")
    assert "A demo office was made" not in server.log


def _started_and_stopped(server: LiveServer, office: str) -> LiveServer:
    server.start("--demo")
    assert office in httpx.get(server.url, timeout=PATIENCE).text
    assert server.terminate() == 0
    assert server.log.count(f"Serving on {server.url}") == server.log.count('"stopped"') == 1
    assert "There is no office" not in server.log
    return server


def _run(server: LiveServer) -> subprocess.CompletedProcess[str]:
    """Start it to see it fail."""
    return subprocess.run(
        [AMPERA, "run"], env=server.environ, capture_output=True, text=True, timeout=services.START_SECONDS
    )
