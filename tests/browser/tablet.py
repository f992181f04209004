"""An officer's tablet at a lane of the demo office. The fixture `window` is in tests/worlds.py."""

from itertools import count
from types import SimpleNamespace

from playwright.sync_api import Page, expect
from sqlalchemy import select

from ampera import db
from ampera.handovers.models import Handover
from tests import builders
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.steps import TABLET, Window

__all__ = ["LONG_NAME", "Tablet", "family", "records"]

numbers = count(5001)  # of the books: none of the demo's


class Tablet(Window):
    """The page of one officer at one lane, in the browser of that role."""

    def __init__(
        self, office: DemoOffice, role: str = "officer", lang: str = "id", lane: int = 1, *, is_clocked: bool = False
    ) -> None:
        self.office, self.role, self.lane = office, role, lane
        self.errors: list[str] = []
        self.page = self.open(f"/lane?lane={lane}&lang={lang}", role, is_clocked)

    def open(self, path: str, role: str, is_clocked: bool = False) -> Page:
        page = self.office.page(role, is_clocked)
        page.emulate_media(reduced_motion="no-preference")
        page.set_viewport_size(TABLET)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(self.office.server.url + path)
        expect(page.locator("#link")).to_have_attribute("data-key", "connected")
        return page

    def include(self, name: str) -> None:
        """Tick or untick this holder's row, with the keyboard and as a screen reader names it."""
        self.page.get_by_role("checkbox", name=f"Ikut kali ini: {name}").press("Space")

    def close(self) -> None:
        self.page.context.set_offline(True)  # first: it may be repeating a request
        self.page.close()
        self.page.context.set_offline(False)
        assert self.errors == [], self.errors


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
