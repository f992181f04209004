"""The demo office on a real server, its database at hand: who comes, who is served, and the pages to see it on."""

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import httpx
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page
from sqlalchemy import func, select, update

from ampera import COOKIE, clock, db, migrate
from ampera.accounts.models import SignIn, Staff
from ampera.audit import Actor, applicant
from ampera.errors import raise_refusal
from ampera.notices.models import Notice
from ampera.offices.models import Office
from ampera.passports.models import Passport
from ampera.pickups import codes
from ampera.pickups.models import PickupCode
from ampera.settings import load
from ampera.visits.models import Call, Visit
from ampera.visits.moves import call_service, service
from ampera.visits.scan import service as scan_service
from ampera.visits.scan.request import ScanRequest, Vehicle
from tests import builders
from tests.browser.steps import TABLET
from tests.leaks import leaks
from tests.services import LiveServer
from tests.snapshot import Snapshot

ROLES = ("officer", "desk", "supervisor", "admin")
LONG_NAME = "Putri Uji Coba Berkepanjangan Nama Contoh Yang Enam Puluh Ab"
FIRST_NUMBER = 1001  # of the books that tests add


def register_path(search: str = "") -> str:
    """The register of the last days: midnight may have come since the demo's handovers."""
    today = clock.today()
    return f"/register?since={today - timedelta(days=2)}&until={today}&q={search}"


class Contexts(dict[str, BrowserContext]):
    """One browser for each role, opened when it is first asked for; "" is an applicant's or a screen's."""

    lasting: ClassVar[set[BrowserContext]] = set()  # of all offices

    def __init__(self, office: "DemoOffice") -> None:
        self.office = office
        self.staying: dict[str, tuple[Page, CDPSession]] = {}

    def __missing__(self, role: str) -> BrowserContext:
        context = self.passing(role)
        # A page that stays open keeps the context's process alive from test to test.
        page = context.new_page()
        page.goto(f"{self.office.server.url}/healthz")
        self.staying[role] = page, context.new_cdp_session(page)
        self.lasting.add(context)
        self[role] = context
        return context

    def passing(self, role: str) -> BrowserContext:
        """A browser for this test only."""
        state = self.office.demo.states[role] if role else None
        return self.office.browser.new_context(storage_state=state, reduced_motion="reduce")

    def reset(self) -> None:
        """Every page is closed, the network is back, nothing is remembered but who is signed in."""
        for role, context in self.items():
            staying, devtools = self.staying[role]
            # Cut first: a page that repeats a request must not act on the next test's visit, which has the same id.
            context.set_offline(True)
            for page in context.pages:
                if page is not staying:
                    page.close()
            context.set_offline(False)
            devtools.send(
                "Storage.clearDataForOrigin", {"origin": self.office.server.url, "storageTypes": "local_storage"}
            )
            context.clear_cookies()
            if role:
                context.add_cookies(self.office.demo.states[role]["cookies"])
        for context in self.office.browser.contexts:
            if context not in self.lasting:
                context.close()

    def close(self) -> None:
        for context in self.values():
            self.lasting.discard(context)
            context.close()


class DemoOffice:
    """What scenes are made of. `lang`, `size` and `script` are those of the pages opened next."""

    def __init__(self, server: LiveServer, browser: Browser, demo: SimpleNamespace) -> None:
        self.server, self.browser, self.demo = server, browser, demo
        self.contexts = Contexts(self)
        self.keys = codes.CodeKeys.parse(load(server.environ).code_keys)
        with server.app.app_context():
            self.officer, self.other = _actor("petugas.satu"), _actor("petugas.dua")
            self.supervisor = _actor("penyelia.satu")
            with db.reading() as session:
                self.options = session.get_one(Office, self.officer.office_id).options
                self.elsewhere = session.scalars(select(Office.id).where(Office.code == "JKT")).one()
        self.applicant = applicant(self.officer.office_id)
        self.snapshot = Snapshot(server.instance / "ampera.db")
        self._start_again()

    def _start_again(self) -> None:
        self.lang, self.size, self.script = "id", TABLET, ""
        self.numbers = count(FIRST_NUMBER)

    def page(self, role: str = "", is_clocked: bool = False) -> Page:
        """An empty page of this role. A clock that can be turned is the browser's: such a browser does not last."""
        if not is_clocked:
            return self.contexts[role].new_page()
        page = self.contexts.passing(role).new_page()
        page.clock.install()
        return page

    def open(self, path: str, role: str = "", is_clocked: bool = False) -> Page:
        """The page as this role sees it; `path` may be a link. `is_clocked`: its clock can be turned."""
        page = self.page(role, is_clocked)
        if self.script:
            page.add_init_script(self.script)
        page.set_viewport_size(self.size)
        path = path.removeprefix(self.server.url)
        page.goto(f"{self.server.url}{path}{'&' if '?' in path else '?'}lang={self.lang}")
        return page

    def leaks(self) -> list[str]:
        """What this server has told about people to its log and its metrics, in everything that the tests did."""
        address = f"{self.server.url}/metrics"
        metrics = ""
        if self.server.is_running:
            metrics = httpx.get(address, verify=False, timeout=60).text  # noqa: S501 (self-made)
        with self.server.app.app_context(), db.reading() as session:
            names = {*session.scalars(select(Passport.holder_name)), *session.scalars(select(Staff.name))}
        return leaks(self.server.log + metrics, names)

    def client(self, role: str) -> httpx.Client:
        """Somebody of this role who works over the API: what happens over HTTP reaches open pages at once."""
        bearer = {"Authorization": f"Bearer {self.demo.keys[role]}"}
        return httpx.Client(base_url=f"{self.server.url}/api/v1", headers=bearer, timeout=30)

    def pickup(self, name: str) -> SimpleNamespace:
        """The code and link for the book of this holder."""
        with db.reading() as session:
            found = session.scalar(select(Passport.id).where(Passport.holder_name == name).order_by(Passport.id))
        return self._of_book(found)

    def books(self, *names: str, office_id: int = 1, **fields: Any) -> SimpleNamespace:
        """New books of one pickup: their code and link, and `papers`, what the collector and the shelf hold."""
        numbers = [next(self.numbers) for _ in names]
        ids = [
            builders.passport(
                n, office_id, holder_name=name, name_key=name.casefold(), phone=f"+62899{n:07d}", **fields
            )
            for n, name in zip(numbers, names, strict=True)
        ]
        builders.pickup(*ids)
        papers = [SimpleNamespace(nik=f"167101{n:010d}", passport_no=f"X{n:07d}") for n in numbers]
        return SimpleNamespace(**vars(self._of_book(ids[0])), papers=papers)

    def _of_book(self, book: int) -> SimpleNamespace:
        newest = (
            select(PickupCode)
            .join(Passport, Passport.pickup_id == PickupCode.pickup_id)
            .where(Passport.id == book)
            .order_by(PickupCode.generation.desc())
        )
        with db.reading() as session:
            code = session.scalars(newest).first()
        link = f"{self.server.url}/p/{self.keys.link(code)}"
        return SimpleNamespace(id=code.pickup_id, book=book, code=self.keys.code(code), link=link)

    def arrives(self, code: str, lane: int = 1, visit_id: int | None = None, **vehicle: Any) -> dict[str, Any]:
        request = ScanRequest(str(uuid.uuid4()), lane, code, visit_id, Vehicle(**vehicle))
        return scan_service.scan(self.officer, request)["visit"]

    def called(self, code: str, lane: int = 1) -> dict[str, Any]:
        return call_service.call(self.officer, self.arrives(code, lane)["id"], lane)

    def call_next(self, lane: int = 1) -> dict[str, Any]:
        """The other officer calls over the API, so that open pages hear of it."""
        with self.client("officer") as client:
            return client.post(f"/lanes/{lane}/next", json={}).raise_for_status().json()

    def served(self, code: str, lane: int = 1, by: Actor | None = None) -> dict[str, Any]:
        return self.serve(self.called(code, lane)["id"], lane, by)

    def serve(self, visit_id: int, lane: int = 1, by: Actor | None = None) -> dict[str, Any]:
        return raise_refusal(service.serve(by or self.officer, visit_id, lane))

    def newest(self) -> int:
        """The visit that was opened last."""
        with db.reading() as session:
            return session.scalar(select(func.max(Visit.id)).where(Visit.office_id == self.officer.office_id)) or 0

    def set(self, **options: Any) -> None:
        """The office decides otherwise, until `empty()`."""
        office = Office.id == self.officer.office_id

        def change(unit: db.Unit) -> None:
            unit.session.execute(update(Office).where(office).values(options={**self.options, **options}))
            Office.raise_revision(unit.conn, self.officer.office_id)

        db.current().write(change)

    def queue(self, *names: str) -> None:
        """Vehicles that wait."""
        for name in names:
            self.arrives(self.pickup(name).code)

    def empty(self) -> None:
        """The office as it was at first: everybody has left, every page is closed, all sessions are new."""
        self._start_again()
        self.contexts.reset()
        self.snapshot.restore()
        fresh = update(SignIn).values(created_at=clock.now(), proved_at=clock.now(), seen_at=clock.now())
        db.current().write(lambda unit: unit.session.execute(fresh))


@contextmanager
def serve_demo_office(
    folder: Path, browser: Browser, like: DemoOffice | None = None, **settings: str
) -> Iterator[DemoOffice]:
    """A server of its own with the demo office in it; with `like` a copy of that office as it was at first."""
    # With a mail server, though none answers: pages look as they do where messages leave.
    server = LiveServer(folder, **{"MAIL_URL": "smtp://127.0.0.1:1", **settings})
    demo = _copied(like, server) if like else _filled(server)
    with server:
        office = DemoOffice(server, browser, demo)
        yield office
        found = office.leaks()
        assert not found, "in the log or the metrics of this server:\n" + "\n".join(found)


def _filled(server: LiveServer) -> SimpleNamespace:
    """Make the database; what the `demo` command answers, with `states` (cookies) and API `keys` by role."""
    with server.app.app_context():
        migrate.upgrade(db.current())
        answer = server.command("demo", "--json")
        demo = _demo(answer)
        builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
        demo.states, demo.keys = {}, {}
        for role in ROLES:
            login = demo.accounts[role]["login"]
            demo.states[role] = {"cookies": [_cookie(server, login)], "origins": []}
            demo.keys[role] = builders.key_of(login)
        db.current().write(_settle)
    return demo


def _copied(office: DemoOffice, server: LiveServer) -> SimpleNamespace:
    """The same office, people and secrets in another folder, behind another port."""
    shutil.copy(office.snapshot.copy, server.instance / "ampera.db")
    shutil.copy(office.server.instance / "secrets.json", server.instance)
    here = json.loads(json.dumps(vars(office.demo)).replace(office.server.url, server.url))
    return SimpleNamespace(**here)


def _demo(answer: str) -> SimpleNamespace:
    made = json.loads(answer)
    everybody = made.pop("accounts")
    accounts = {account["role"]: account for account in reversed(everybody)}
    return SimpleNamespace(**made, accounts=accounts, everybody=everybody)


def _cookie(server: LiveServer, login: str) -> dict[str, Any]:
    """The session of somebody who has just signed in."""
    cookie = builders.signed_in_as(server.app, login).get_cookie(COOKIE)
    place = {"domain": "127.0.0.1", "path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"name": COOKIE, "value": cookie.value, **place}


def _settle(unit: db.Unit) -> None:
    """All visits and calls of the demo are over, its messages have gone out."""
    for visit_id in unit.session.scalars(select(Visit.id).where(Visit.ended_at.is_(None))).all():
        Visit.close(unit.conn, visit_id, "left", unit.at)
    earlier = unit.at - timedelta(hours=1)
    unit.session.execute(update(Call).values(at=earlier, shows_at=earlier))
    unit.session.execute(update(Notice).values(state="expanded"))


def _actor(login: str) -> Actor:
    who = builders.staff(login)
    return Actor("staff", who.name, who.role, who.office_id, staff_id=who.id)
