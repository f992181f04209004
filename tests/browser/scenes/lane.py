"""The tablet's scanner in every state: the camera, the twelve verdicts, a lost link."""

from collections.abc import Callable
from functools import partial

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import db
from ampera.offices.models import Lane
from ampera.pickups import service as pickups
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.scenes.table import SCENES, TABLETS, Scene, page, scene
from tests.browser.steps import Window, scanned

SILENCE_MS = 15_000
WAITING = ("Joko Contoh", "Muhammad Uji Coba", "Bambang Uji Keluarga", "Sampel")


page("lane-choice", "/lane?choose=1", "officer", *TABLETS)


@scene(*TABLETS)
def lane_scan(office: DemoOffice) -> Page:
    return at_lane(office)


@scene(*TABLETS)
def lane_lookup_refused(office: DemoOffice) -> Page:
    office.queue(*WAITING)
    page = at_lane(office)
    Window(page).look_up("9900000000999999", "17-07-1971")
    expect(page.locator("#lookup-error")).to_be_visible()
    return page


@scene(*TABLETS)
def lane_called(office: DemoOffice) -> Page:
    office.called(office.pickup("Hendra Uji Wijaya").code)
    office.queue(*WAITING)
    return at_lane(office)


@scene(*TABLETS)
def lane_lost(office: DemoOffice) -> Page:
    office.queue(*WAITING)
    page = at_lane(office, is_clocked=True)
    Window(page).scan(office.pickup("Contoh Satu").code)
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    silence(page)
    expect(page.locator("#offline")).to_be_visible()
    return page


def ok(office: DemoOffice) -> str:
    return office.books("Ahmad Contoh Keluarga", LONG_NAME, "Putri Contoh Keluarga").code


def repeat(office: DemoOffice) -> str:
    code = office.pickup("Contoh Satu").code
    office.arrives(code)
    return code


def open_elsewhere(office: DemoOffice) -> str:
    code = office.pickup("Contoh Satu").code
    office.served(code, 2, office.other)
    return code


def revoked(office: DemoOffice) -> str:
    old = office.books("Contoh Lama")
    pickups.reissue(office.supervisor, old.id, "Kode hilang (uji)")
    return old.code


def wrong_office(office: DemoOffice) -> str:
    return office.books("Contoh Jakarta", office_id=office.elsewhere).code


def closed(office: DemoOffice) -> str:
    db.current().write(lambda unit: unit.session.execute(update(Lane).values(is_open=False)))
    return office.pickup("Ratna Sampel Sari").code


VERDICTS: dict[str, Callable[[DemoOffice], str]] = {
    "ok": ok,
    "repeat": repeat,
    "open_elsewhere": open_elsewhere,
    "collected": lambda office: office.pickup("Sudah Uji Diambil").code,
    "revoked": revoked,
    "cancelled": lambda office: office.pickup("Batal Contoh Lama").code,
    "held": lambda office: office.pickup("Tahan Sampel Periksa").code,
    "overdue": lambda office: office.pickup("Lewat Uji Batas").code,
    "wrong_office": wrong_office,
    "closed": closed,
    "unknown": lambda _: "SAB" + "7" * 26,
    "malformed": lambda _: "https://contoh.example/bukan-kode",
}


def verdict(office: DemoOffice, name: str) -> Page:
    office.queue(*WAITING[:3])
    code = VERDICTS[name](office)
    page = at_lane(office)
    scanned(page, code)
    expect(page.locator(f"[data-verdict={name}]")).to_be_visible()
    return page


for name in VERDICTS:
    SCENES[f"lane-{name.replace('_', '-')}"] = Scene(partial(verdict, name=name), TABLETS)


def at_lane(office: DemoOffice, **more) -> Page:
    """The tablet of lane 1, which shows what it has heard."""
    page = office.open("/lane?lane=1", "officer", **more)
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    return page


def silence(page: Page) -> None:
    """The link is cut, and has been for a while."""
    page.context.set_offline(True)
    page.clock.fast_forward(SILENCE_MS)
