"""An office with many lanes for tests of the window: a real server, a browser, two people who are signed in.

Every test works at a lane of its own. The fixtures `windows` and `window` are in conftest.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace

from playwright.sync_api import Page, expect
from sqlalchemy import select

from ampera import db
from ampera.handovers.models import Handover
from tests import builders
from tests.browser.steps import TABLET, Window, signed_in
from tests.chromium import chromium
from tests.services import LiveServer

LANES = 20
LEASE_SECONDS = 180
LONG_NAME = "Putri Uji Coba Berkepanjangan Nama Contoh Yang Enam Puluh Ab"

numbers = count(1)


@contextmanager
def office_with_windows(folder: Path, lease_seconds: int = LEASE_SECONDS) -> Iterator[SimpleNamespace]:
    """A server whose database the tests read and fill, a browser, and the sessions of two people."""
    with LiveServer(folder) as server, server.app.app_context(), chromium() as browser:
        builders.office(lanes=LANES, lease_seconds=lease_seconds)
        people = {role: signed_in(server.url, f"{role}.plg", builders.PASSWORD) for role in ("officer", "supervisor")}
        yield SimpleNamespace(server=server, browser=browser, people=people, lanes=count(1))


class Tablet(Window):
    """An officer at a lane of its own."""

    def __init__(self, place: SimpleNamespace, role: str = "officer", lang: str = "id") -> None:
        self.place, self.role = place, role
        self.errors: list[str] = []
        self.lane = next(place.lanes)
        self.page = self.open(f"/lane?lane={self.lane}&lang={lang}", role)

    def open(self, path: str, role: str) -> Page:
        context = self.place.browser.new_context(storage_state=self.place.people[role], viewport=TABLET)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(self.place.server.url + path)
        expect(page.locator("#link")).to_have_attribute("data-key", "connected")
        return page

    def close(self) -> None:
        self.page.context.close()
        assert self.errors == []


def family(*fields: dict) -> tuple[list[SimpleNamespace], str]:
    """Books of one pickup, one for each dict of changed fields, and their code."""
    ids, books = [], []
    for changes in fields:
        n = next(numbers)
        ids.append(builders.passport(n, **changes))
        books.append(SimpleNamespace(id=ids[-1], passport_no=f"X{n:07d}", nik=f"167101{n:010d}"))
    return books, builders.pickup(*ids)


def records(*books: SimpleNamespace) -> list[Handover]:
    wanted = select(Handover).where(Handover.passport_id.in_([book.id for book in books])).order_by(Handover.id)
    with db.reading() as session:
        return list(session.scalars(wanted))
