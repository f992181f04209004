"""The queue on a tablet in a real browser: order and its reasons, undo, calling again, coming back, handing on."""

import re
import sqlite3

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from ampera import db
from ampera.visits.models import OrderChange, Visit
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.lane import WAITING, at_lane
from tests.browser.steps import SECONDS, scanned

LOST_AFTER = 15 * SECONDS  # without any news
# All words of the tablet about its link, from the first on.
SAID = """window.said = [];
new MutationObserver(() => {
    const word = document.querySelector("#link [data-word]")?.textContent;
    if (word && word !== said.at(-1)) said.push(word);
}).observe(document, { subtree: true, childList: true, characterData: true });"""


@pytest.fixture
def tablet(demo_office: DemoOffice) -> Page:
    """Four vehicles wait at lane 1."""
    demo_office.queue(*WAITING)
    return at_lane(demo_office)


def confirm(page: Page, *choices: str) -> None:
    """Choose and agree in the dialog."""
    expect(page.locator("#ask [data-slot=confirm]")).to_be_disabled()
    for choice in choices:
        page.locator("#ask").get_by_label(choice, exact=True).check()
    page.click("#ask [data-slot=confirm]")


def numbers(page: Page) -> Locator:
    return page.locator("#queue .queue__no")


def waiting(page: Page) -> list[str]:
    return numbers(page).all_inner_texts()


def called(page: Page, number: str) -> None:
    expect(page.locator("#current [data-state=called]")).to_have_text(number)


def newest_change() -> OrderChange:
    with db.reading() as session:
        return session.scalars(select(OrderChange).order_by(OrderChange.id.desc())).first()


def test_tablet_without_any_news_is_not_shown_as_connected(demo_office):
    page = demo_office.page("officer", is_clocked=True)
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.route(re.compile("/socket.io/|/state$"), lambda route: route.abort())
    page.add_init_script(SAID)
    page.goto(f"{demo_office.server.url}/lane?lane=1")
    page.clock.run_for(LOST_AFTER)
    expect(page.locator("#link")).to_have_attribute("data-key", "lost")
    assert page.evaluate("said") == ["Menyambung", "Terputus"]


def test_tablet_that_slept_is_lost_until_news_comes(demo_office):
    page = demo_office.open("/lane?lane=1", "officer", is_clocked=True)
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    page.context.set_offline(True)
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 600_000; }")  # only this clock runs on
    page.clock.run_for(1000)
    expect(page.locator("#link")).to_have_attribute("data-key", "lost")
    page.context.set_offline(False)
    page.clock.run_for(1000)
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")


def test_the_next_is_one_touch_and_out_of_turn_needs_a_reason_that_is_kept(tablet):
    first, second, third, _ = waiting(tablet)
    tablet.click("#call")
    called(tablet, first)
    tablet.locator(".queue__call", has_text=third).click()
    expect(tablet.locator("#call")).to_have_text(f"Panggil {third}")
    tablet.click("#call")
    expect(tablet.locator("#ask")).to_be_visible()
    tablet.keyboard.press("Escape")
    expect(tablet.locator("#queue [data-queue-no]")).to_have_count(3)
    tablet.click("#call")
    tablet.get_by_role("button", name="Kendaraan menghalangi").click()
    expect(tablet.locator("#current [data-state=called]")).to_have_text([first, third])
    change = newest_change()
    assert (change.queue_no, change.reason, change.ahead) == (third, "blocking", 1)
    expect(tablet.locator("#call")).to_have_text(f"Panggil berikutnya: {second}")


def test_service_out_of_turn_takes_one_more_touch_with_the_reason(demo_office, tablet):
    first, second, *_ = waiting(tablet)
    scanned(tablet, demo_office.pickup("Contoh Satu").code)
    verdict = tablet.locator("[data-verdict=ok]")
    expect(verdict.locator(".verdict__before")).to_contain_text(f"4 kendaraan lebih dulu: {first}, {second}, ")
    demo_office.call_next()
    expect(verdict.locator(".verdict__before")).to_contain_text(f"3 kendaraan lebih dulu: {second}, ")
    number = verdict.locator("[data-queue-no]").inner_text()
    tablet.click("[data-act=serve]")
    expect(tablet.locator("#ask")).to_contain_text(f"3 kendaraan lebih dulu: {second}, ")
    tablet.click("#ask [value='']")
    expect(tablet.locator("#window")).to_be_hidden()
    tablet.click("[data-act=serve]")
    tablet.click("#ask [value=at_window]")
    expect(tablet.locator("#window")).to_be_visible()
    change = newest_change()
    assert (change.queue_no, change.kind, change.reason, change.ahead) == (number, "served", "at_window", 3)


def test_a_call_is_undone_and_the_vehicle_waits_first_again(tablet):
    before = waiting(tablet)
    tablet.click("#call")
    called(tablet, before[0])
    bar = tablet.locator("#scanner [data-undo]")
    expect(bar).to_contain_text(f"{before[0]} dipanggil.")
    bar.get_by_role("button", name="Urungkan").click()
    expect(bar).to_be_hidden()
    expect(tablet.locator("#current")).to_be_hidden()
    expect(numbers(tablet)).to_have_text(before)


def test_late_undo_shows_the_reason_of_the_refusal(demo_office, tablet):
    tablet.click("#call")
    expect(tablet.locator("#scanner [data-undo]")).to_be_visible()
    tablet.route("**/undo", lambda route: (late(demo_office), route.continue_()))
    tablet.click("#scanner [data-undo] button")
    expect(tablet.locator("#scanner [data-refusal]")).to_contain_text("tidak dapat diurungkan lagi")
    expect(tablet.locator("#current [data-state=called]")).to_be_visible()


def late(demo_office: DemoOffice) -> None:
    """End the time for undoing without any news to the tablets."""
    with sqlite3.connect(demo_office.server.instance / "ampera.db") as database:
        database.execute("UPDATE visits SET undo_until = called_at WHERE state = 'called'")
    database.close()


def test_sent_inside_by_mistake_is_undone_within_the_countdown(tablet):
    number = waiting(tablet)[0]
    tablet.click("#call")
    tablet.click("#current .more summary")
    tablet.click("#current [data-move=divert]")
    confirm(tablet, "Paspor perlu diperiksa")
    expect(tablet.locator("#current")).to_be_hidden()
    bar = tablet.locator("#scanner [data-undo]")
    expect(bar).to_contain_text(f"{number} diarahkan ke loket dalam.")
    expect(bar.locator("[data-left]")).to_have_text(re.compile(r"\((2[0-8]|1\d)\)"))
    bar.locator("button").click()
    called(tablet, number)


def test_calling_again_pauses_and_ends(demo_office, tablet):
    demo_office.set(recall_pause_seconds=3600, max_calls=2)
    tablet.reload()
    tablet.click("#call")
    recall = tablet.locator("#current [data-move=recall]")
    expect(recall).to_be_disabled()
    expect(recall).to_contain_text("Panggil ulang (")
    demo_office.set(recall_pause_seconds=2, max_calls=2)
    tablet.reload()
    recall.click()
    expect(recall).to_have_text("Sudah 2 kali")
    expect(recall).to_be_disabled()
    expect(tablet.locator("#current")).to_contain_text("panggilan 2/2")


def test_who_did_not_come_comes_back_from_the_list(tablet):
    number = waiting(tablet)[0]
    tablet.click("#call")
    tablet.click("#current [data-move=no-show]")
    expect(tablet.locator("#current")).to_be_hidden()
    tablet.click("#recent summary")
    tablet.locator(f"#recent [data-queue-no={number}] button").click()
    expect(numbers(tablet)).to_have_count(len(WAITING))
    expect(numbers(tablet).last).to_have_text(number)


def test_a_called_vehicle_is_handed_on_to_the_other_lane(demo_office, tablet):
    number = waiting(tablet)[0]
    other = demo_office.open("/lane?lane=2", "supervisor")
    tablet.click("#call")
    tablet.click("#current .more summary")
    tablet.click("#current [data-move=transfer]")
    tablet.locator("#ask").get_by_label("Jalur ini macet").check()
    tablet.click("#ask [data-slot=confirm]")
    called(other, number)
    expect(tablet.locator("#current")).to_be_hidden()


def test_priority_and_plate_of_a_waiting_vehicle_are_changed(tablet):
    tablet.locator(".queue__call").nth(2).click()
    tablet.click("#edit")
    tablet.select_option("#edit-priority", "pregnant")
    tablet.locator("#edit-plate").press_sequentially("b77c")
    expect(tablet.locator("#edit-plate")).to_have_value("B 77 C")
    tablet.click("#vehicle-edit [value=yes]")
    first = tablet.locator("#queue li").first
    expect(first).to_contain_text("Prioritas: Hamil")
    expect(first).to_contain_text("B •• •")
    expect(first.locator(".queue__no")).to_contain_text("P")


def test_of_hundreds_the_first_are_shown_and_others_are_found_by_number(demo_office):
    for n in range(34):
        demo_office.arrives(demo_office.books(f"Contoh Antre {n}").code)
    page = at_lane(demo_office)
    expect(page.locator("#waiting-count")).to_have_text("34")
    expect(page.locator("#queue li")).to_have_count(30)
    expect(page.locator("#more")).to_have_text("dan 4 lagi: cari nomor atau cirinya")
    with db.reading() as session:
        last = session.get_one(Visit, demo_office.newest()).queue_no
    page.fill("#search", last[1:])
    expect(page.locator("#queue li")).to_have_count(1)
    expect(page.locator("#queue .queue__no")).to_have_text(last)
