"""The tablet's scanner in every state: the camera, the twelve verdicts, a lost link."""

from collections.abc import Callable
from functools import partial

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import db
from ampera.offices.models import Lane
from ampera.pickups import service as pickups
from tests.browser.demo_office import LONG_NAME, Town
from tests.browser.scenes.table import SCENES, TABLETS, Scene, page, scene
from tests.browser.steps import Window

SILENCE_MS = 15_000
WAITING = ("Joko Contoh", "Muhammad Uji Coba", "Bambang Uji Keluarga", "Sampel")


page("lane-choice", "/lane?choose=1", "officer", *TABLETS)


@scene(*TABLETS)
def lane_scan(town: Town) -> Page:
    return at_lane(town)


@scene(*TABLETS)
def lane_called(town: Town) -> Page:
    town.called(town.pickup("Hendra Uji Wijaya").code)
    town.queue(*WAITING)
    return at_lane(town)


@scene(*TABLETS)
def lane_lost(town: Town) -> Page:
    town.queue(*WAITING)
    page = at_lane(town, is_clocked=True)
    Window(page).scan(town.pickup("Contoh Satu").code)
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    silence(page)
    expect(page.locator("#offline")).to_be_visible()
    return page


def ok(town: Town) -> str:
    return town.books("Ahmad Contoh Keluarga", LONG_NAME, "Putri Contoh Keluarga").code


def repeat(town: Town) -> str:
    code = town.pickup("Contoh Satu").code
    town.arrives(code)
    return code


def open_elsewhere(town: Town) -> str:
    code = town.pickup("Contoh Satu").code
    town.served(code, 2, town.other)
    return code


def revoked(town: Town) -> str:
    old = town.books("Contoh Lama")
    pickups.reissue(town.supervisor, old.id, "Kode hilang (uji)")
    return old.code


def wrong_office(town: Town) -> str:
    return town.books("Contoh Jakarta", office_id=town.elsewhere).code


def closed(town: Town) -> str:
    db.current().write(lambda unit: unit.session.execute(update(Lane).values(is_open=False)))
    return town.pickup("Ratna Sampel Sari").code


VERDICTS: dict[str, Callable[[Town], str]] = {
    "ok": ok,
    "repeat": repeat,
    "open_elsewhere": open_elsewhere,
    "collected": lambda town: town.pickup("Sudah Uji Diambil").code,
    "revoked": revoked,
    "cancelled": lambda town: town.pickup("Batal Contoh Lama").code,
    "held": lambda town: town.pickup("Tahan Sampel Periksa").code,
    "overdue": lambda town: town.pickup("Lewat Uji Batas").code,
    "wrong_office": wrong_office,
    "closed": closed,
    "unknown": lambda _: "SAB" + "7" * 26,
    "malformed": lambda _: "https://contoh.example/bukan-kode",
}


def verdict(town: Town, name: str) -> Page:
    town.queue(*WAITING[:3])
    code = VERDICTS[name](town)
    page = at_lane(town)
    Window(page).scan(code)
    expect(page.locator(f"[data-verdict={name}]")).to_be_visible()
    return page


for name in VERDICTS:
    SCENES[f"lane-{name.replace('_', '-')}"] = Scene(partial(verdict, name=name), TABLETS)


def at_lane(town: Town, **more) -> Page:
    """The tablet of lane 1, which shows what it has heard."""
    page = town.open("/lane?lane=1", "officer", **more)
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    return page


def silence(page: Page) -> None:
    """The link is cut, and has been for a while."""
    page.context.set_offline(True)
    page.clock.fast_forward(SILENCE_MS)
