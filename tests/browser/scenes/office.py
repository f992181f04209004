"""The office's pages and the front page in the states of the line: closed by hand, full, refused forms, special days.

Each scene sets the office back once its page is drawn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Page, expect

from ampera import clock
from ampera.offices import closing_service, service
from ampera.offices.calendar.hours import Span
from tests.browser.demo_office import Town
from tests.browser.scenes.table import ALL, DESK, scene

LONG_TITLE = "Layanan akhir pekan contoh dengan nama yang panjang, sampai dua baris penuh"


@contextmanager
def closed_by_hand(town: Town) -> Iterator[None]:
    closing_service.close_now(town.supervisor, "Contoh: genset rusak", clock.now() + timedelta(minutes=45))
    closing_service.set_banner(
        town.supervisor, "Uji genset: layar dapat padam sebentar.", clock.now() + timedelta(hours=2)
    )
    yield
    closing_service.open_again(town.supervisor)
    closing_service.drop_banner(town.supervisor)


@contextmanager
def limited(town: Town, quota: int) -> Iterator[None]:
    """A quota, a last vehicle, a special day with a break and a holiday."""
    today = clock.today()
    days = {today + timedelta(3): [Span("08:00", "10:00"), Span("10:30", "12:00")], today + timedelta(9): []}
    service.set_option(town.supervisor, "day_quota", quota)
    for day, spans in days.items():
        service.set_special_day(town.supervisor, day, LONG_TITLE, spans, 100 if spans else None)
    yield
    service.set_option(town.supervisor, "day_quota", None)
    for day in days:
        service.drop_special_day(town.supervisor, day)


@scene(*ALL)
def index_closed_by_hand(town: Town) -> Page:
    with closed_by_hand(town):
        return town.open("/")


@scene(*ALL)
def index_quota_full(town: Town) -> Page:
    with limited(town, 0):
        return town.open("/")


@scene(*ALL)
def admin_office_closed_by_hand(town: Town) -> Page:
    with closed_by_hand(town):
        return town.open("/admin/office", "supervisor")


@scene(*ALL)
def admin_calendar_special_days(town: Town) -> Page:
    with limited(town, 100):
        return town.open(f"/admin/calendar?day={clock.today() + timedelta(3)}", "admin")


@scene(*DESK)
def admin_office_refused(town: Town) -> Page:
    page = town.open("/admin/office", "admin")
    page.click("summary:has(+ form[action='/admin/office/close'])")
    page.fill("#reason", " ")
    page.click("form[action='/admin/office/close'] button[type=submit]")
    expect(page.locator("#reason-error")).to_be_visible()
    return page


@scene(*DESK)
def admin_calendar_refused(town: Town) -> Page:
    page = town.open("/admin/calendar", "admin")
    page.fill("#hours-2", "pagi")
    page.press("#hours-2", "Enter")
    expect(page.locator("#hours-2-error")).to_be_visible()
    return page


@scene(*DESK)
def admin_options_refused(town: Town) -> Page:
    page = town.open("/admin/options", "admin")
    page.fill("#option-rack_order", "A;B")
    page.press("#option-rack_order", "Enter")
    expect(page.locator("#option-rack_order-error")).to_be_visible()
    return page
