"""A screen without a right and an administrator in browser tests: a code is shown, typed, and the screen lives."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from tests.browser.demo_office import DemoOffice
from tests.browser.steps import SCREEN, SECONDS, SOON
from tests.services import wait_until

ASKS_WITHIN = 2 * SECONDS  # a screen that shows its code
LIST_ASKS_WITHIN = 5 * SECONDS  # the list of screens


@contextmanager
def own_browsers(office: DemoOffice) -> Iterator[Callable[..., Page]]:
    """`opened(path)` is a page of a browser of its own, whose clock can be turned; errors in a page fail the test."""
    pages, errors = [], []

    def opened(path: str, size: dict = SCREEN, **more: object) -> Page:
        page = office.browser.new_context(viewport=size, **more).new_page()
        page.clock.install()
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        page.goto(office.server.url + path.removeprefix(office.server.url))
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert errors == []


def code_on(screen: Page) -> str:
    expect(screen.locator("#code")).to_be_visible()
    return "".join(screen.locator("#code").inner_text().split())


def confirm(admin: Page, code: str, name: str, place: str = "lane:1") -> None:
    admin.fill("#code", code)
    admin.fill("#name", name)
    admin.select_option("#place", place)
    admin.get_by_role("button", name="Daftarkan layar").click()
    expect(admin.locator(".banner--go")).to_contain_text(f"{name} terdaftar.")


def row(admin: Page, name: str) -> Locator:
    return admin.locator(".screen", has_text=name)


def has_state(admin: Page, name: str, state: str) -> None:
    """The list asks until this screen has this state, at the pace of its clock, which is turned."""
    shown = row(admin, name).locator(".state").get_by_text(state, exact=True)

    def asks() -> bool:
        admin.clock.fast_forward(LIST_ASKS_WITHIN)
        admin.wait_for_timeout(0.3 * SECONDS)
        return shown.is_visible()

    wait_until(asks, f"{name} is never {state}", SOON / SECONDS)


def is_live(screen: Page, path: str) -> None:
    screen.clock.fast_forward(ASKS_WITHIN)
    expect(screen).to_have_url(re.compile(re.escape(path) + "$"))
    expect(screen.locator("body[data-live]")).to_have_attribute("data-stale", "false")
