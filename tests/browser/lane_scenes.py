"""The tablet's pages in every state: scanner, the twelve verdicts, window."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import db
from ampera.offices.models import Lane
from ampera.pickups import service as pickups
from tests.browser.demo_town import LONG_NAME, Town
from tests.browser.scene_table import ALL, SCENES, TABLETS, Scene, page, scene
from tests.browser.steps import TABLET, Window

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


@scene(*ALL)
def window_visit(town: Town) -> Page:
    return at_window(town)[0].page


@scene(TABLET)
def window_question(town: Town) -> Page:
    window, _ = at_window(town)
    window.page.click("[data-move=divert]")
    return window.page


@scene(*TABLETS)
def window_wrong_identity(town: Town) -> Page:
    window, papers = at_window(town)
    window.start()
    window.collector("family")
    window.type_in(0, "identity", "0000")
    window.type_in(1, "book", papers[1].passport_no)
    expect(window.row(0).locator(".field__error")).to_be_visible()
    return window.page


@scene(*ALL)
def window_form(town: Town) -> Page:
    return ready_to_hold(town).page


@scene(*TABLETS)
def window_checking(town: Town) -> Page:
    window = ready_to_hold(town)
    window.page.route("**/api/v1/handovers", lambda route: route.abort())
    window.hold()
    expect(window.pane("checking")).to_be_visible()
    return window.page


@scene(*TABLETS)
def window_recorded(town: Town) -> Page:
    window = ready_to_hold(town)
    window.hold()
    window.recorded()
    return window.page


@scene(*TABLETS)
def window_locked(town: Town) -> Page:
    window, _ = at_window(town)
    window.start()
    for wrong in ("0001", "0002", "0003"):
        window.type_in(0, "identity", wrong)
        expect(window.page.locator(".field__error:visible, [data-pane=stopped]").first).to_be_visible()
    expect(window.pane("stopped")).to_be_visible()
    return window.page


def at_lane(town: Town, **more) -> Page:
    page = town.open("/lane?lane=1", "officer", **more)
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    return page


def at_window(town: Town) -> tuple[Window, list[SimpleNamespace]]:
    """A vehicle with two books is served; the window, and the papers in hand."""
    family = town.books("Ahmad Contoh Keluarga", LONG_NAME)
    town.served(family.code)
    window = Window(at_lane(town))
    expect(window.pane("visit")).to_be_visible()
    return window, family.papers


def ready_to_hold(town: Town) -> Window:
    window, papers = at_window(town)
    window.start()
    window.collector("family")
    for n, paper in enumerate(papers):
        window.type_in(n, "identity", paper.nik[-4:])
        window.type_in(n, "book", paper.passport_no)
    window.sign()
    expect(window.page.locator(".hold")).to_be_enabled()
    return window


def silence(page: Page) -> None:
    """The link is cut, and has been for a while."""
    page.context.set_offline(True)
    page.clock.fast_forward(SILENCE_MS)
