"""Many books of one office, written in bulk: those of the last weeks wait on the shelf, all others were handed over.

A tenth of the books lies at another office. The history of each book is there as far as pages read it: pickup, code,
scan, visit, call and handover, and an entry of the audit chain.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text, update

from ampera import audit, clock, db
from ampera.db import Unit
from ampera.offices import service as offices
from ampera.offices.models import Office
from ampera.passports.fields import name_key
from ampera.passports.models import Passport
from ampera.pickups.issuance_service import add_codes
from ampera.tools.bench.installation import Installation
from ampera.tools.bench.scale.people import names

SLICE = 20_000  # books of one transaction
LEAST_ON_SHELF, SHELF_SHARE = 2_000, 200  # one of so many books waits; an office hands over as many in some weeks
MOST_A_DAY = 200
FIRST_NUMBER = 8_800_000_000_000_000
SHELVES = 1_200
BUILD_KIBIBYTES = 512 * 1024  # of SQLite's page cache while books are built: their keys are in no order

_EXPRESSIONS = {
    "sqlite": {"{random}": "lower(hex(randomblob(32)))", "{day}": "date(collected_at)", "{json}": "'{}'"},
    "postgresql": {
        "{random}": "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')",
        "{day}": "collected_at::date",
        "{json}": "'{}'",
    },
}
_OF_THESE = " FROM passports WHERE id BETWEEN :first AND :last"
_GONE = _OF_THESE + " AND state = 'collected'"
_PICKUPS = "INSERT INTO pickups (id, office_id, created_at) SELECT id, office_id, created_at" + _OF_THESE
# The pickup, visit and record of a book have its number.
_HISTORY = (
    "INSERT INTO pickup_codes (pickup_id, generation, key_id, nonce, code_hash, link_hash, booking_code, state,"
    " created_at, ended_at) SELECT id, 1, 'b1', :nonce, {random}, {random}, {random}, 'used', created_at, collected_at"
    + _GONE,
    "INSERT INTO visits (id, office_id, lane_id, day, queue_no, kind, state, opened_at, since, called_at, calls,"
    " books_out, served_at, ended_at, \"window\", parked_s) SELECT id, office_id, :lane, {day}, 'A' || id, 'car',"
    " 'done', collected_at, collected_at, collected_at, 1, 1, collected_at, collected_at, 1, 0" + _GONE,
    "INSERT INTO visit_pickups (visit_id, pickup_id, is_open, added_at, found_by) SELECT id, id, false, collected_at,"
    " 'code'" + _GONE,
    "INSERT INTO scans (scan_id, office_id, lane_id, staff_id, body_hash, found_by, verdict, pickup_id, visit_id,"
    " answer, at) SELECT {random}, office_id, :lane, :officer, {random}, 'code', 'ok', id, id, {json}, collected_at"
    + _GONE,
    'INSERT INTO calls (office_id, visit_id, lane_id, queue_no, at, shows_at, "window") SELECT office_id, id, :lane,'
    " 'A' || id, collected_at, collected_at, 1" + _GONE,
    "INSERT INTO handover_keys (\"key\", office_id, body_hash, status, answer, at) SELECT 'K' || id, office_id,"
    " {random}, 201, {json}, collected_at" + _GONE,
    'INSERT INTO handovers (office_id, number, "key", passport_id, pickup_id, visit_id, lane_id, officer_id, at,'
    " collector_class, collector_name, shown, identity_by, book_by, unsigned_reason, holder_name, application_no,"
    " passport_no, kind, officer_name, lane_number, office_name) SELECT office_id, id, 'K' || id, id, id, id, :lane,"
    " :officer, collected_at, 'self', holder_name, '[]', 'birth_date', 'typed', 'ukur', holder_name, application_no,"
    " passport_no, kind, 'Ukur', 1, 'Kantor Ukur'" + _GONE,
)


def fill(office: Installation, count: int, report: Callable[[int], None]) -> None:
    """Build this many books; `report` receives the number of books so far."""
    other = offices.create_office(audit.command(), "JAUH", "Kantor Lain", 1).office_id  # type: ignore[union-attr]
    people = names(seed=count)
    on_shelf = min(count, max(LEAST_ON_SHELF, count // SHELF_SHARE))
    rows = _books((office.office_id, other), count, on_shelf, people)
    for last in range(SLICE, count + SLICE, SLICE):
        some = list(islice(rows, SLICE))
        db.current().write(lambda unit: _write(unit, office, some))  # noqa: B023 - runs at once
        report(min(last, count))
    db.current().dispose()
    _tidy(count)


def _books(places: tuple[int, int], count: int, on_shelf: int, people: Iterator[str]) -> Iterator[dict[str, Any]]:
    now, today = clock.now(), clock.today()
    a_day = max(MOST_A_DAY, count // 3_650)
    for number, name in zip(range(1, count + 1), people, strict=False):
        ago = (count - number) // a_day
        is_here = count - number < on_shelf
        born = date(1945, 1, 1) + timedelta(days=number * 7919 % 28_000)
        yield {
            "id": number,
            "office_id": places[number % 10 == 0],
            "pickup_id": None,
            "application_no": str(FIRST_NUMBER + number * 7 % 10_000_000_000),
            "passport_no": f"X{number % 10_000_000:07d}",
            "holder_name": name,
            "name_key": name_key(name),
            "birth_date": born,
            "issued_on": today - timedelta(days=min(ago, 20) if is_here else ago + 20),
            "shelf": f"{'ABCDEF'[number % 6]}-{number % SHELVES // 60 + 1:02d}-{number % 60 + 1:02d}",
            "phone": f"+62812{number * 7919 % 100_000_000:08d}",
            "kind": "passport",
            "state": "ready" if is_here else "collected",
            "collected_at": None if is_here else now - timedelta(days=ago + 1, seconds=number % 20_000),
            "created_at": now - timedelta(days=ago + 10),
            "updated_at": now,
        }


def _write(unit: Unit, office: Installation, rows: list[dict[str, Any]]) -> None:
    name = unit.conn.dialect.name
    if name == "sqlite":
        unit.conn.execute(text(f"PRAGMA cache_size = -{BUILD_KIBIBYTES}"))
    span = {"first": rows[0]["id"], "last": rows[-1]["id"]}
    place = {"lane": 1, "officer": office.officer.staff_id, "nonce": b"0" * 16}
    unit.conn.execute(insert(Passport), rows)
    unit.conn.execute(text(_PICKUPS), span)
    unit.conn.execute(update(Passport).where(Passport.id.between(*span.values())).values(pickup_id=Passport.id))
    for statement in _HISTORY:
        for mark, expression in _EXPRESSIONS[name].items():
            statement = statement.replace(mark, expression)
        unit.conn.execute(text(statement), span | place)
    add_codes(unit, [(row["id"], 1) for row in rows if row["state"] == "ready"])
    for row in rows:
        audit.record(unit, office.command, "passport.taken_in", f"passport:{row['id']}")


def _tidy(count: int) -> None:
    """Numbers go on behind those that were written; PostgreSQL gets the statistics that its own vacuum would make."""
    database = db.current()

    def move_on(unit: Unit) -> None:
        unit.conn.execute(update(Office).values(next_handover=count + 1))
        if not database.is_sqlite:
            for table in ("passports", "pickups", "visits"):
                unit.conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count})"))

    database.write(move_on)
    if not database.is_sqlite:
        with database.long_reader.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("VACUUM ANALYZE"))
