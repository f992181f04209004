"""The demo office on a real server, its database at hand: who comes, who is served, and the pages to see it on."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Browser, Page
from sqlalchemy import delete, func, select, update

from ampera import db
from ampera.audit import Actor, applicant
from ampera.bookings.models import Booking, SlotCount
from ampera.offices.models import Lane, Office
from ampera.passports.models import Passport
from ampera.pickups import codes
from ampera.pickups.models import PickupCode
from ampera.settings import load
from ampera.visits.models import Arrival, Pick, Visit
from ampera.visits.moves import calls, service
from ampera.visits.scan import service as scan_service
from ampera.visits.scan.request import ScanRequest, Vehicle
from tests import builders
from tests.browser.steps import TABLET, demo_office, signed_in
from tests.services import LiveServer

ROLES = ("officer", "desk", "supervisor", "admin")
LONG_NAME = "Putri Uji Coba Berkepanjangan Nama Contoh Yang Enam Puluh Ab"


class Town:
    """What scenes are made of. `lang` and `size` are those of the pages opened next."""

    def __init__(self, server: LiveServer, browser: Browser) -> None:
        self.server, self.browser = server, browser
        self.lang, self.size = "id", TABLET
        self.demo = demo_office(server)
        self.keys = codes.CodeKeys.parse(load(server.environ).code_keys)
        self.officer, self.other = self._actor("petugas.satu"), self._actor("petugas.dua")
        self.supervisor = self._actor("penyelia.satu")
        self.applicant = applicant(self.officer.office_id)
        with db.reading() as session:
            self.options = session.get_one(Office, self.officer.office_id).options
        self.elsewhere = builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
        self.contexts = {"": browser.new_context(reduced_motion="reduce")}
        for role in ROLES:
            account = self.demo.accounts[role]
            state = signed_in(server.url, account["login"], account["password"])
            self.contexts[role] = browser.new_context(storage_state=state, reduced_motion="reduce")
        # A page of each that stays open keeps its process alive between the scenes.
        self.staying = {context.new_page() for context in self.contexts.values()}
        for page in self.staying:
            page.goto(f"{server.url}/healthz")
        self.numbers = count(1001)

    def open(self, path: str, role: str = "", is_clocked: bool = False) -> Page:
        """The page as this role sees it; `path` may be a link. `is_clocked`: its clock can be turned."""
        page = self.contexts[role].new_page()
        if is_clocked:
            page.clock.install()
        page.set_viewport_size(self.size)
        path = path.removeprefix(self.server.url)
        page.goto(f"{self.server.url}{path}{'&' if '?' in path else '?'}lang={self.lang}")
        return page

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
        return calls.call(self.officer, self.arrives(code, lane)["id"], lane)

    def served(self, code: str, lane: int = 1, by: Actor | None = None) -> dict[str, Any]:
        return self.serve(self.called(code, lane)["id"], lane, by)

    def serve(self, visit_id: int, lane: int = 1, by: Actor | None = None) -> dict[str, Any]:
        return service.serve(by or self.officer, visit_id, lane)

    def newest(self) -> int:
        """The visit that was opened last."""
        with db.reading() as session:
            return session.scalar(select(func.max(Visit.id)).where(Visit.office_id == self.officer.office_id)) or 0

    def set(self, **options: Any) -> None:
        """The office decides otherwise, until the town is emptied."""
        changed = update(Office).where(Office.id == self.officer.office_id).values(options={**self.options, **options})
        db.current().write(lambda unit: unit.session.execute(changed))

    def queue(self, *names: str) -> None:
        """Vehicles that wait."""
        for name in names:
            self.arrives(self.pickup(name).code)

    def empty(self) -> None:
        """Everybody has left; all lanes are open, every page is closed, the network is back."""
        for context in self.contexts.values():
            for page in {*context.pages} - self.staying:
                page.close()
            context.set_offline(False)

        def leave(unit: db.Unit) -> None:
            for visit_id in unit.session.scalars(select(Visit.id).where(Visit.ended_at.is_(None))).all():
                Visit.close(unit.conn, visit_id, "left", unit.at)
            unit.session.execute(update(Lane).values(is_open=True, windows=1, site=""))
            unit.session.execute(delete(Pick))
            for said in (Arrival, Booking, SlotCount):
                unit.session.execute(delete(said))

        db.current().write(leave)
        self.set()

    def _actor(self, login: str) -> Actor:
        who = builders.staff(login)
        return Actor("staff", who.name, who.role, who.office_id, staff_id=who.id)


@contextmanager
def demo_town(folder: Path, browser: Browser) -> Iterator[Town]:
    """A server of its own with the demo office in it."""
    # With a mail server, though none answers: pages look as they do where messages leave.
    with LiveServer(folder, MAIL_URL="smtp://127.0.0.1:1") as server, server.app.app_context():
        yield Town(server, browser)
