"""Measurements of the real server over the network: requests, screens, loop delay, memory."""

import base64
import io
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

from PIL import Image, ImageDraw

from ampera import clock
from ampera.tools.bench import loop_delay as bench_loop_delay
from ampera.tools.bench.clients import Client, shares, together
from ampera.tools.bench.figures import Figure, latencies, percentile
from ampera.tools.bench.installation import Book, Installation
from ampera.tools.bench.screens import Screens, screens
from ampera.tools.demo import samples

MEBIBYTE = 1024 * 1024


def requests(office: Installation, port: int, bare_port: int, scale: float) -> Iterator[Figure]:
    """Scan and handover with 1 and 8 clients beside a bare endpoint."""
    for count in (1, 8):
        number = max(16, int(400 * scale))
        books = list(shares(office.shelve(number, seed=20 + count), count))
        bare = together(count, bare_port, "", lambda client, _n: _ask_bare(client, number // count))["bare"]  # noqa: B023
        took = together(count, port, office.key, lambda client, n: _serve_all(client, books[n]))  # noqa: B023
        plural = "client" if count == 1 else "clients"
        scan = latencies(f"scan, {count} {plural},", took["scan"], bare, "a bare endpoint")
        yield from scan
        yield from latencies(f"handover, {count} {plural},", took["handover"], bare, "a bare endpoint")
        if count == 8:
            ratio = scan[1].value / scan[0].value
            yield Figure("scan, 8 clients, p99 : p50", ratio, "x", goal="at most 5", met=ratio <= 5)


def fan_out(office: Installation, port: int, bare_port: int, scale: float, counts: tuple[int, ...]) -> Iterator[Figure]:
    """The time from a scan to each screen, beside a bare broadcast to as many sockets."""
    rounds = max(5, int(30 * scale))
    for count in counts:
        office.empty_the_lanes()
        with screens(bare_port, [{}] * count) as found, closing(Client(bare_port)) as client:
            bare = [took for n in range(1, rounds + 1) for took in _broadcast(client, found, n)]
        books = office.shelve(rounds, seed=40 + count)
        with screens(port, office.screens(count)) as found:
            found.settle(1.0)
            took = [seconds for book in books for seconds in _scan_to_screens(port, office.key, found, book)]
        figures = latencies(f"scan → {count} screen{'s' * (count > 1)},", took, bare, "a bare broadcast")
        yield figures[0]
        ratio = percentile(took, 0.99) / percentile(bare, 0.99)
        p99 = figures[1]
        is_goal = count == 50
        yield Figure(
            p99.name,
            p99.value,
            "ms",
            p99.yardstick,
            p99.of,
            "at most 3x" if is_goal else "",
            ratio <= 3 if is_goal else None,
        )


def memory(office: Installation, port: int, pid: int, count: int, when: str) -> Figure:
    """The memory of all processes of the server while this many screens listen."""
    with screens(port, office.screens(count)) as found:
        found.settle(3.0)
        held = sum(_proportional(process) for process in [pid, *_children(pid)]) / MEBIBYTE
    return Figure(f"memory with {count} screens, {when}", held, "MiB", goal="at most 150", met=held <= 150)


def loop_delay(office: Installation, port: int, scale: float) -> Iterator[Figure]:
    """The loop delay while the lane works, without and with an intake at the same time."""
    with closing(Client(port, office.desk_key)) as desk:
        for name, has_intake in (("loop delay p99, scans", False), ("loop delay p99, scans and an intake", True)):
            office.empty_the_lanes()
            books = office.shelve(max(20, int(500 * scale)), seed=60 + has_intake)
            before = bench_loop_delay.buckets(desk.get_text("/metrics"))
            lane = threading.Thread(target=_scan_slowly, args=(port, office.key, books))
            lane.start()
            if has_intake:
                _post_books(desk, max(200, int(5000 * scale)))
            lane.join()
            delay = bench_loop_delay.p99(before, bench_loop_delay.buckets(desk.get_text("/metrics")))
            yield Figure(name, delay * 1000, "ms", goal="at most 5", met=delay <= 0.005)


def _ask_bare(client: Client, count: int) -> None:
    for number in range(count):
        client.post("bare", "/bare", {"n": number})


def _serve_all(client: Client, books: list[Book]) -> None:
    for book in books:
        visit = _scan(client, book)["visit"]
        client.post("serve", f"/api/v1/visits/{visit['id']}/serve", {"lane": 1})
        client.post("handover", "/api/v1/handovers", _handover(visit["id"], book))


def _scan(client: Client, book: Book) -> Any:
    return client.post("scan", "/api/v1/scans", {"scan_id": str(uuid.uuid4()), "lane": 1, "input": book.code})


def _handover(visit_id: int, book: Book) -> dict[str, Any]:
    identity = {"birth_date": book.birth_date}
    if book.document_no:
        identity["document_last4"] = book.document_no[-4:]
    return {
        "key": str(uuid.uuid4()),
        "visit_id": visit_id,
        "passports": [{"passport_id": book.passport_id, "book": book.passport_no, "identity": identity}],
        "collector": {"class": "self", "shown": ["payment", "identity"]},
        "signature": SIGNATURE,
    }


def _drawn() -> str:
    picture = Image.new("RGB", (480, 140), "white")
    ImageDraw.Draw(picture).line([(20, 90), (120, 30), (240, 100), (440, 50)], fill=(20, 22, 43), width=4)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


SIGNATURE = _drawn()


def _broadcast(client: Client, found: Screens, revision: int) -> list[float]:
    """Send the request in a thread, because this thread receives for the screens meanwhile."""
    began = perf_counter()
    asking = threading.Thread(target=client.post, args=("broadcast", "/broadcast", {"revision": revision}))
    asking.start()
    took = found.arrivals(revision, began)
    asking.join()
    return took


def _scan_to_screens(port: int, key: str, found: Screens, book: Book) -> list[float]:
    with closing(Client(port, key)) as client:
        client.connection.connect()
        target = found.revision + 1
        began = perf_counter()
        asking = threading.Thread(target=_scan, args=(client, book))
        asking.start()
        took = found.arrivals(target, began)
        asking.join()
    return took


def _scan_slowly(port: int, key: str, books: list[Book]) -> None:
    with closing(Client(port, key)) as client:
        for book in books:
            _scan(client, book)
            time.sleep(0.01)


def _post_books(desk: Client, count: int) -> None:
    books = samples.books(count, 77, clock.today())
    names = ("application_no", "passport_no", "holder_name", "shelf", "nik", "document_no", "phone")
    rows = [
        {name: getattr(book, name) for name in names if getattr(book, name)}
        | {"birth_date": book.birth_date.isoformat(), "issued_on": book.issued_on.isoformat()}
        for book in books
    ]
    desk.post("books", "/api/v1/passports", {"passports": rows})


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found] + [below for child in found for below in _children(int(child))]


def _proportional(pid: int) -> int:
    """Bytes of physical memory, where shared pages count by their share (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.M)[1]) * 1024  # type: ignore[index]
