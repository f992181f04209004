"""Measurements of a long queue: the next call with few and with many waiting vehicles, and the pick list.

A screen, a tablet and the desk listen meanwhile, as in an office: their news is part of the work.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import perf_counter

from ampera.tools.bench.clients import Client
from ampera.tools.bench.figures import Figure, latencies, percentile
from ampera.tools.bench.installation import Book, Installation
from ampera.tools.bench.screens import Screens, screens

FEW, MANY = 10, 500
AT_MOST = 1.3  # times
WARM_UP = 10  # calls that are not measured
SEED = 80


def call_next(office: Installation, port: int, scale: float) -> Iterator[Figure]:
    """Call the next vehicle while 10 and while 500 wait. The called vehicle leaves and another one comes."""
    rounds = max(10, int(300 * scale))
    counts = FEW, max(2 * FEW, int(MANY * scale))
    waits = {count: _with_waiting(office, port, count, rounds, SEED + n) for n, count in enumerate(counts, 1)}
    (few, bare), (many, took) = waits.items()
    yield from latencies(f"call next, {few} waiting,", bare)
    found = latencies(f"call next, {many} waiting,", took, bare, f"with {few} waiting")
    yield found[0]
    ratio = percentile(took, 0.99) / percentile(bare, 0.99)
    p99, is_whole = found[1], many == MANY
    goal = f"at most {AT_MOST}x" if is_whole else ""
    yield Figure(p99.name, p99.value, "ms", p99.yardstick, p99.of, goal, ratio <= AT_MOST if is_whole else None)


def pick_list(office: Installation, port: int, scale: float) -> Iterator[Figure]:
    """The time from a scan to the news at the desk."""
    office.empty_the_lanes()
    books = office.shelve(max(5, int(60 * scale)), seed=SEED)
    with screens(port, [{}], "/desk", office.cookie(office.desk)) as found:
        found.settle(1.0)
        took = [_scan_to_desk(port, office.key, found, book) for book in books]
    yield from latencies("scan → pick list", took)


def _with_waiting(office: Installation, port: int, count: int, rounds: int, seed: int) -> list[float]:
    office.empty_the_lanes()
    books = office.shelve(count + rounds + WARM_UP, seed)
    with _listening(office, port), closing(Client(port, office.key)) as client:
        for book in books[:count]:
            _scan(client, book)
        for book in books[count:]:
            visit = client.post("call", "/api/v1/lanes/1/next", {})
            client.post("leave", f"/api/v1/visits/{visit['id']}/leave", {"lane": 1})
            _scan(client, book)
        return client.took["call"][WARM_UP:]


@contextmanager
def _listening(office: Installation, port: int) -> Iterator[None]:
    """A screen, a tablet and the desk receive all news, each in a thread."""
    over = threading.Event()

    def receive(found: Screens) -> None:
        while not over.is_set():
            found.settle(0.2)

    with (
        screens(port, office.screens(1)) as board,
        screens(port, [{"lane": 1}], "/lane", office.cookie(office.officer)) as tablet,
        screens(port, [{}], "/desk", office.cookie(office.desk)) as desk,
    ):
        threads = [threading.Thread(target=receive, args=(listener,)) for listener in (board, tablet, desk)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()


def _scan_to_desk(port: int, key: str, found: Screens, book: Book) -> float:
    """Seconds from the scan until the desk receives the next revision."""
    with closing(Client(port, key)) as client:
        client.connection.connect()
        target, began = found.revision + 1, perf_counter()
        asking = threading.Thread(target=_scan, args=(client, book))
        asking.start()
        (took,) = found.arrivals(target, began)
        asking.join()
    return took


def _scan(client: Client, book: Book) -> None:
    client.post("scan", "/api/v1/scans", {"scan_id": str(uuid.uuid4()), "lane": 1, "input": book.code})
