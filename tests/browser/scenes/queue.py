"""The tablet beside its scanner: points, gate, a long queue, other windows, what is asked first, a closed line."""

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import clock, db
from ampera.offices.models import Lane
from ampera.visits.moves import call_service, service
from ampera.visits.picks import service as picks_service
from tests.browser.demo_office import Town
from tests.browser.scenes.lane import WAITING, at_lane
from tests.browser.scenes.table import ALL, TABLETS, scene
from tests.browser.scenes.window import let_lease_end
from tests.browser.steps import TABLET, Window

LONG_QUEUE = 44


def lanes(*numbers: int, **values: object) -> None:
    db.current().write(lambda unit: unit.session.execute(update(Lane).where(Lane.number.in_(numbers)).values(**values)))


@scene(*ALL)
def lane_points(town: Town) -> Page:
    town.set(separate_gate=True)
    lanes(1, windows=2)
    lanes(2, site="Mal Contoh")
    return town.open("/lane?choose=1", "officer")


def gate(town: Town) -> Page:
    town.set(separate_gate=True)
    page = town.open("/lane?lane=1&point=gate", "officer")
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    return page


@scene(*ALL)
def gate_ready(town: Town) -> Page:
    town.queue(*WAITING[:2])
    page = gate(town)
    page.select_option("[name=priority]", "elderly")
    page.locator("[name=plate]").first.press_sequentially("bg1234xx")
    return page


@scene(*ALL)
def gate_directs(town: Town) -> Page:
    page = gate_ready(town)
    Window(page).scan(town.pickup("Contoh Satu").code)
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    return page


@scene(TABLET)
def gate_stops(town: Town) -> Page:
    page = gate(town)
    Window(page).scan(town.pickup("Tahan Sampel Periksa").code)
    expect(page.locator("[data-verdict=held]")).to_be_visible()
    return page


@scene(*ALL)
def lane_long_queue(town: Town) -> Page:
    """Cars, motorcycles and priorities; books at the window, and one that nobody finds."""
    for n in range(LONG_QUEUE):
        about = {"kind": "motorcycle" if n % 5 == 1 else "car", "plate": f"BG {1200 + n} XX" if n % 3 else None}
        visit = town.arrives(town.books(f"Contoh Antre {n}", f"Uji Antre {n}").code, **about)
        books = [book["passport_id"] for book in visit["passports"]]
        if n < 3:
            picks_service.pick(town.supervisor, books[: n + 1], "hand", 1)
        if n == 3:
            picks_service.pick(town.supervisor, books[:1], "missing")
    for reason in ("elderly", "pregnant"):
        town.arrives(town.books(f"Contoh {reason}").code, priority=reason)
    page = at_lane(town)
    expect(page.locator("#more")).to_be_visible()
    return page


@scene(*TABLETS)
def lane_out_of_turn(town: Town) -> Page:
    town.queue(*WAITING)
    page = at_lane(town)
    page.locator(".queue__call").nth(2).click()
    page.click("#call")
    expect(page.locator("#ask")).to_be_visible()
    return page


@scene(TABLET)
def lane_edit(town: Town) -> Page:
    town.queue(*WAITING)
    page = at_lane(town)
    page.locator(".queue__call").nth(1).click()
    page.click("#edit")
    return page


@scene(*TABLETS)
def lane_windows(town: Town) -> Page:
    """Two windows in one lane: this one's vehicle is called, the other's officer has gone silent."""
    lanes(1, windows=2)
    other = town.arrives(town.books("Contoh Jendela Dua").code)
    service.serve(town.other, other["id"], 1, window=2)
    let_lease_end(town)
    own = town.arrives(town.books("Contoh Jendela Satu").code, priority="disabled")
    call_service.call(town.officer, own["id"], 1, "urgent", 1)
    town.queue(*WAITING[:3])
    page = town.open("/lane?lane=1&window=1", "officer")
    expect(page.locator(".current-vehicles__others button")).to_be_visible()
    return page


@scene(*TABLETS)
def lane_take_over(town: Town) -> Page:
    page = lane_windows(town)
    page.click(".current-vehicles__others button")
    expect(page.locator("#ask")).to_be_visible()
    return page


@scene(TABLET)
def lane_moves(town: Town) -> Page:
    page = lane_windows(town)
    page.click(".more summary")
    return page


@scene(TABLET)
def lane_transfer(town: Town) -> Page:
    page = lane_moves(town)
    page.click("[data-move=transfer]:visible")
    expect(page.locator("#ask")).to_be_visible()
    return page


@scene(*TABLETS)
def lane_recent(town: Town) -> Page:
    for name in WAITING[:3]:
        visit = town.called(town.pickup(name).code)
        service.mark_no_show(town.officer, visit["id"], "")
    page = at_lane(town)
    page.click("#recent summary")
    return page


@scene(*TABLETS)
def lane_line_closed(town: Town) -> Page:
    town.queue(*WAITING[:2])
    town.set(closed_by_hand={"since": clock.iso(clock.now()), "reason": "Hujan badai (uji)", "until": None})
    page = at_lane(town)
    expect(page.locator("#closed")).to_be_visible()
    return page


@scene(*ALL)
def order(town: Town) -> Page:
    """Somebody is called before their turn with a reason, somebody without, somebody has priority."""
    town.queue(*WAITING[:3])
    first, second = town.books("Contoh Tergesa"), town.books("Contoh Tanpa Alasan")
    call_service.call(town.officer, town.arrives(first.code)["id"], 1, "books_ready")
    call_service.call(town.officer, town.arrives(second.code)["id"], 2)
    town.arrives(town.books("Contoh Lansia").code, priority="elderly")
    return town.open("/reports/order", "supervisor")
