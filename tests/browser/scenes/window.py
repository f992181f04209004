"""The window in every state: a visit of two books and of forty, the form, amber, green, stop."""

from types import SimpleNamespace

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import clock, db
from ampera.bookings.collectors import service as collectors_service
from ampera.bookings.collectors.submission import CollectorDetails
from ampera.offices.models import Office
from ampera.visits.models import Visit
from ampera.visits.picks import service as picks_service
from tests.browser.demo_office import LONG_NAME, Town
from tests.browser.scenes.lane import at_lane
from tests.browser.scenes.table import ALL, TABLETS, scene
from tests.browser.steps import TABLET, Window

GROUP = 20


@scene(*ALL)
def window_visit(town: Town) -> Page:
    return at_window(town)[0].page


@scene(TABLET)
def window_question(town: Town) -> Page:
    window, _ = at_window(town)
    window.page.click("#window [data-move=divert]")
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
def window_announced(town: Town) -> Page:
    """The applicant has said who comes; the officer has chosen that class."""
    family = town.books("Ahmad Contoh Keluarga", "Contoh Kedua")
    collectors_service.announce(town.applicant, family.id, CollectorDetails("family", LONG_NAME, "bibi"))
    town.served(family.code)
    window = Window(at_lane(town))
    window.start()
    window.page.locator("[name=class][value=family]").check(force=True)
    expect(window.page.locator("[data-use-name]")).to_be_visible()
    return window.page


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


def pilgrims(town: Town) -> tuple[Window, list[SimpleNamespace]]:
    """A bus with forty books under two codes; the first books are at the window already, one is not found."""
    names = [f"Contoh Jemaah {n:02d}" for n in range(1, 2 * GROUP + 1)]
    names[2] = LONG_NAME
    first, second = town.books(*names[:GROUP]), town.books(*names[GROUP:])
    visit = town.arrives(first.code)
    join(town, visit, second.code)
    served = town.serve(visit["id"])
    books = [book["passport_id"] for book in served["passports"]]
    picks_service.pick(town.supervisor, books[:6], "hand", 1)
    picks_service.pick(town.supervisor, books[6:9], "take")
    picks_service.pick(town.supervisor, books[9:10], "missing")
    window = Window(at_lane(town))
    expect(window.pane("visit")).to_be_visible()
    return window, [*first.papers, *second.papers]


@scene(*ALL)
def window_forty(town: Town) -> Page:
    return pilgrims(town)[0].page


@scene(TABLET)
def window_forty_found(town: Town) -> Page:
    window, _ = pilgrims(town)
    window.page.fill("[data-slot=search]", "jemaah 3")
    expect(window.pane("visit").locator("[data-passport]")).to_have_count(10)
    return window.page


@scene(*TABLETS)
def window_forty_form(town: Town) -> Page:
    window, papers = pilgrims(town)
    window.start()
    window.collector("proxy")
    for n, paper in enumerate(papers[:5]):
        window.type_in(n, "identity", paper.nik[-4:])
        window.type_in(n, "book", paper.passport_no)
    expect(window.page.locator("[data-slot=matched]")).to_contain_text("5")
    return window.page


@scene(*TABLETS)
def window_next_collector(town: Town) -> Page:
    family = town.books("Contoh Ayah", "Contoh Ibu", "Contoh Anak")
    town.served(family.code)
    window = Window(at_lane(town))
    window.pane("visit").get_by_role("checkbox").nth(2).uncheck()
    window.start()
    window.collector("family")
    for n, paper in enumerate(family.papers[:2]):
        window.type_in(n, "identity", paper.nik[-4:])
        window.type_in(n, "book", paper.passport_no)
    window.sign()
    window.hold()
    window.recorded().locator("[data-act=continue]").click()
    expect(window.pane("visit").locator("[data-slot=progress]")).to_be_visible()
    return window.page


@scene(TABLET)
def window_take_out(town: Town) -> Page:
    window, _ = pilgrims(town)
    window.page.locator("[data-group-act=take-out]").first.click()
    return window.page


@scene(*TABLETS)
def window_taken_over(town: Town) -> Page:
    window, _ = at_window(town)
    let_lease_end(town)
    town.serve(town.newest(), by=town.other)
    expect(window.pane("stopped")).to_be_visible()
    return window.page


def join(town: Town, visit: dict, code: str) -> None:
    """Another code comes into the same car."""
    town.arrives(code, visit_id=visit["id"])


def let_lease_end(town: Town) -> None:
    """The officer who serves has given no sign for long."""
    changed = update(Visit).where(Visit.id == town.newest()).values(claim_until=clock.now())

    def end(unit: db.Unit) -> None:
        unit.session.execute(changed)
        Office.raise_revision(unit.conn, town.officer.office_id)

    db.current().write(end)


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
