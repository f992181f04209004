"""The simulated office in a throw-away installation: its lanes, its people with their keys, its screens, and the books.

All people are invented (`ampera/tools/demo/samples.py`). The applicants hold what a real intake hands out.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from flask import Flask, current_app, session
from sqlalchemy import update

from ampera import audit, clock, create_app, db, migrate
from ampera.accounts import passwords, service
from ampera.accounts.devices import service as device_service
from ampera.accounts.keys import service as keys
from ampera.accounts.keys.limits import Wish
from ampera.accounts.models import SignIn
from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import raise_refusal
from ampera.offices import service as offices
from ampera.offices.calendar.hours import Span
from ampera.offices.models import Lane
from ampera.passports.fields import Record
from ampera.passports.imports import intake_service
from ampera.passports.imports.row import CheckedRow
from ampera.pickups import service as pickups
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import Handout, handouts
from ampera.security import new_token, token_hash
from ampera.settings import load
from ampera.tools.bench.installation import SECRETS
from ampera.tools.demo import samples
from ampera.tools.simulate.options import LanePlan, Options, lanes_of
from ampera.tools.simulate.plan import Vehicle
from ampera.web import csrf_tokens

CODE = "SIMULASI"
OPENS_AT = 8  # o'clock: a simulated morning must not run into the next service day
CALL_SECONDS, CALL_REAL_SECONDS = 8, 1.0  # least time of an announcement, simulated and real
OVERDUE_DAYS = 60  # since the issue of a book that is after its deadline, whatever month it is
CALLS_FILL = 0.75  # highest share of the time, so that announcements do not pile up


@dataclass(frozen=True)
class Ticket:
    """One pickup as its collector holds it: codes, the link of its page, and the books by id."""

    pickup_id: int
    code: str
    old_code: str | None
    link: str
    books: dict[int, Record]


@dataclass(frozen=True)
class Worker:
    """A member of staff: an API key, a browser that is signed in, and what is typed to sign."""

    staff_id: int
    key: str
    cookie: str
    csrf_token: str
    login: str
    password: str

    @property
    def headers(self) -> dict[str, str]:
        """Of a request from this person's browser."""
        return {"Cookie": self.cookie, "X-CSRFToken": self.csrf_token}


@dataclass(frozen=True)
class World:
    """The simulated office."""

    app: Flask
    environ: dict[str, str]
    office_id: int
    lanes: list[LanePlan]
    officers: list[Worker]
    gates: list[Worker]
    clerks: list[Worker]
    supervisors: list[Worker]
    screens: dict[str, int | None]  # token -> lane number, None for the whole office
    tickets: dict[int, list[Ticket]]  # number of the vehicle -> its pickups

    def worker(self, staff_id: int) -> Worker:
        """The officer with this id."""
        return next(worker for worker in (*self.officers, *self.gates) if worker.staff_id == staff_id)


@contextmanager
def world(folder: Path, options: Options, vehicles: list[Vehicle]) -> Iterator[World]:
    """A fresh installation in this folder (and an empty database) with the office; its clock runs already."""
    environ = {**SECRETS, "AMPERA_INSTANCE": str(folder), "AMPERA_CLOCK_SPEED": clock_setting(options.speed)}
    if options.database != "sqlite":
        environ["AMPERA_DATABASE_URL"] = options.database
    app = create_app(load(environ))
    with app.app_context():
        migrate.upgrade(db.current())
        yield _built(app, environ, options, vehicles)
    app.extensions["ampera.db"].dispose()


def clock_setting(speed: float) -> str:
    """The setting of a fast clock that shows the next opening time about now. Speed 1 is the real time."""
    if speed == 1:
        return "1"
    now = datetime.now(UTC)
    opens = clock.local(now).replace(hour=OPENS_AT, minute=0, second=0, microsecond=0)
    opens += timedelta(days=clock.local(now) >= opens)
    since = now - (opens - now) / (speed - 1)
    return f"{speed:g}@{since.isoformat()}"


def call_seconds(options: Options) -> int:
    """How long a call is announced: as in an office, but long enough for screens at this speed."""
    at_once = max(1, options.lanes // 2)
    longest = int(CALLS_FILL * at_once * 3600 / options.vehicles_per_hour)
    return max(1, min(max(CALL_SECONDS, ceil(CALL_REAL_SECONDS * options.speed)), longest))


def _built(app: Flask, environ: dict[str, str], options: Options, vehicles: list[Vehicle]) -> World:
    lanes = lanes_of(options)
    made = offices.create_office(audit.command(), CODE, "Kantor Simulasi", len(lanes))
    office_id = made.office_id  # type: ignore[union-attr]
    command = audit.command(office_id)
    for weekday in range(7):
        offices.set_hours(command, weekday, [Span("00:00", "24:00")])
    offices.set_option(command, "call_seconds", call_seconds(options))
    db.current().write(lambda unit: _lay_out(unit, office_id, lanes))
    offices.set_option(command, "may_be_unsigned", False)  # then a supervisor decides
    gates = max(1, round(options.vehicles_per_hour / 150))
    employ = _employer(command)
    return World(
        app,
        environ,
        office_id,
        lanes,
        [employ("officer", f"petugas.{n}") for n in range(options.officers)],
        [employ("officer", f"gerbang.{n}") for n in range(gates)],
        [employ("desk", f"rak.{n}") for n in range(options.clerks)],
        [employ("supervisor", f"penyelia.{n}") for n in range(options.supervisors)],
        {_screen(command, None): None} | {_screen(command, lane.number): lane.number for lane in lanes},
        _tickets(command, options.seed, vehicles),
    )


def _lay_out(unit: Unit, office_id: int, lanes: list[LanePlan]) -> None:
    for lane in lanes:
        unit.conn.execute(
            update(Lane)
            .where(Lane.office_id == office_id, Lane.number == lane.number)
            .values(kind=lane.kind, windows=lane.windows)
        )


def _employer(command: Actor) -> Callable[[str, str], Worker]:
    """What makes the members of staff. All of them have one password, because each hash takes its time."""
    password = new_token("sandi")
    return functools.partial(_worker, command, password, passwords.hashed(password))


def _worker(command: Actor, password: str, password_hash: str, role: str, login: str) -> Worker:
    name = f"Contoh {login}"
    made = service.create_staff(command, login, name, role, password_hash)
    who = Actor("staff", name, role, command.office_id, staff_id=made.id)  # type: ignore[union-attr]
    key, token = new_token("key"), new_token("session")
    keys.create(command, who.staff_id or 0, Wish(role, "simulasi"), token_hash(key))
    signed_in = raise_refusal(service.sign_in(who, token_hash(token)))
    # A browser that only listens would be signed out as idle after some hours.
    later = clock.now() + timedelta(hours=12)
    db.current().write(
        lambda unit: unit.conn.execute(update(SignIn).where(SignIn.id == signed_in.id).values(seen_at=later))
    )
    return Worker(who.staff_id or 0, key, *_browser(token), login, password)


def _browser(token: str) -> tuple[str, str]:
    """Cookie and CSRF token of a browser with this session."""
    app: Any = current_app
    with app.app_context(), app.test_request_context():  # a token is remembered for each app context
        csrf_token = csrf_tokens.token()
        sealed = app.session_interface.get_signing_serializer(app).dumps({**session, "token": token})
    return f"{app.config['SESSION_COOKIE_NAME']}={sealed}", csrf_token


def _screen(command: Actor, lane: int | None) -> str:
    token = new_token("display")
    lane_id = db.current().write(lambda unit: unit.session.query(Lane.id).filter_by(number=lane).scalar())
    display = device_service.Display(f"Layar {lane or 0}", lane_id)
    device_service.enrol_device(command, command.office_id or 0, display, token_hash(token))
    return token


def _tickets(command: Actor, seed: int, vehicles: list[Vehicle]) -> dict[int, list[Ticket]]:
    groups = [
        (vehicle.number, n if size > 1 else None, size)
        for vehicle in vehicles
        for n, size in enumerate(vehicle.pickups)
    ]
    drawn = iter(samples.books(sum(size for _, _, size in groups), seed, clock.today()))
    records = [
        next(drawn)._replace(group_name=None if group is None else f"ROMBONGAN {number}-{group}")
        for number, group, size in groups
        for _ in range(size)
    ]
    _let_deadlines_pass(records, vehicles)
    rows = [CheckedRow(n, record.application_no, record.holder_name, record, ()) for n, record in enumerate(records)]
    outcomes = intake_service.bring_in(command, rows)
    books: dict[int, dict[int, Record]] = {}
    for record, outcome in zip(records, outcomes, strict=True):
        books.setdefault(outcome.pickup_id or 0, {})[outcome.passport_id or 0] = record
    owners = dict(zip(books, (number for number, _, _ in groups), strict=True))
    old = {vehicle.number for vehicle in vehicles if vehicle.first_code == "old"}
    return _handed_out(command, books, owners, old)


def _let_deadlines_pass(records: list[Record], vehicles: list[Vehicle]) -> None:
    """Issue the last book of the first code earlier, where the plan has a book after its deadline."""
    issued_on, first = clock.today() - timedelta(days=OVERDUE_DAYS), 0
    for vehicle in vehicles:
        if "overdue" in vehicle.exceptions:
            last = first + vehicle.pickups[0] - 1
            records[last] = records[last]._replace(issued_on=issued_on)
        first += vehicle.books


def _handed_out(
    command: Actor, books: dict[int, dict[int, Record]], owners: dict[int, int], old: set[int]
) -> dict[int, list[Ticket]]:
    """The tickets by vehicle. A vehicle that will show an old code gets a new code as well."""
    first = _handouts(list(books))
    again = [pickup_id for pickup_id, number in owners.items() if number in old]
    for pickup_id in again:
        pickups.reissue(command, pickup_id, "kode lama hilang")
    newest = first | _handouts(again)
    found: dict[int, list[Ticket]] = {}
    for pickup_id, number in owners.items():
        hand = newest[pickup_id]
        before = first[pickup_id].code if pickup_id in again else None
        link = hand.link.rpartition("/")[2]
        found.setdefault(number, []).append(Ticket(pickup_id, hand.code, before, link, books[pickup_id]))
    return found


def _handouts(pickup_ids: list[int]) -> dict[int, Handout]:
    keys = CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        return {handout.pickup_id: handout for handout in handouts(session, keys, "", pickup_ids)}
