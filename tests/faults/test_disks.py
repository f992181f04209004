"""A disk that is full or has failed: nothing acknowledged is lost, and everything that fails says why."""

import subprocess

import httpx
import pytest

from tests import builders
from tests.faults.officers import Officers, summary
from tests.services import wait_until

pytestmark = pytest.mark.proof
THROUGH_A_PROXY = {"X-Forwarded-For": "203.0.113.5"}


@pytest.fixture
def server(new_server, disk, tmp_path):
    """A server whose database, and nothing else, is on the disk of the test. Its office exists."""
    server = new_server(disk.instance)
    server.log_file = tmp_path / "server.log"
    server.start()
    with server.app.app_context():
        builders.office()
    yield server
    server.close()


@pytest.fixture
def key(server):
    with server.app.app_context():
        return builders.key("officer")


def reason(server, **headers):
    answer = httpx.get(f"{server.url}/readyz", headers=headers, timeout=30)
    return "" if answer.is_success else answer.json()["reason"]


def test_full_disk_stops_the_lane_with_a_reason_until_there_is_room(server, key, disk):
    with Officers(server, key) as officers:
        officers.work_for(3)
        disk.fill()
        full = officers.work_for(10)
        wait_until(lambda: "disk is full" in reason(server), "the reason is not shown on this machine")
        assert "disk" not in reason(server, **THROUGH_A_PROXY)
        disk.make_room()
        again = officers.work_for(5)
    print(f"full: {summary(officers.since(full, again))}\nroom: {summary(officers.since(again))}")
    assert {answer.status for answer in officers.since(full, again)} >= {503}
    assert {answer.status for answer in officers.answers} <= {200, 201, 503}
    assert {answer.status for answer in officers.since(again + 1)} <= {200, 201}
    assert reason(server) == ""
    print(f"{officers.settle()} scans, each there once")


def test_disk_that_became_read_only_refuses_and_a_mended_one_has_all(server, key, disk):
    with Officers(server, key) as officers:
        officers.work_for(3)
        disk.fail()
        failed = officers.work_for(5)
        wait_until(lambda: "cannot be written" in reason(server), "the reason is not shown")
    print(f"read-only: {summary(officers.since(failed))}")
    assert {answer.status for answer in officers.since(failed + 0.5)} == {503}
    found = subprocess.run([server.executable, "doctor"], env=server.environ, capture_output=True, text=True)
    assert found.returncode == 1 and "Traceback" not in found.stderr and "become read-only" in found.stdout
    server.terminate()
    server.app.extensions["ampera.db"].dispose()
    disk.repair()
    server.start()
    print(f"{officers.settle()} scans, each there once")


def test_server_on_a_read_only_disk_ends_with_a_sentence(server, disk):
    server.terminate()
    server.app.extensions["ampera.db"].dispose()
    subprocess.run(["mount", "-o", "remount,ro", disk.folder], check=True)
    done = subprocess.run([server.executable, "run"], env=server.environ, capture_output=True, text=True, timeout=60)
    subprocess.run(["mount", "-o", "remount,rw", disk.folder], check=True)
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert "read-only" in (done.stdout + done.stderr).lower()
