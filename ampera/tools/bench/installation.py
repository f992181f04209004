"""A throw-away installation on the same disk, for measurements, and its server as a process."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import create_engine, make_url, select, text, update
from sqlalchemy.pool import NullPool

from ampera import audit, clock, create_app, db, migrate
from ampera.accounts import passwords, service
from ampera.accounts.devices import service as device_service
from ampera.accounts.keys import service as keys
from ampera.accounts.keys.limits import Wish
from ampera.audit import Actor
from ampera.db import Unit
from ampera.offices import service as offices
from ampera.offices.calendar.hours import Span
from ampera.passports.imports import intake_service
from ampera.passports.imports.row import CheckedRow
from ampera.passports.models import Passport
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import handouts
from ampera.security import new_token, token_hash
from ampera.settings import load
from ampera.tools.demo import samples
from ampera.visits.models import Call, Visit, VisitPickup
from ampera.visits.states import OPEN

SECRETS = {"AMPERA_SECRET_KEY": "bench-" + os.urandom(24).hex(), "AMPERA_CODE_KEYS": "b1:" + os.urandom(32).hex()}
START_SECONDS = 30
SCREENS_A_DISPLAY = 100


@dataclass(frozen=True)
class Book:
    """A book with its code and with the data that the officer reads from card and book."""

    code: str
    passport_id: int
    passport_no: str
    birth_date: str
    document_no: str | None


class Installation:
    """One office with two lanes, open day and night, an officer's key and a screen's token."""

    def __init__(self, folder: Path, app: Flask, environ: dict[str, str]) -> None:
        self.folder, self.app, self.environ = folder, app, environ
        self.office_id = offices.create_office(audit.command(), "BENCH", "Kantor Ukur", 2).office_id  # type: ignore[union-attr]
        for weekday in range(7):
            offices.set_hours(self.command, weekday, [Span("00:00", "24:00")])
        self.officer = self._employ("officer")
        self.desk, self.supervisor = self._employ("desk"), self._employ("supervisor")
        self.key, self.desk_key = self._key(self.officer), self._key(self.desk)
        self.displays = [self._enrol()]
        self.screen = self.displays[0]

    @property
    def command(self) -> Actor:
        return audit.command(self.office_id)

    def screens(self, count: int) -> list[dict[str, Any]]:
        """What this many screens send when they connect. Few share a display: the sockets of each are limited."""
        while len(self.displays) * SCREENS_A_DISPLAY < count:
            self.displays.append(self._enrol())
        return [{"token": self.displays[number // SCREENS_A_DISPLAY]} for number in range(count)]

    def _enrol(self) -> str:
        token = new_token("screen")
        device_service.enrol_device(self.command, self.office_id, device_service.Display("Ukur"), token_hash(token))
        return token

    def shelve(self, count: int, seed: int) -> list[Book]:
        """Take in this many books of invented people, each with a pickup of its own; returns them with their codes.

        The seeds of two calls must differ in their last two digits, which are part of the books' numbers.
        """
        records = [record._replace(group_name=None) for record in samples.books(count, seed, clock.today())]
        rows = [
            CheckedRow(n, record.application_no, record.holder_name, record, ()) for n, record in enumerate(records)
        ]
        outcomes = intake_service.bring_in(self.command, rows)
        if any(outcome.pickup_id is None for outcome in outcomes):
            raise RuntimeError(f"books of the measurement were refused: seed {seed} was used before")
        codes = self._codes([outcome.pickup_id or 0 for outcome in outcomes])
        return [
            Book(
                codes[outcome.pickup_id or 0],
                outcome.passport_id or 0,
                record.passport_no,
                record.birth_date.isoformat(),
                record.document_no,
            )
            for outcome, record in zip(outcomes, records, strict=True)
        ]

    def ready_codes(self, most: int) -> list[str]:
        """The codes of this many pickups whose book waits on the shelf."""
        ready = select(Passport.pickup_id).where(Passport.office_id == self.office_id, Passport.state == "ready")
        with db.reading() as session:
            pickup_ids = session.scalars(ready.order_by(Passport.id).limit(most)).all()
        return list(self._codes([pickup_id for pickup_id in pickup_ids if pickup_id]).values())

    def _codes(self, pickup_ids: list[int]) -> dict[int, str]:
        keys = CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)
        with db.reading() as session:
            return {handout.pickup_id: handout.code for handout in handouts(session, keys, "", pickup_ids)}

    def cookie(self, who: Actor) -> str:
        """The cookie of a browser in which this member of staff has just signed in."""
        token, app = new_token("session"), self.app
        service.sign_in(who, token_hash(token))
        sealed = app.session_interface.get_signing_serializer(app).dumps({"token": token})  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={sealed}"

    def empty_the_lanes(self) -> None:
        """End all visits, so that one measurement does not slow the next."""

        def end_all(unit: Unit) -> None:
            is_open = Visit.office_id == self.office_id, Visit.state.in_(OPEN)
            unit.conn.execute(update(Visit).where(*is_open).values(state="left"))
            recent = Call.shows_at > unit.at - timedelta(minutes=10)
            waiting = Call.office_id == self.office_id, Call.cancelled_at.is_(None), recent
            unit.conn.execute(update(Call).where(*waiting).values(cancelled_at=unit.at))  # no call waits for a screen
            unit.conn.execute(update(VisitPickup).where(VisitPickup.is_open).values(is_open=False))

        db.current().write(end_all)

    def _employ(self, role: str) -> Actor:
        made = service.create_staff(self.command, role, role, role, passwords.hashed(new_token("x")))
        return Actor("staff", role, role, self.office_id, staff_id=made.id)  # type: ignore[union-attr]

    def _key(self, who: Actor) -> str:
        key = new_token("key")
        keys.create(self.command, who.staff_id or 0, Wish(who.role, "ukur"), token_hash(key))
        return key


@contextmanager
def throw_away(beside: Path, url: str = "") -> Iterator[Installation]:
    """A fresh installation in a folder beside the real database, on the same disk; deleted afterwards.

    With the address of a PostgreSQL database its tables are in a schema of their own there.
    """
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=beside) as name, _scratch(url) as place:
        environ = {**SECRETS, "AMPERA_INSTANCE": name, "AMPERA_DATABASE_URL": place}
        app = create_app(load(environ))
        with app.app_context():
            migrate.upgrade(app.extensions["ampera.db"])
            yield Installation(Path(name), app, environ)
        app.extensions["ampera.db"].dispose()


@contextmanager
def _scratch(url: str) -> Iterator[str]:
    """The address of a new schema of this PostgreSQL database, which sees no other schema; dropped afterwards."""
    if not url:
        yield ""
        return
    schema, engine = f"bench_{os.urandom(6).hex()}", create_engine(url, poolclass=NullPool)
    with engine.begin() as conn:
        conn.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        place = make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
        yield place.render_as_string(hide_password=False)
    finally:
        with engine.begin() as conn:
            conn.execute(text(f"DROP SCHEMA {schema} CASCADE"))


@contextmanager
def serving(environ: dict[str, str], port: int, module: str | None = None) -> Iterator[int]:
    """The server as a process on this port of the loopback; gives the process id. `module` is that of a yardstick."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMPERA_")}
    command = [sys.executable, "-P", "-m", module] if module else [str(Path(sys.executable).with_name("ampera")), "run"]
    environment = {**kept, **environ, "AMPERA_BIND": f"127.0.0.1:{port}"}
    # A session of its own: a worker that outlives its master would go on writing into a folder that is being deleted.
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 20):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
                return
        except (OSError, urllib.error.URLError):
            if process.poll() is not None:
                raise RuntimeError("the measured server ended at its start") from None
            time.sleep(0.05)
    raise RuntimeError("the measured server does not answer")
