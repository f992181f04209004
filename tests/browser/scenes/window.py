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
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.scenes.lane import at_lane
from tests.browser.scenes.table import ALL, TABLETS, scene
from tests.browser.steps import TABLET, Window

GROUP = 20


@scene(*ALL)
def window_visit(office: DemoOffice) -> Page:
    return at_window(office)[0].page


@scene(TABLET)
def window_question(office: DemoOffice) -> Page:
    window, _ = at_window(office)
    window.page.click("#window [data-move=divert]")
    return window.page


@scene(*TABLETS)
def window_wrong_identity(office: DemoOffice) -> Page:
    window, papers = at_window(office)
    window.start()
    window.collector("family")
    window.type_in(0, "identity", "0000")
    expect(window.row(0).locator(".field__error")).to_be_visible()  # it takes the focus back
    window.type_in(1, "book", papers[1].passport_no)
    expect(window.row(1).locator(".state--go")).to_be_visible()
    return window.page


@scene(*ALL)
def window_form(office: DemoOffice) -> Page:
    return ready_to_hold(office).page


@scene(*TABLETS)
def window_announced(office: DemoOffice) -> Page:
    """The applicant has said who comes; the officer has chosen that class."""
    family = office.books("Ahmad Contoh Keluarga", "Contoh Kedua")
    collectors_service.announce(office.applicant, family.id, CollectorDetails("family", LONG_NAME, "bibi"))
    office.served(family.code)
    window = Window(at_lane(office))
    window.start()
    window.page.locator("[name=class][value=family]").check(force=True)
    expect(window.page.locator("[data-use-name]")).to_be_visible()
    return window.page


@scene(*TABLETS)
def window_checking(office: DemoOffice) -> Page:
    window = ready_to_hold(office)
    window.page.route("**/api/v1/handovers", lambda route: route.abort())
    window.hold()
    expect(window.pane("checking")).to_be_visible()
    return window.page


@scene(*TABLETS)
def window_recorded(office: DemoOffice) -> Page:
    window = ready_to_hold(office)
    window.hold()
    window.recorded()
    return window.page


@scene(*TABLETS)
def window_locked(office: DemoOffice) -> Page:
    window, _ = at_window(office)
    window.start()
    for wrong in ("0001", "0002", "0003"):
        window.type_in(0, "identity", wrong)
        expect(window.page.locator(".field__error:visible, [data-pane=stopped]").first).to_be_visible()
    expect(window.pane("stopped")).to_be_visible()
    return window.page


def pilgrims(office: DemoOffice) -> tuple[Window, list[SimpleNamespace]]:
    """A bus with forty books under two codes; the first books are at the window already, one is not found."""
    names = [f"Contoh Jemaah {n:02d}" for n in range(1, 2 * GROUP + 1)]
    names[2] = LONG_NAME
    first, second = office.books(*names[:GROUP]), office.books(*names[GROUP:])
    visit = office.arrives(first.code)
    join(office, visit, second.code)
    served = office.serve(visit["id"])
    books = [book["passport_id"] for book in served["passports"]]
    picks_service.pick(office.supervisor, books[:6], "hand", 1)
    picks_service.pick(office.supervisor, books[6:9], "take")
    picks_service.pick(office.supervisor, books[9:10], "missing")
    window = Window(at_lane(office))
    expect(window.pane("visit")).to_be_visible()
    return window, [*first.papers, *second.papers]


@scene(*ALL)
def window_forty(office: DemoOffice) -> Page:
    return pilgrims(office)[0].page


@scene(TABLET)
def window_forty_found(office: DemoOffice) -> Page:
    window, _ = pilgrims(office)
    window.page.fill("[data-slot=search]", "jemaah 3")
    expect(window.pane("visit").locator("[data-passport]")).to_have_count(10)
    return window.page


@scene(*TABLETS)
def window_forty_form(office: DemoOffice) -> Page:
    window, papers = pilgrims(office)
    window.start()
    window.collector("proxy")
    for n, paper in enumerate(papers[:5]):
        window.type_in(n, "identity", paper.nik[-4:])
        window.type_in(n, "book", paper.passport_no)
    expect(window.page.locator("[data-slot=matched]")).to_contain_text("5")
    return window.page


@scene(*TABLETS)
def window_next_collector(office: DemoOffice) -> Page:
    family = office.books("Contoh Ayah", "Contoh Ibu", "Contoh Anak")
    office.served(family.code)
    window = Window(at_lane(office))
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


@scene(*ALL)
def window_left_out(office: DemoOffice) -> Page:
    """One of four books stays behind, and one of the others was typed wrongly."""
    names = ("Contoh Ayah", LONG_NAME, "Contoh Anak", "Contoh Adik")
    family = office.books(*names)
    office.served(family.code)
    window = Window(at_lane(office))
    window.start()
    window.collector("family")
    for n in (0, 2):
        window.type_in(n, "identity", family.papers[n].nik[-4:])
        window.type_in(n, "book", family.papers[n].passport_no)
    window.page.get_by_role("checkbox", name=f"Ikut kali ini: {names[3]}").uncheck()
    expect(window.page.locator(".is-left-out")).to_have_count(1)
    return window.page


@scene(*ALL)
def window_same_collector(office: DemoOffice) -> Page:
    window = Window(window_next_collector(office))
    window.start()
    expect(window.page.locator("[data-slot=earlier]")).to_be_visible()
    return window.page


@scene(TABLET)
def window_take_out(office: DemoOffice) -> Page:
    window, _ = pilgrims(office)
    window.page.locator("[data-group-act=take-out]").first.click()
    return window.page


@scene(*TABLETS)
def window_taken_over(office: DemoOffice) -> Page:
    window, _ = at_window(office)
    let_lease_end(office)
    office.serve(office.newest(), by=office.other)
    expect(window.pane("stopped")).to_be_visible()
    return window.page


def join(office: DemoOffice, visit: dict, code: str) -> None:
    """Another code comes into the same car."""
    office.arrives(code, visit_id=visit["id"])


def let_lease_end(office: DemoOffice) -> None:
    """The officer who serves has given no sign for long."""
    changed = update(Visit).where(Visit.id == office.newest()).values(claim_until=clock.now())

    def end(unit: db.Unit) -> None:
        unit.session.execute(changed)
        Office.raise_revision(unit.conn, office.officer.office_id)

    db.current().write(end)


def at_window(office: DemoOffice) -> tuple[Window, list[SimpleNamespace]]:
    """A vehicle with two books is served; the window, and the papers in hand."""
    family = office.books("Ahmad Contoh Keluarga", LONG_NAME)
    office.served(family.code)
    window = Window(at_lane(office))
    expect(window.pane("visit")).to_be_visible()
    return window, family.papers


def ready_to_hold(office: DemoOffice) -> Window:
    window, papers = at_window(office)
    window.start()
    window.collector("family")
    for n, paper in enumerate(papers):
        window.type_in(n, "identity", paper.nik[-4:])
        window.type_in(n, "book", paper.passport_no)
    window.sign()
    expect(window.page.locator(".hold")).to_be_enabled()
    return window
