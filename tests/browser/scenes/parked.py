"""Vehicles at the side: on the tablet, on the screens, on a phone."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import clock, db
from ampera.offices.models import Office
from ampera.visits.models import Visit
from ampera.visits.moves import park_service
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.applicant import shown
from tests.browser.scenes.lane import WAITING, at_lane
from tests.browser.scenes.table import ALL, PHONE, scene
from tests.browser.steps import SCREEN, TABLET

STANDING = {"width": 1080, "height": 1920}


def parked(office: DemoOffice, name: str, lane: int = 1, minutes: int = 0, *, by_other: bool = False) -> int:
    """A vehicle that has been at the side for so many minutes."""
    actor = office.other if by_other else office.officer
    visit = office.served(office.books(name).code, lane, actor)["id"]
    park_service.park(actor, visit)
    before = clock.now() - timedelta(minutes=minutes)

    def pass_time(unit: db.Unit) -> None:
        values = {"parked_at": before, "claim_until": before + timedelta(minutes=3), "undo_until": None}
        unit.session.execute(update(Visit).where(Visit.id == visit).values(**values))
        Office.raise_revision(unit.conn, office.officer.office_id)

    db.current().write(pass_time)
    return visit


@scene(*ALL)
def lane_parked(office: DemoOffice) -> Page:
    """One of this officer that is forgotten, one of a colleague to take over, one that the colleague still has."""
    parked(office, "Contoh Tepi Satu", minutes=14)
    parked(office, "Contoh Tepi Dua", 2, minutes=6, by_other=True)
    parked(office, "Contoh Tepi Tiga", 2, by_other=True)
    office.called(office.pickup("Hendra Uji Wijaya").code)
    office.queue(*WAITING)
    page = at_lane(office)
    expect(page.locator("#parked li")).to_have_count(3)
    expect(page.locator("#parked [data-state]:has(.state)")).to_have_attribute("data-queue-no", "A003")
    expect(page.locator("#parked button")).to_have_text(["Lanjut", "Ambil alih"])
    return page


@scene(TABLET)
def supervisor_sees_forgotten(office: DemoOffice) -> Page:
    """A vehicle that is forgotten, and one that is at the side for a moment only."""
    parked(office, "Contoh Tepi Satu", minutes=14)
    parked(office, "Contoh Tepi Dua", 2, by_other=True)
    page = office.open("/register", "supervisor")
    expect(page.locator("#supervisor-calls .call")).to_have_attribute("data-forgotten", "A003")
    return page


@scene(TABLET)
def lane_parked_take_over(office: DemoOffice) -> Page:
    page = lane_parked(office)
    page.locator("#parked li").nth(1).locator("button").click()
    expect(page.locator("#ask")).to_be_visible()
    return page


@scene(SCREEN, STANDING)
def board_parked(office: DemoOffice) -> Page:
    for n in range(4):
        parked(office, f"Contoh Tepi {n}", 1 + n % 2, minutes=n)
    office.served(office.pickup("Contoh Satu").code, 1)
    office.queue(*WAITING)
    return office.open("/board/PLG", "supervisor")


@scene(PHONE)
def pass_parked(office: DemoOffice) -> Page:
    pickup = office.pickup("Contoh Satu")
    visit = office.served(pickup.code)
    park_service.park(office.officer, visit["id"])
    return shown(office.open(pickup.link), "parked")
