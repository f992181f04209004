"""A crowd at one office: every scan is answered, connections are bounded, also behind a pgbouncer; and costs."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from ampera import db
from ampera.installation.server_lock import InUse, alone
from ampera.tools.simulate.processes import processor_seconds
from tests import builders, services
from tests.handovers import steps

CROWD, EACH, WORKERS = 150, 3, 4
SCANS = 100  # of each of eight clients at four offices
pytestmark = [
    pytest.mark.proof,
    pytest.mark.true_time,
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]
BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@contextmanager
def most_connections() -> Iterator[list[int]]:
    """The counts of connections that were seen in the block."""
    counts: list[int] = []
    is_over = threading.Event()

    def look() -> None:
        with database.long_reader.connect() as conn:
            while not is_over.wait(0.05):
                counts.append(conn.exec_driver_sql(BACKENDS).scalar_one())
                conn.rollback()

    database = db.current()
    watcher = threading.Thread(target=look)
    watcher.start()
    yield counts
    is_over.set()
    watcher.join()


def scans_at_once(url: str, keys: dict[int, str], clients: int, each: int) -> tuple[Counter[int], float]:
    """The statuses of all scans, which are sent again after a 503, and the seconds that they took together.

    `keys` has the key of each office; the clients are spread over the offices.
    """
    offices = [[*keys][n % len(keys)] for n in range(clients)]
    codes = [builders.ready(n + 1, office_id=offices[n % clients])[1] for n in range(clients * each)]
    statuses: Counter[int] = Counter()

    def client(office: int, own: list[str]) -> None:
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {keys[office]}"}, timeout=60) as http:
            for code in own:
                scan_id = str(uuid.uuid4())
                while (answer := steps.scan(http, code, scan_id=scan_id)).status_code == 503:
                    statuses[503] += 1
                    time.sleep(float(answer.headers["Retry-After"]))
                statuses[answer.status_code] += 1

    threads = [threading.Thread(target=client, args=(offices[n], codes[n::clients])) for n in range(clients)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, time.monotonic() - began


def test_crowd_of_one_office_is_answered_within_the_connections(several):
    server, keys = several(WORKERS), {1: builders.key("officer")}
    db.current().dispose()
    with most_connections() as counts:
        statuses, seconds = scans_at_once(server.url, keys, CROWD, EACH)
    ours = db.current().connections  # this process made the books
    print(f"{CROWD} clients: {dict(statuses)} in {seconds:.1f} s, at most {max(counts)} connections")
    statuses.pop(503, None)  # how many is a matter of the machine
    assert statuses == {200: CROWD * EACH}
    assert max(counts) <= WORKERS * db.CONNECTIONS + ours


@pytest.fixture
def pooled(app, several, database) -> Iterator[services.LiveServer]:
    """The server behind a pgbouncer that pools transactions."""
    with services.pgbouncer(database) as url:
        yield several(2, DATABASE_URL=url, DATABASE_POOLER="transaction")


def test_pgbouncer_that_pools_transactions_changes_no_answer(pooled):
    statuses, _ = scans_at_once(pooled.url, {1: builders.key("officer")}, 16, 20)
    assert statuses == {200: 320}
    with httpx.Client(base_url=pooled.url, headers={"Authorization": f"Bearer {builders.key('officer')}"}) as officer:
        called = [officer.post("/api/v1/lanes/1/next", timeout=60) for _ in range(40)]
    assert {answer.status_code for answer in called} == {200}
    assert len({answer.json()["id"] for answer in called}) == 40
    with pytest.raises(InUse), alone(db.current()):
        pass
    assert pooled.terminate() == 0
    with alone(db.current()):
        pass
    assert '"status":5' not in pooled.log.replace(" ", "")


@pytest.mark.parametrize("count", [1, 2])
def test_cost_of_a_scan(several, cluster, count):
    """What can be measured on a machine that the client and PostgreSQL share: processor time a scan of each part."""
    offices = {builders.office(code): builders.key("officer", code) for code in ("JKT", "MKS", "SBY", "BDG")}
    server = several(count)
    pids = server.workers()
    before = [processor_seconds(pid) for pid in pids]
    at = processor_seconds(cluster.pid)
    statuses, seconds = scans_at_once(server.url, offices, 8, SCANS)
    total = statuses[200]
    of_server = sum(processor_seconds(pid) for pid in pids) - sum(before)
    of_database = processor_seconds(cluster.pid) - at
    print(
        f"{count} process(es): {total / seconds:.0f} scans/s; a scan costs {1000 * of_server / total:.1f} ms here, "
        f"{1000 * of_database / total:.1f} ms in PostgreSQL"
    )
    assert statuses == {200: 8 * SCANS}
