"""Every page in every state as one table: axe reads it, the gallery draws it. A scene opens its page and returns it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import clock, db
from ampera.demo import people
from ampera.handovers import voiding
from ampera.offices.models import Lane
from ampera.passports.models import Passport
from ampera.passports.samples import sample
from ampera.pickups import service as pickups
from tests.browser.demo_town import LONG_NAME, Town
from tests.browser.steps import PHONE, SCREEN, TABLET, Window

UPRIGHT = {"width": 820, "height": 1180}
TABLETS, DESK, ALL = (TABLET, UPRIGHT), (TABLET, PHONE), (PHONE, TABLET, UPRIGHT)
SILENCE_MS = 15_000
WAITING = ("Joko Contoh", "Muhammad Uji Coba", "Bambang Uji Keluarga", "Sampel")


class Scene(NamedTuple):
    """`set_up(town)` gives the page; `sizes` are those it is made for."""

    set_up: Callable[[Town], Page]
    sizes: tuple[dict, ...]


SCENES: dict[str, Scene] = {}


def scene(*sizes: dict):
    """Put the function into the table under its own name."""

    def register(set_up: Callable[[Town], Page]) -> Callable[[Town], Page]:
        SCENES[set_up.__name__.replace("_", "-")] = Scene(set_up, sizes)
        return set_up

    return register


def page(name: str, path: str, role: str, *sizes: dict) -> None:
    """A page that only has to be opened."""
    SCENES[name] = Scene(lambda town: town.open(path, role), sizes)


page("index", "/", "", *ALL)
page("login", "/login", "", *ALL)
page("login-confirm", "/login/confirm?next=/register", "supervisor", *DESK)
page("not-found", "/tidak/ada", "", *DESK)
page("forbidden", "/admin/accounts", "officer", *DESK)
page("lane-choice", "/lane?choose=1", "officer", *TABLETS)
page("board-not-enrolled", "/board/PLG", "", SCREEN)
page("desk", "/desk", "desk", *ALL)
page("desk-nothing-found", "/desk?q=zzz", "desk", *DESK)
page("desk-found", "/desk?q=contoh", "desk", *ALL)
page("import", "/desk/import", "desk", *ALL)
page("register", "/register", "supervisor", *ALL)
page("register-empty", "/register?q=zzz", "supervisor", *DESK)
page("reports", "/reports", "supervisor", *ALL)
for tab in ("accounts", "devices", "keys", "office"):
    page(f"admin-{tab}", f"/admin/{tab}", "admin", *ALL)


@scene(PHONE, TABLET)
def login_refused(town: Town) -> Page:
    page = town.open("/login")
    page.fill("[name=login]", "petugas.satu")
    page.fill("[name=password]", "salah")
    page.click("main button[type=submit]")
    expect(page.locator("#problem")).to_be_visible()
    return page


for name, holder in {
    "ready": "Contoh Satu",
    "family": "Cahyo Sampel Keluarga",
    "overdue": "Lewat Uji Batas",
    "held": "Tahan Sampel Periksa",
    "collected": "Sudah Uji Diambil",
}.items():
    SCENES[f"pass-{name}"] = Scene(lambda town, holder=holder: town.open(town.pickup(holder).link), (PHONE, TABLET))


@scene(PHONE)
def pass_partly_collected(town: Town) -> Page:
    family = town.books("Contoh Ayah", "Contoh Ibu", LONG_NAME)
    first = update(Passport).where(Passport.id == family.book).values(state="collected")
    db.current().write(lambda unit: unit.session.execute(first))
    return town.open(family.link)


@scene(PHONE)
def pass_revoked(town: Town) -> Page:
    old = town.books("Contoh Lama")
    pickups.reissue(town.supervisor, old.id, "Kode hilang (uji)")
    return town.open(old.link)


@scene(PHONE)
def pass_waiting(town: Town) -> Page:
    town.queue(*WAITING)
    page = town.open(town.pickup(WAITING[-1]).link)
    expect(page.locator("#live")).to_be_visible()
    return page


@scene(PHONE, TABLET)
def pass_called(town: Town) -> Page:
    pickup = town.pickup("Contoh Satu")
    town.called(pickup.code, 2)
    page = town.open(pickup.link)
    expect(page.locator("#called")).to_be_visible()
    return page


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


def at_window(town: Town):
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


def board(town: Town, path: str = "", **more) -> Page:
    """One called, one served, some waiting."""
    town.served(town.pickup("Hendra Uji Wijaya").code, 1)
    town.called(town.pickup("Contoh Satu").code, 2)
    town.queue(*WAITING)
    return town.open(f"/board/PLG{path}", "supervisor", **more)


SCENES["board"] = Scene(board, (SCREEN, UPRIGHT))
SCENES["board-lane"] = Scene(partial(board, path="/2"), (SCREEN, UPRIGHT))
page("board-empty", "/board/PLG", "supervisor", SCREEN)


@scene(SCREEN)
def board_stale(town: Town) -> Page:
    page = board(town, is_clocked=True)
    expect(page.locator("body")).to_have_attribute("data-stale", "false")
    silence(page)
    expect(page.locator("body")).to_have_attribute("data-stale", "true")
    return page


@scene(*ALL)
def desk_pick_list(town: Town) -> Page:
    town.queue(*WAITING)
    page = town.open("/desk", "desk")
    expect(page.locator("#picks tbody tr").first).to_be_visible()
    return page


def preview(town: Town, bad: int) -> Page:
    content = sample("csv", 60, 31, clock.today(), bad=bad).content
    page = town.open("/desk/import", "desk")
    page.set_input_files("#file", {"name": "buku-contoh.csv", "mimeType": "text/csv", "buffer": content})
    page.click("#upload button")
    page.wait_for_url("**/desk/import/*")
    return page


SCENES["import-preview"] = Scene(partial(preview, bad=0), ALL)
SCENES["import-problems"] = Scene(partial(preview, bad=9), ALL)


@scene(*DESK)
def import_refused(town: Town) -> Page:
    page = town.open("/desk/import", "desk")
    page.set_input_files("#file", {"name": "foto.xlsx", "mimeType": "image/png", "buffer": b"\x89PNG" * 99})
    page.click("#upload button")
    expect(page.locator("#problem")).to_be_visible()
    return page


for name, holder in {
    "ready": "Ahmad Contoh Keluarga",
    "held": "Tahan Sampel Periksa",
    "long": people.LONG_NAME,
}.items():
    SCENES[f"book-{name}"] = Scene(
        lambda town, holder=holder: town.open(f"/desk/books/{town.pickup(holder).book}", "supervisor"), ALL
    )


@scene(*ALL)
def record(town: Town) -> Page:
    page = town.open("/register?q=Diambil", "supervisor")
    page.locator("tbody a").first.click()
    return page


@scene(*DESK)
def record_voided(town: Town) -> Page:
    page = town.open("/register?q=Kemarin", "supervisor")
    number = page.locator("tbody a").first.get_attribute("href").split("/")[-1]
    voiding.void(town.supervisor, int(number), "Salah orang (uji)", "C-02-08", has_proved=True)
    page.locator("tbody a").first.click()
    return page
