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
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.table import ALL, DESK, scene

LONG_TITLE = "Layanan akhir pekan contoh dengan nama yang panjang, sampai dua baris penuh"


@contextmanager
def closed_by_hand(office: DemoOffice) -> Iterator[None]:
    closing_service.close_now(office.supervisor, "Contoh: genset rusak", clock.now() + timedelta(minutes=45))
    closing_service.set_banner(
        office.supervisor, "Uji genset: layar dapat padam sebentar.", clock.now() + timedelta(hours=2)
    )
    yield
    closing_service.open_again(office.supervisor)
    closing_service.drop_banner(office.supervisor)


@contextmanager
def limited(office: DemoOffice, quota: int) -> Iterator[None]:
    """A quota, a last vehicle, a special day with a break and a holiday."""
    today = clock.today()
    days = {today + timedelta(3): [Span("08:00", "10:00"), Span("10:30", "12:00")], today + timedelta(9): []}
    service.set_option(office.supervisor, "day_quota", quota)
    for day, spans in days.items():
        service.set_special_day(office.supervisor, day, LONG_TITLE, spans, 100 if spans else None)
    yield
    service.set_option(office.supervisor, "day_quota", None)
    for day in days:
        service.drop_special_day(office.supervisor, day)


@scene(*ALL)
def index_closed_by_hand(office: DemoOffice) -> Page:
    with closed_by_hand(office):
        return office.open("/")


@scene(*ALL)
def index_quota_full(office: DemoOffice) -> Page:
    with limited(office, 0):
        return office.open("/")


@scene(*ALL)
def admin_office_closed_by_hand(office: DemoOffice) -> Page:
    with closed_by_hand(office):
        return office.open("/admin/office", "supervisor")


@scene(*ALL)
def admin_calendar_special_days(office: DemoOffice) -> Page:
    with limited(office, 100):
        return office.open(f"/admin/calendar?day={clock.today() + timedelta(3)}", "admin")


@scene(*DESK)
def admin_office_refused(office: DemoOffice) -> Page:
    page = office.open("/admin/office", "admin")
    page.click("summary:has(+ form[action='/admin/office/close'])")
    page.fill("#reason", " ")
    page.click("form[action='/admin/office/close'] button[type=submit]")
    expect(page.locator("#reason-error")).to_be_visible()
    return page


@scene(*DESK)
def admin_calendar_refused(office: DemoOffice) -> Page:
    page = office.open("/admin/calendar", "admin")
    page.fill("#hours-2", "pagi")
    page.press("#hours-2", "Enter")
    expect(page.locator("#hours-2-error")).to_be_visible()
    return page


@scene(*DESK)
def admin_options_unsaved(office: DemoOffice) -> Page:
    page = office.open("/admin/options", "admin")
    page.fill("#option-call_seconds", "12")
    page.locator("#option-checklists input").first.click()
    expect(page.locator("[data-save]")).to_have_text("Simpan perubahan (2)")
    return page


@scene(*ALL)
def admin_calendar_unsaved(office: DemoOffice) -> Page:
    page = office.open("/admin/calendar", "admin")
    page.fill("#hours-0", "08.00–12.00, 13.00–15.00")
    page.click("[data-copy-monday]")
    expect(page.locator("[data-save]")).to_have_text("Simpan perubahan (5)")
    return page


@scene(*DESK)
def admin_options_refused(office: DemoOffice) -> Page:
    page = office.open("/admin/options", "admin")
    page.fill("#option-rack_order", "A;B")
    page.press("#option-rack_order", "Enter")
    expect(page.locator("#option-rack_order-error")).to_be_visible()
    return page
