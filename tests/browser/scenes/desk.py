"""The desk in its states: books to fetch, in the hands, not found, to be put back; and a rack that is checked."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from ampera import db
from ampera.audit import Actor
from ampera.passports.models import Passport
from ampera.visits.models import VisitPickup
from ampera.visits.moves import service
from ampera.visits.picks import service as picks_service
from tests import builders
from tests.browser.demo_office import LONG_NAME, Town
from tests.browser.scenes.lane import WAITING
from tests.browser.scenes.table import ALL, DESK, page, scene

FORTY = [f"Contoh Jemaah {n}" for n in range(1, 41)]

page("shelves", "/desk/shelves", "desk", *ALL)
page("shelves-wrong", "/desk/shelves?rack=---", "desk", *DESK)


def clerk() -> Actor:
    who = builders.staff("rak.contoh")
    return Actor("staff", who.name, who.role, who.office_id, staff_id=who.id)


def waiting(town: Town) -> list[int]:
    """Some vehicles and one with long names; the ids of all their books."""
    town.queue(*WAITING)
    family = town.books("Contoh Ayah", LONG_NAME, shelf="RAK-BELAKANG-02-17")
    town.called(family.code, 2)
    with db.reading() as session:
        of_open = select(Passport.id).join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
        return list(
            session.scalars(of_open.where(VisitPickup.is_open, Passport.state == "ready").order_by(Passport.id))
        )


def desk(town: Town, path: str = "/desk", role: str = "desk") -> Page:
    """The page once it shows what it has heard: its rows are new ones then."""
    page = town.open(path, role)
    expect(page.locator("#signal")).not_to_be_empty()
    return page


@scene(*ALL)
def desk_pick_list(town: Town) -> Page:
    waiting(town)
    page = desk(town)
    expect(page.locator("#picks .pick").first).to_be_visible()
    page.locator("#picks .pick input").first.check()
    return page


@scene(*DESK)
def desk_of_an_officer(town: Town) -> Page:
    waiting(town)
    return desk(town, role="officer")


@scene(*ALL)
def desk_on_the_way(town: Town) -> Page:
    """Books in the hands, one at the window, one not found; by vehicle."""
    books = waiting(town)
    picks_service.pick(clerk(), books[:2], "take")
    picks_service.pick(clerk(), books[2:3], "hand", 2)
    picks_service.pick(clerk(), books[3:4], "missing")
    page = desk(town, "/desk?by=vehicle")
    expect(page.locator("#missing li").first).to_be_visible()
    expect(page.locator("#carried .pick").first).to_be_visible()
    return page


@scene(*DESK)
def desk_asks_before_the_alarm(town: Town) -> Page:
    waiting(town)
    page = desk(town)
    page.locator("#picks .pick input").first.check()
    page.click("#fetch .lost summary")
    return page


@scene(*ALL)
def desk_forty_books(town: Town) -> Page:
    town.arrives(town.books(*FORTY).code)
    page = desk(town)
    expect(page.locator("#picks .pick")).to_have_count(len(FORTY))
    return page


@scene(*DESK)
def desk_returns(town: Town) -> Page:
    family = town.books("Contoh Ayah", LONG_NAME, "Contoh Anak")
    visit = town.arrives(family.code)
    picks_service.pick(clerk(), [book["passport_id"] for book in visit["passports"]], "take")
    service.leave(town.officer, visit["id"], None)
    page = desk(town)
    expect(page.locator("#returns .pick").first).to_be_visible()
    return page


def checked(town: Town) -> Page:
    here = town.books("Contoh Di Sini", LONG_NAME, "Contoh Hilang", shelf="Q-01-01")
    foreign = town.books("Contoh Salah Rak", shelf="RAK-BELAKANG-02-17")
    page = town.open("/desk/shelves?rack=Q", "desk")
    for number in (here.papers[0].passport_no, here.papers[1].passport_no, "X9999999", foreign.papers[0].passport_no):
        page.fill("#number", number)
        page.press("#number", "Enter")
    expect(page.locator("[data-count=foreign]")).to_have_text("1")
    return page


@scene(*ALL)
def shelf_check(town: Town) -> Page:
    return checked(town)


@scene(*DESK)
def shelf_checked(town: Town) -> Page:
    page = checked(town)
    page.click("#finish")
    expect(page.locator("#finished")).to_be_visible()
    return page
