"""Mails a second while the lane works, and the time of a scan meanwhile.

The mails leave by real SMTP to a server in a process of its own, which accepts all of them at once.
"""

import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from time import perf_counter

from sqlalchemy import func, select, update

from ampera import db
from ampera.notices.models import Delivery, Notice
from ampera.passports.models import Passport
from ampera.tools.bench.clients import Client
from ampera.tools.bench.figures import Figure, percentile
from ampera.tools.bench.installation import Book, Installation, serving

NOTICES, LEAST_NOTICES = 5000, 150
IDLE_SCANS, LEAST_SCANS = 400, 20
BUSY_SCANS = 1200
PAUSE_SECONDS = 0.05  # between two scans
SCANS_BETWEEN_LOOKS = 5
LEAST_PER_SECOND, AT_MOST = 50, 2.0
PATIENCE_SECONDS = 600
SEED = 95


def drain(office: Installation, ports: tuple[int, int], scale: float) -> Iterator[Figure]:
    """Scans while no mail leaves, then scans while mails leave. `ports`: of the server, and of the mail server."""
    office.empty_the_lanes()
    count, is_whole = max(LEAST_NOTICES, int(NOTICES * scale)), scale == 1.0
    idle_books = office.shelve(max(LEAST_SCANS, int(IDLE_SCANS * scale)), SEED)
    busy_books = office.shelve(max(LEAST_SCANS, int(BUSY_SCANS * scale)), SEED + 1)
    notices = _held_back(office, count)
    mail = {"AMPERA_MAIL_URL": f"smtp://127.0.0.1:{ports[1]}", "AMPERA_MAIL_FROM": "ukur@contoh.example"}
    with (
        _sink(ports[1]),
        serving({**office.environ, **mail}, ports[0]),
        closing(Client(ports[0], office.key)) as client,
    ):
        for book in idle_books:
            _scan(client, book)
        idle = client.took.pop("scan")
        _let_go(notices)
        rate = _rate(count, client, busy_books)
        busy = client.took.pop("scan")
    goal = f"at least {LEAST_PER_SECOND}/s" if is_whole else ""
    yield Figure(
        f"mails sent of {count} notices", rate, "/s", goal=goal, met=rate >= LEAST_PER_SECOND if goal else None
    )
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        value, bare = percentile(busy, share) * 1000, percentile(idle, share) * 1000
        goal = f"at most {AT_MOST:.0f}x" if is_whole else ""
        met = value <= AT_MOST * bare if goal else None
        yield Figure(f"scan while mails leave, {label}", value, "ms", bare, "with nothing to send", goal, met)


def _held_back(office: Installation, count: int) -> list[int]:
    """Books with a mail address; returns their notices, which do not leave yet. No other notice ever leaves."""
    with db.reading() as session:
        newest = session.scalar(select(func.max(Passport.id))) or 0
    office.shelve(count, SEED + 2)

    def prepare(unit: db.Unit) -> list[int]:
        unit.conn.execute(update(Passport).values(email=None))
        books = unit.session.scalars(select(Passport.id).where(Passport.id > newest)).all()
        # One value after another: the column encrypts values, and nothing that the database computes.
        unit.session.execute(update(Passport), [{"id": book, "email": f"ukur{book}@contoh.example"} for book in books])
        unit.conn.execute(update(Notice).where(Notice.state == "waiting").values(state="dropped"))
        ready = select(Notice.id).join(Passport, Passport.pickup_id == Notice.pickup_id).where(Passport.id > newest)
        return list(unit.conn.scalars(ready.where(Notice.kind == "ready")))

    return db.current().write(prepare)


def _let_go(notices: list[int]) -> None:
    ready = update(Notice).where(Notice.id.between(notices[0], notices[-1]), Notice.kind == "ready")
    db.current().write(lambda unit: unit.conn.execute(ready.values(state="waiting", created_at=unit.at)))


def _rate(count: int, client: Client, books: list[Book]) -> float:
    """Scan at the same rate as before until all mails are sent; returns mails a second since the first one."""
    waiting, gives_up = iter(books), perf_counter() + PATIENCE_SECONDS
    while not (before := _sent()) and perf_counter() < gives_up:
        time.sleep(PAUSE_SECONDS)
    began = perf_counter()
    while _sent() < count and perf_counter() < gives_up:
        for book in islice(waiting, SCANS_BETWEEN_LOOKS):
            _scan(client, book)
        time.sleep(PAUSE_SECONDS)
    return (_sent() - before) / (perf_counter() - began)


def _sent() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state == "sent")) or 0


def _scan(client: Client, book: Book) -> None:
    client.post("scan", "/api/v1/scans", {"scan_id": str(uuid.uuid4()), "lane": 1, "input": book.code})
    time.sleep(PAUSE_SECONDS)


@contextmanager
def _sink(port: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-P", "-m", "ampera.tools.bench.mail_sink", str(port)])
    try:
        yield
    finally:
        process.kill()
        process.wait()
