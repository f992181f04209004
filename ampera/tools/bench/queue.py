"""Measurements of a long queue: calling the next vehicle with few and with many waiting, and the desk's pick list.

A screen, a tablet and the desk listen meanwhile, as they do in an office: what they must be told is part of the work.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import perf_counter

from ampera.tools.bench.clients import Client
from ampera.tools.bench.figures import Figure, latencies, percentile
from ampera.tools.bench.installation import Book, Ground
from ampera.tools.bench.screens import Screens, screens

FEW, MANY = 10, 500
AT_MOST = 2.0  # times
WARM_UP = 10  # calls that are not measured
SEED = 80


def call_next(where: Ground, port: int, scale: float) -> Iterator[Figure]:
    """Call next while 10 and while 500 vehicles wait; who was called leaves and another one comes."""
    rounds = max(10, int(300 * scale))
    waits = {count: _with_waiting(where, port, count, rounds) for count in (FEW, max(2 * FEW, int(MANY * scale)))}
    (few, bare), (many, took) = waits.items()
    yield from latencies(f"call next, {few} waiting,", bare)
    found = latencies(f"call next, {many} waiting,", took, bare, f"with {few} waiting")
    yield found[0]
    ratio = percentile(took, 0.99) / percentile(bare, 0.99)
    p99, is_whole = found[1], many == MANY
    goal = f"at most {AT_MOST:.0f}x" if is_whole else ""
    yield Figure(p99.name, p99.value, "ms", p99.yardstick, p99.of, goal, ratio <= AT_MOST if is_whole else None)


def pick_list(where: Ground, port: int, scale: float) -> Iterator[Figure]:
    """From the scan's request to the news on a desk that listens."""
    where.empty_the_lanes()
    books = where.shelve(max(5, int(60 * scale)), seed=SEED)
    with screens(port, 1, {}, "/desk", where.cookie(where.desk)) as found:
        found.settle(1.0)
        took = [_scan_to_desk(port, where.key, found, book) for book in books]
    yield from latencies("scan → pick list", took)


def _with_waiting(where: Ground, port: int, count: int, rounds: int) -> list[float]:
    where.empty_the_lanes()
    books = where.shelve(count + rounds + WARM_UP, seed=SEED + count)
    with _listening(where, port), closing(Client(port, where.key)) as client:
        for book in books[:count]:
            _scan(client, book)
        for book in books[count:]:
            visit = client.post("call", "/api/v1/lanes/1/next", {})
            client.post("leave", f"/api/v1/visits/{visit['id']}/leave", {"lane": 1})
            _scan(client, book)
        return client.took["call"][WARM_UP:]


@contextmanager
def _listening(where: Ground, port: int) -> Iterator[None]:
    """A screen, a tablet and the desk hear everything, in a thread."""
    over = threading.Event()

    def hear(found: Screens) -> None:
        while not over.is_set():
            found.settle(0.2)

    with (
        screens(port, 1, {"token": where.screen}) as board,
        screens(port, 1, {"lane": 1}, "/lane", where.cookie(where.officer)) as tablet,
        screens(port, 1, {}, "/desk", where.cookie(where.desk)) as desk,
    ):
        threads = [threading.Thread(target=hear, args=(one,)) for one in (board, tablet, desk)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()


def _scan_to_desk(port: int, key: str, found: Screens, book: Book) -> float:
    """The scan raises the revision by one; the desk has heard of it when it tells this revision."""
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
