"""Calls for a supervisor: on a supervisor's page, the decision, and on the tablet of the officer who called."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from ampera import clock
from ampera.passports.models import Passport
from ampera.visits.models import VisitPickup
from ampera.visits.scan.ways import LOOKUP
from ampera.visits.supervisor_calls import service
from tests import builders
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.lane import at_lane
from tests.browser.scenes.table import ALL, TABLETS, scene
from tests.browser.steps import TABLET, Window

LATE = timedelta(days=60)


def overdue(office: DemoOffice) -> dict:
    """A vehicle with one book in time and one after its deadline, for which the officer has called."""
    code = office.books("Contoh Tepat Waktu", "Contoh Terlambat").code
    builders.set_columns(Passport, {"holder_name": "Contoh Terlambat"}, issued_on=clock.today() - LATE)
    visit = office.served(code)
    service.call(office.officer, visit["id"], "overdue")
    return visit


@scene(*ALL)
def supervisor_called(office: DemoOffice) -> Page:
    """One call is new, one is taken by this supervisor."""
    taken = office.arrives(office.pickup("Hendra Uji Wijaya").code)
    service.call(office.officer, taken["id"], "no_signature")
    service.take(office.supervisor, taken["id"])
    overdue(office)
    page = office.open("/register", "supervisor")
    expect(page.locator("#supervisor-calls .call")).to_have_count(2)
    return page


@scene(*ALL)
def supervisor_decides(office: DemoOffice) -> Page:
    visit = overdue(office)
    service.take(office.supervisor, visit["id"])
    page = office.open("/lane?lane=2", "supervisor")
    page.click("#supervisor-calls [data-call-act=decide]")
    page.click("#decision [data-slot=confirm]")
    expect(page.locator("#decision [data-slot=refusal]")).to_be_visible()
    return page


@scene(*TABLETS)
def window_supervisor_called(office: DemoOffice) -> Page:
    """The fullest summary: a call, a vehicle without a code, a move that may be undone."""
    visit = overdue(office)
    builders.set_columns(VisitPickup, {"visit_id": visit["id"]}, found_by=LOOKUP)
    page = at_lane(office)
    expect(page.locator("#own-calls .call--wait")).to_be_visible()
    expect(page.locator("#window aside")).to_contain_text("Tanpa kode")
    return page


@scene(*TABLETS)
def window_supervisor_here(office: DemoOffice) -> Page:
    page = window_supervisor_called(office)
    page.click("#own-calls [data-call-act=decide]")
    expect(page.locator("#decision")).to_be_visible()
    return page


@scene(TABLET)
def window_supervisor_refused(office: DemoOffice) -> Page:
    visit = overdue(office)
    page = at_lane(office)
    expect(page.locator("#own-calls .call--wait")).to_be_visible()
    service.decide(office.supervisor, visit["id"], service.Answer("refuse"))
    expect(page.locator("#own-calls .call--stop")).to_be_visible()
    return page


@scene(*TABLETS)
def lane_overdue_waits(office: DemoOffice) -> Page:
    page = at_lane(office)
    Window(page).scan(office.books("Contoh Terlambat", issued_on=clock.today() - LATE).code)
    page.click("[data-act=supervisor]")
    expect(page.locator("#own-calls .call--wait")).to_be_visible()
    return page
