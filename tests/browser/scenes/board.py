"""The screens on the wall in every state, lying and standing."""

from functools import partial

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import db
from ampera.offices.models import Lane
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.lane import WAITING, silence
from tests.browser.scenes.table import SCENES, Scene, page, scene
from tests.browser.steps import SCREEN

STANDING = {"width": 1080, "height": 1920}
LONG_MESSAGE = (
    "Kendaraan dengan anak kecil, lansia, ibu hamil dan penyandang disabilitas silakan memberi tahu petugas; "
    "siapkan bukti pembayaran dan kartu identitas asli."
)


def board(office: DemoOffice, path: str = "", **more) -> Page:
    """One called, one served, some waiting."""
    office.served(office.pickup("Hendra Uji Wijaya").code, 1)
    office.called(office.pickup("Contoh Satu").code, 2)
    office.queue(*WAITING)
    return office.open(f"/board/PLG{path}", "supervisor", **more)


def board_windows(office: DemoOffice, path: str = "") -> Page:
    """A lane where three vehicles stand at three windows, and a message as long as it may be."""
    office.set(message=LONG_MESSAGE)
    db.current().write(lambda unit: unit.session.execute(update(Lane).where(Lane.number == 2).values(windows=3)))
    for name in ("Hendra Uji Wijaya", "Contoh Satu", WAITING[0]):
        office.called(office.pickup(name).code, 2)
    shown = office.open(f"/board/PLG{path}", "supervisor")
    expect(shown.locator(".gate__visit")).to_have_count(3)
    return shown


page("board-not-enrolled", "/board/PLG", "", SCREEN)
page("board-empty", "/board/PLG", "supervisor", SCREEN, STANDING)
SCENES["board"] = Scene(board, (SCREEN, STANDING))
SCENES["board-lane"] = Scene(partial(board, path="/2"), (SCREEN, STANDING))
SCENES["board-windows"] = Scene(board_windows, (SCREEN, STANDING))
SCENES["board-lane-windows"] = Scene(partial(board_windows, path="/2"), (SCREEN, STANDING))


@scene(SCREEN, STANDING)
def board_full(office: DemoOffice) -> Page:
    """Nobody may join any more, nobody waits."""
    office.called(office.pickup("Contoh Satu").code, 2)
    office.set(day_quota=1)
    shown = office.open("/board/PLG", "supervisor")
    expect(shown.locator("#line")).to_be_visible()
    return shown


@scene(SCREEN, STANDING)
def board_full_with_queue(office: DemoOffice) -> Page:
    """Those who wait stay in the queue of a full day."""
    office.queue(*WAITING)
    office.set(day_quota=1)
    shown = office.open("/board/PLG", "supervisor")
    expect(shown.locator("#line")).to_be_visible()
    return shown


@scene(SCREEN, STANDING)
def board_stale(office: DemoOffice) -> Page:
    shown = board(office, is_clocked=True)
    expect(shown.locator("body")).to_have_attribute("data-stale", "false")
    silence(shown)
    expect(shown.locator("body")).to_have_attribute("data-stale", "true")
    return shown
