"""`ampera run --workers N`: what the parent does when a process dies, at SIGHUP and at SIGTERM; and their figures."""

import os
import signal
import threading
from collections import Counter

import httpx
import pytest

from tests.processes.conftest import serve
from tests.services import wait_until

pytestmark = [
    pytest.mark.proof,
    pytest.mark.true_time,
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]
RELOADS = 3


def ask(url: str) -> str:
    """The status of one answer on a connection of its own, or why there was none."""
    try:
        return str(httpx.get(f"{url}/healthz", timeout=30).status_code)
    except httpx.TransportError as error:
        return type(error).__name__


def test_dead_process_is_started_again_and_all_end_at_sigterm(several):
    server = several(3)
    first = server.workers()
    os.kill(first[1], signal.SIGKILL)
    serve(server, 4)
    assert len(server.workers()) == 3 and set(first) - set(server.workers()) == {first[1]}
    assert Counter(ask(server.url) for _ in range(30)) == {"200": 30}
    assert server.terminate() == 0
    assert server.log.count('"stopped"') == 3 and server.log.count("Serving on") == 1


def test_reload_replaces_all_processes_and_nearly_nobody_notices(several):
    server = several(2)
    answers: Counter[str] = Counter()
    is_over = threading.Event()

    def client() -> None:
        while not is_over.is_set():
            answers[ask(server.url)] += 1

    clients = [threading.Thread(target=client) for _ in range(4)]
    for thread in clients:
        thread.start()
    for reload in range(RELOADS):
        before = set(server.workers())
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda before=before: not before & set(server.workers()), "old processes stay", 60)
        serve(server, 2 * (reload + 2))
    is_over.set()
    for thread in clients:
        thread.join()
    print(f"{RELOADS} reloads: {dict(answers)}")  # seen with -rP
    # A connection that waits in the queue of a socket that is closed is reset, and its client asks again.
    assert answers["200"] >= 0.99 * answers.total()


def test_figures_are_those_of_all_processes(several):
    server = several(2)
    for _ in range(40):
        ask(server.url)
    seen = [figures(server.url) for _ in range(12)]
    assert {scrape["ampera_processes"] for scrape in seen} == {2.0}
    counts = [scrape['ampera_requests_total{endpoint="health.alive",status="200"}'] for scrape in seen]
    assert counts == [40.0] * 12
    assert seen[0]["ampera_redis_up"] == 1.0 and seen[0]['ampera_disk_free_bytes{folder="instance"}'] > 0
    os.kill(server.workers()[0], signal.SIGKILL)
    serve(server, 3)
    wait_until(lambda: figures(server.url)["ampera_processes"] == 2.0, "the dead process still counts")
    assert figures(server.url)['ampera_requests_total{endpoint="health.alive",status="200"}'] == 40.0


def figures(url: str) -> dict[str, float]:
    lines = httpx.get(f"{url}/metrics", timeout=30).text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
