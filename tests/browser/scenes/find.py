"""'Find my pickup' in its states, and a book's page with what was sent for it."""

import httpx
from playwright.sync_api import Page, Route, expect

from ampera import db
from ampera.notices.models import Delivery, Notice
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.table import DESK, page, scene
from tests.browser.steps import PHONE, SECONDS, SOON, TABLET

NARROW = {"width": 360, "height": 740}
ELSEWHERE = "127.0.0.9"  # who asks from here uses up nobody else's share

page("find", "/find", "", PHONE, NARROW, TABLET)


def ask(office: DemoOffice, number: str, born: str) -> Page:
    page = office.open("/find")
    page.fill("#find-number", number)
    page.fill("#find-born", born)
    page.press("#find-born", "Enter")
    return page


@scene(PHONE, NARROW)
def find_refused(office: DemoOffice) -> Page:
    page = ask(office, "1234", "31-02-1990")
    expect(page.locator("#find-born-error")).to_be_visible()
    expect(page.locator("#find-number")).to_be_focused()
    return page


@scene(PHONE, NARROW, TABLET)
def find_noted(office: DemoOffice) -> Page:
    page = ask(office, "9900 0000 0000 0001", "2/1/1990")
    page.wait_for_url("**/find/noted")
    return page


@scene(PHONE, NARROW)
def find_too_often(office: DemoOffice) -> Page:
    """What the server says to an address that asked for the 21st time, shown to the browser as its answer."""
    form = {"number": "9900000000000001", "born": "02-01-1990"}
    way = httpx.HTTPTransport(local_address=ELSEWHERE)
    with httpx.Client(base_url=office.server.url, transport=way, timeout=SOON / SECONDS) as client:
        client.cookies.set("lang", office.lang)
        answers = [client.post("/find", data=form) for _ in range(21)]
    assert answers[-1].status_code == 429

    def give(route: Route) -> None:
        route.fulfill(status=429, content_type="text/html; charset=utf-8", body=answers[-1].text)

    page = office.open("/find")
    page.route("**/find", give)
    page.fill("#find-number", form["number"])
    page.fill("#find-born", form["born"])
    page.press("#find-born", "Enter")
    expect(page.locator("#problem")).to_be_visible()
    return page


@scene(PHONE, NARROW)
def find_at_the_counter(office: DemoOffice) -> Page:
    office.set(notice_kinds=["ready"])
    return office.open("/find")


@scene(*DESK)
def book_history(office: DemoOffice) -> Page:
    """Every state that a message can have."""
    family = office.books("Contoh Pesan")
    states = ("delivered", "sent", "passed", "dead", "dropped", "waiting")

    def send(unit: db.Unit) -> None:
        notice = Notice(office_id=1, pickup_id=family.id, kind="ready", facts={}, state="expanded", created_at=unit.at)
        unit.session.add(notice)
        unit.session.flush()
        for number, state in enumerate(states):
            channel, address = (("mail", "contoh@contoh.example"), ("whatsapp", "+6289900001001"))[number % 2]
            row = Delivery(
                notice_id=notice.id, office_id=1, once=f"{family.id}-{number}", channel=channel, address=address,
                first_name="Contoh", state=state, due_at=unit.at.replace(year=2099), created_at=unit.at,
            )  # fmt: skip
            unit.session.add(row)

    db.current().write(send)
    page = office.open(f"/desk/books/{family.book}", "desk")
    expect(page.locator(".delivery-history li")).to_have_count(len(states))
    return page
