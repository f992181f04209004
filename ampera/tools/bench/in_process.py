"""Measurements inside one process: codes, pictures, intake, and the transaction of a scan."""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from time import perf_counter

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from sqlalchemy import insert

from ampera import clock, db
from ampera.passports.models import Passport
from ampera.pickups import codes
from ampera.pickups.qr import picture
from ampera.tools.bench.figures import Figure, per_second
from ampera.tools.bench.installation import Installation
from ampera.visits.scan import service as scan_service
from ampera.visits.scan.request import ScanRequest

TAKEN_IN = 5_000  # rows a second


def measure(office: Installation, scale: float) -> Iterator[Figure]:
    """All figures of this module; `scale` 1 is a full run."""
    yield _codes(int(20_000 * scale))
    yield _pictures(max(20, int(300 * scale)))
    yield _intake(office, max(200, int(5000 * scale)))
    yield _transaction(office, max(100, int(1500 * scale)))


def _codes(count: int) -> Figure:
    keys = codes.CodeKeys({"b": b"k" * 32})

    def issue() -> None:
        for number in range(count):
            text = keys.code(_Seed(number, codes.new_nonce()))
            codes.fingerprint(text)
            codes.new_short_code()

    import hashlib

    bare = per_second(count, lambda: [hashlib.sha256(b"x" * 64).hexdigest() for _ in range(count)])
    return Figure("codes issued", per_second(count, issue), "/s", bare, "one SHA-256 each")


def _pictures(count: int) -> Figure:
    texts = [codes.CodeKeys({"b": b"k" * 32}).code(_Seed(number, codes.new_nonce())) for number in range(count)]

    def draw() -> None:
        for text in texts:
            picture.png(text)

    def bare() -> None:
        for text in texts[: count // 4]:
            code = qrcode.QRCode(version=2, error_correction=ERROR_CORRECT_Q)
            code.add_data(text)
            code.make_image()

    return Figure("QR pictures", per_second(count, draw), "/s", per_second(count // 4, bare), "qrcode's own picture")


def _intake(office: Installation, count: int) -> Figure:
    speed = per_second(count, lambda: office.shelve(count, seed=11))
    rows = [_bare_row(office.office_id, number) for number in range(count)]
    bare = per_second(count, lambda: db.current().write(lambda unit: unit.conn.execute(insert(Passport), rows)))
    of, goal = "a bare insert of the same rows", f"at least {TAKEN_IN:,} rows/s"
    return Figure("books taken in", speed, "rows/s", bare, of, goal, speed >= TAKEN_IN)


def _transaction(office: Installation, count: int) -> Figure:
    books = office.shelve(count, seed=12)

    def scan() -> None:
        for book in books:
            scan_service.scan(office.officer, ScanRequest(str(uuid.uuid4()), 1, book.code))

    bare = _bare_commits(office, count)
    speed = per_second(count, scan)
    return Figure(
        "scan transaction", speed, "/s", bare, "a bare durable commit", "at least 0.3 of it", speed >= 0.3 * bare
    )


def _bare_commits(office: Installation, count: int) -> float:
    """Commits a second of the driver alone, each with one row and one fsync, in the same folder."""
    with closing(sqlite3.connect(office.folder / "bare.db", isolation_level=None)) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE t (a INTEGER, b TEXT)")
        began = perf_counter()
        for number in range(count):
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("INSERT INTO t VALUES (?, ?)", (number, "x" * 200))
            bare.execute("COMMIT")
        return count / (perf_counter() - began)


def _bare_row(office_id: int, number: int) -> dict[str, object]:
    day = clock.today()
    return {
        "office_id": office_id,
        "application_no": f"98{number:014d}",
        "passport_no": f"Y{number:07d}",
        "holder_name": "Ukur",
        "name_key": "ukur",
        "birth_date": day,
        "issued_on": day,
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }


class _Seed:
    """The input of a code."""

    generation, key_id = 1, "b"

    def __init__(self, pickup_id: int, nonce: bytes) -> None:
        self.pickup_id, self.nonce = pickup_id, nonce
