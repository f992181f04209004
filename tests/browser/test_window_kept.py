"""Unfinished work at the window: a step back, a reload, an ended session and the next officer in the same tab."""

import re

from playwright.sync_api import Page, expect

from tests.browser.demo_office import DemoOffice
from tests.browser.tablet import Tablet, family, records

LATE_TIMERS = """() => {
    window.late = []; // what the page does some time after an early release
    const set = window.setTimeout;
    window.setTimeout = (act, ms, ...more) => (ms === 2500 ? late.push(act) : set(act, ms, ...more));
}"""


def half_done(window: Tablet, *books, code: str) -> None:
    """A relative with a signature; only the first book is matched."""
    window.serve(code)
    window.start()
    window.collector("family")
    window.match(0, books[0])
    window.sign()


def expect_kept(window: Tablet) -> None:
    expect(window.pane("form")).to_be_visible()
    expect(window.page.locator("#collector-name")).to_have_value("Contoh Kerabat")
    expect(window.row(0).locator(".state--go")).to_have_text("Cocok")
    expect(window.page.locator("[data-slot=kept]")).to_be_visible()


def sign_in(page: Page, office: DemoOffice, role: str) -> None:
    account = office.demo.accounts[role]
    page.fill("[name=login]", account["login"])
    page.fill("[name=password]", account["password"])
    page.click("main button[type=submit]")


def test_step_back_keeps_rows_collector_and_signature_of_the_others(window):
    books, code = family({}, {})
    half_done(window, *books, code=code)
    window.page.click("[data-move=back]")
    window.page.locator("[data-tick]").nth(1).uncheck()
    window.start()
    expect_kept(window)
    expect(window.page.locator(".hold")).to_contain_text("teks berubah setelah ditandatangani")  # it named two books
    window.page.click("[data-slot=clear]")
    window.sign()
    window.page.evaluate(LATE_TIMERS)
    window.page.locator(".hold").click(delay=50)
    window.hold()
    window.recorded()
    window.page.evaluate("late.forEach((end) => end())")
    assert [record.passport_id for record in records(*books)] == [books[0].id]
    assert window.page.evaluate("JSON.parse(sessionStorage.getItem('ampera.drafts')).visits") == {}


def test_parked_vehicle_comes_back_with_the_kept_form(window):
    books, code = family({}, {})
    half_done(window, *books, code=code)
    window.page.click("[data-move=park]")
    expect(window.page.locator("#window")).to_be_hidden()
    expect(window.page.locator(".undo [data-text]:visible")).to_contain_text("menunggu di tepi")
    window.page.reload()
    expect(window.page.locator("#parked li")).to_have_count(1)
    expect(window.page.locator("#window")).to_be_hidden()
    window.page.click("#parked [data-move=resume]")
    expect_kept(window)
    expect(window.page.locator("#parked li")).to_have_count(0)


def test_reload_and_an_ended_session_bring_the_form_back_to_the_same_officer(window, demo_office):
    books, code = family({}, {})
    half_done(window, *books, code=code)
    window.type_in(1, "identity", "0000")
    missed = window.row(1).locator("[data-slot=result]")
    expect(missed).to_have_text("Tidak cocok. Sisa 2 percobaan.")
    window.page.reload()
    expect_kept(window)
    expect(missed).to_have_text("Tidak cocok. Sisa 2 percobaan.")
    window.page.context.clear_cookies()
    window.type_in(1, "identity", books[1].nik[-4:])
    expect(window.page).to_have_url(re.compile("/login"))
    sign_in(window.page, demo_office, "officer")
    expect_kept(window)


def test_next_officer_in_the_tab_neither_sees_nor_sends_work_of_the_one_before(window, demo_office):
    (book,), code = family({})
    half_done(window, book, code=code)
    sent = []
    window.page.route("**/api/v1/handovers", lambda route: (sent.append(route.request.method), route.abort()))
    window.hold()
    expect(window.pane("checking")).to_be_visible()
    expect(window.page.locator("#window [data-undo]")).to_be_hidden()
    window.page.context.clear_cookies()
    window.page.goto(f"{demo_office.server.url}/login?next=/lane?lane=1")
    sign_in(window.page, demo_office, "supervisor")
    expect(window.page.locator("[data-refusal]").first).to_contain_text("belum tercatat")
    before = len(sent)
    window.page.reload()
    expect(window.page.locator("#scanner")).to_be_visible()
    assert len(sent) == before and not records(book)
    assert book.nik[-4:] not in window.page.evaluate("JSON.stringify({ ...sessionStorage })")


def test_sign_out_with_unfinished_work_asks_first_and_leaves_nothing(window):
    books, code = family({}, {})
    half_done(window, *books, code=code)
    window.page.click("#sign-out button")
    expect(window.page.locator("#ask")).to_contain_text("Keluar sekarang?")
    window.page.keyboard.press("Escape")
    expect(window.page.locator("#collector-name")).to_have_value("Contoh Kerabat")
    window.page.click("#sign-out button")
    window.page.click("#ask [data-slot=confirm]")
    expect(window.page).to_have_url(re.compile("/login"))
    assert window.page.evaluate("sessionStorage.getItem('ampera.drafts')") is None
