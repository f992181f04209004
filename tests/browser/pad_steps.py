"""A tablet with keys of its own for digits."""

from playwright.sync_api import Page, expect

from tests.browser.tablet import Tablet, family


def with_pad(tablet: Tablet) -> Tablet:
    """The keys are switched on where the tablet chooses its place."""
    tablet.page.goto(f"{tablet.office.server.url}/lane?choose=1&lang=id")
    tablet.page.get_by_label("Papan angka sendiri").check()
    tablet.page.click("[data-lanes] [data-point]")
    expect(tablet.page.locator("#link")).to_have_attribute("data-key", "connected")
    return tablet


def keys(page: Page):
    return page.locator(".pad:visible [data-key]")


def press(page: Page, typed: str) -> None:
    for key in typed:
        page.locator(f".pad:visible [data-key='{key}']").click()


def act(page: Page, name: str) -> None:
    page.locator(f".pad:visible [data-key={name}]").click()


def open_form(tablet: Tablet, *fields: dict):
    books, code = family(*fields)
    tablet.serve(code)
    tablet.start()
    return books


def field(tablet: Tablet, n: int, slot: str):
    return tablet.row(n).locator(f"[data-slot={slot}]")
