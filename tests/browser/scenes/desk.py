"""The desk in its states: books to fetch, in the hands, not found, to be put back; and a rack that is checked."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import Actor
from ampera.passports.models import Passport
from ampera.visits.models import VisitPickup
from ampera.visits.moves import service
from ampera.visits.picks import service as picks_service
from tests import builders
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.scenes.lane import WAITING
from tests.browser.scenes.table import ALL, DESK, page, scene

FORTY = [f"Contoh Jemaah {n}" for n in range(1, 41)]

page("shelves", "/desk/shelves", "desk", *ALL)
page("shelves-wrong", "/desk/shelves?rack=---", "desk", *DESK)


page("desk-entry", "/desk/books/new", "desk", *ALL)


@scene(*ALL)
def desk_entry_refused(office: DemoOffice) -> Page:
    """A book typed by hand with three numbers that are too short."""
    page = office.open("/desk/books/new", "desk")
    typed = {"issued_on": clock.today().isoformat(), "birth_date": "1990-01-02", "shelf": "A-01", "nik": "16"}
    for name, text in {"application_no": "12", "passport_no": "7", "holder_name": LONG_NAME, **typed}.items():
        page.fill(f"#{name}", text)
    page.click("main .button--primary")
    expect(page.locator("#problem")).to_be_visible()
    return page


def clerk() -> Actor:
    who = builders.staff("rak.contoh")
    return Actor("staff", who.name, who.role, who.office_id, staff_id=who.id)


def waiting(office: DemoOffice) -> list[int]:
    """Some vehicles and one with long names; the ids of all their books."""
    office.queue(*WAITING)
    family = office.books("Contoh Ayah", LONG_NAME, shelf="RAK-BELAKANG-02-17")
    office.called(family.code, 2)
    with db.reading() as session:
        of_open = select(Passport.id).join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
        return list(
            session.scalars(of_open.where(VisitPickup.is_open, Passport.state == "ready").order_by(Passport.id))
        )


def desk(office: DemoOffice, path: str = "/desk", role: str = "desk") -> Page:
    """The page once it shows what it has heard: its rows are new ones then."""
    page = office.open(path, role)
    expect(page.locator("#signal")).not_to_be_empty()
    return page


@scene(*ALL)
def desk_pick_list(office: DemoOffice) -> Page:
    waiting(office)
    page = desk(office)
    expect(page.locator("#picks .pick").first).to_be_visible()
    page.locator("#picks .pick input").first.check()
    return page


@scene(*DESK)
def desk_of_an_officer(office: DemoOffice) -> Page:
    waiting(office)
    return desk(office, role="officer")


@scene(*ALL)
def desk_on_the_way(office: DemoOffice) -> Page:
    """Books in the hands, one at the window, one not found; by vehicle."""
    books = waiting(office)
    picks_service.pick(clerk(), books[:2], "take")
    picks_service.pick(clerk(), books[2:3], "hand", 2)
    picks_service.pick(clerk(), books[3:4], "missing")
    page = desk(office, "/desk?by=vehicle")
    expect(page.locator("#missing li").first).to_be_visible()
    expect(page.locator("#carried .pick").first).to_be_visible()
    return page


@scene(*DESK)
def desk_asks_before_the_alarm(office: DemoOffice) -> Page:
    waiting(office)
    page = desk(office)
    page.locator("#picks .pick input").first.check()
    page.click("#fetch .lost summary")
    return page


@scene(*ALL)
def desk_forty_books(office: DemoOffice) -> Page:
    office.arrives(office.books(*FORTY).code)
    page = desk(office)
    expect(page.locator("#picks .pick")).to_have_count(len(FORTY))
    return page


@scene(*DESK)
def desk_returns(office: DemoOffice) -> Page:
    family = office.books("Contoh Ayah", LONG_NAME, "Contoh Anak")
    visit = office.arrives(family.code)
    picks_service.pick(clerk(), [book["passport_id"] for book in visit["passports"]], "take")
    service.leave(office.officer, visit["id"], None)
    page = desk(office)
    expect(page.locator("#returns .pick").first).to_be_visible()
    return page


def checked(office: DemoOffice) -> Page:
    here = office.books("Contoh Di Sini", LONG_NAME, "Contoh Hilang", shelf="Q-01-01")
    foreign = office.books("Contoh Salah Rak", shelf="RAK-BELAKANG-02-17")
    page = office.open("/desk/shelves?rack=Q", "desk")
    for number in (here.papers[0].passport_no, here.papers[1].passport_no, "X9999999", foreign.papers[0].passport_no):
        page.fill("#number", number)
        page.press("#number", "Enter")
    expect(page.locator("[data-count=foreign]")).to_have_text("1")
    return page


@scene(*ALL)
def shelf_check(office: DemoOffice) -> Page:
    return checked(office)


@scene(*DESK)
def shelf_checked(office: DemoOffice) -> Page:
    page = checked(office)
    page.click("#finish")
    expect(page.locator("#finished")).to_be_visible()
    return page
