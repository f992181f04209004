"""The tablet beside its scanner: points, gate, a long queue, other windows, what is asked first, a closed line."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import clock, db
from ampera.board.lane_checks import service as lane_checks
from ampera.errors import raise_refusal
from ampera.offices.models import Lane
from ampera.visits.models import Visit
from ampera.visits.moves import call_service, service
from ampera.visits.picks import service as picks_service
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.lane import WAITING, at_lane
from tests.browser.scenes.table import ALL, TABLETS, scene
from tests.browser.scenes.window import let_lease_end
from tests.browser.steps import SCREEN, TABLET, Window

LONG_QUEUE = 44


def lanes(*numbers: int, **values: object) -> None:
    db.current().write(lambda unit: unit.session.execute(update(Lane).where(Lane.number.in_(numbers)).values(**values)))


@scene(*ALL)
def lane_points(office: DemoOffice) -> Page:
    office.set(separate_gate=True)
    lanes(1, windows=2)
    lanes(2, site="Mal Contoh")
    return office.open("/lane?choose=1", "officer")


def gate(office: DemoOffice) -> Page:
    office.set(separate_gate=True)
    page = office.open("/lane?lane=1&point=gate", "officer")
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    return page


@scene(*ALL)
def gate_ready(office: DemoOffice) -> Page:
    office.queue(*WAITING[:2])
    page = gate(office)
    page.select_option("[name=priority]", "elderly")
    page.locator("[name=plate]").first.press_sequentially("bg1234xx")
    return page


@scene(*ALL)
def gate_directs(office: DemoOffice) -> Page:
    page = gate_ready(office)
    Window(page).scan(office.pickup("Contoh Satu").code)
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    return page


@scene(TABLET)
def gate_stops(office: DemoOffice) -> Page:
    page = gate(office)
    Window(page).scan(office.pickup("Tahan Sampel Periksa").code)
    expect(page.locator("[data-verdict=held]")).to_be_visible()
    return page


@scene(*ALL)
def lane_long_queue(office: DemoOffice) -> Page:
    """Cars, motorcycles and priorities; books at the window, and one that nobody finds."""
    for n in range(LONG_QUEUE):
        about = {"kind": "motorcycle" if n % 5 == 1 else "car", "plate": f"BG {1200 + n} XX" if n % 3 else None}
        visit = office.arrives(office.books(f"Contoh Antre {n}", f"Uji Antre {n}").code, **about)
        books = [book["passport_id"] for book in visit["passports"]]
        if n < 3:
            picks_service.pick(office.supervisor, books[: n + 1], "hand", 1)
        if n == 3:
            picks_service.pick(office.supervisor, books[:1], "missing")
    for reason in ("elderly", "pregnant"):
        office.arrives(office.books(f"Contoh {reason}").code, priority=reason)
    page = at_lane(office)
    expect(page.locator("#more")).to_be_visible()
    return page


@scene(*TABLETS)
def lane_out_of_turn(office: DemoOffice) -> Page:
    office.queue(*WAITING)
    page = at_lane(office)
    page.locator(".queue__call").nth(2).click()
    page.click("#call")
    expect(page.locator("#ask")).to_be_visible()
    return page


@scene(TABLET)
def lane_edit(office: DemoOffice) -> Page:
    office.queue(*WAITING)
    page = at_lane(office)
    page.locator(".queue__call").nth(1).click()
    page.click("#edit")
    return page


@scene(*TABLETS)
def lane_windows(office: DemoOffice) -> Page:
    """Two windows in one lane: this one's vehicle is called, the other's officer has gone silent."""
    lanes(1, windows=2)
    other = office.arrives(office.books("Contoh Jendela Dua").code)
    service.serve(office.other, other["id"], 1, window=2)
    let_lease_end(office)
    own = office.arrives(office.books("Contoh Jendela Satu").code, priority="disabled")
    call_service.call(office.officer, own["id"], 1, "urgent", 1)
    office.queue(*WAITING[:3])
    page = office.open("/lane?lane=1&window=1", "officer")
    expect(page.locator(".current-vehicles__others button")).to_be_visible()
    return page


@scene(*TABLETS)
def lane_take_over(office: DemoOffice) -> Page:
    page = lane_windows(office)
    page.click(".current-vehicles__others button")
    expect(page.locator("#ask")).to_be_visible()
    return page


@scene(TABLET)
def lane_moves(office: DemoOffice) -> Page:
    page = lane_windows(office)
    page.click(".more summary")
    return page


@scene(TABLET)
def lane_transfer(office: DemoOffice) -> Page:
    page = lane_moves(office)
    page.click("[data-move=transfer]:visible")
    expect(page.locator("#ask")).to_be_visible()
    return page


@scene(*TABLETS)
def lane_recent(office: DemoOffice) -> Page:
    for name in WAITING[:3]:
        visit = office.called(office.pickup(name).code)
        service.mark_no_show(office.officer, visit["id"], "")
    page = at_lane(office)
    page.click("#recent summary")
    return page


@scene(*TABLETS)
def lane_line_closed(office: DemoOffice) -> Page:
    office.queue(*WAITING[:2])
    office.set(closed_by_hand={"since": clock.iso(clock.now()), "reason": "Hujan badai (uji)", "until": None})
    page = at_lane(office)
    expect(page.locator("#closed")).to_be_visible()
    return page


@scene(*ALL)
def order(office: DemoOffice) -> Page:
    """Somebody is called before their turn with a reason, somebody without, somebody has priority."""
    office.queue(*WAITING[:3])
    first, second = office.books("Contoh Tergesa"), office.books("Contoh Tanpa Alasan")
    call_service.call(office.officer, office.arrives(first.code)["id"], 1, "books_ready")
    call_service.call(office.officer, office.arrives(second.code)["id"], 2)
    office.arrives(office.books("Contoh Lansia").code, priority="elderly")
    return office.open("/reports/order", "supervisor")


@scene(*ALL)
def pace(office: DemoOffice) -> Page:
    """One vehicle is served within the target, another far over it."""
    office.served(office.books("Contoh Cepat").code)
    slow = office.served(office.books("Contoh Lama").code)
    db.current().write(
        lambda unit: unit.session.execute(
            update(Visit).where(Visit.id == slow["id"]).values(served_at=clock.now() - timedelta(minutes=7))
        )
    )
    page = office.open("/reports/pace", "supervisor")
    expect(page.locator("#pace tr[data-officer]").first).to_be_visible()
    return page


@scene(*ALL)
def lane_check(office: DemoOffice) -> Page:
    """The opening check: the network is measured, the screen has no answer yet, the printer failed."""
    page = office.open("/lane/check?lane=1", "officer")
    expect(page.locator("[data-part=network]")).to_have_attribute("data-result", "works")
    page.evaluate("() => { window.print = () => {}; }")
    page.click("[data-part=printer] [data-slot=try]")
    page.click("[data-part=printer] [data-slot=no]")
    page.click("[data-part=scanner] [data-slot=unused]")
    page.click("[data-part=sound] [data-slot=try]")
    return page


@scene(SCREEN)
def board_test(office: DemoOffice) -> Page:
    office.called(office.books("Contoh Satu").code, lane=2)
    raise_refusal(lane_checks.show_test(office.officer, 1))
    return office.open("/board/PLG", "officer")
