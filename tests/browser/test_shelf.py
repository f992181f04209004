"""A rack is checked with a scanner in a real browser: each scan answers at once, the result is kept and printed."""

from playwright.sync_api import Page, expect
from sqlalchemy import select

from ampera import db
from ampera.audit import AuditEntry
from tests.browser.steps import scanned


def wedge(page: Page, number: str) -> None:
    """A scanner types wherever the focus is."""
    page.locator("h1").click()
    scanned(page, number)


def counted(page: Page, verdict: str) -> object:
    return expect(page.locator(f"[data-count={verdict}]"))


def test_scans_are_compared_one_by_one_and_the_finished_check_is_kept(demo_office):
    here = demo_office.books("Contoh Di Sini", "Contoh Hilang", shelf="Q-01-01")
    foreign = demo_office.books("Contoh Nyasar", shelf="Z-09-09")
    page = demo_office.open("/desk/shelves?rack=Q", "desk")
    counted(page, "missing").to_have_text("2")
    expect(page.locator("#lines .state")).to_have_text(["Belum dipindai"] * 2)
    wedge(page, here.papers[0].passport_no)
    counted(page, "here").to_have_text("1")
    expect(page.locator("#last")).to_have_class("shelf__last shelf__last--go")
    page.fill("#number", foreign.papers[0].passport_no.lower())
    page.press("#number", "Enter")
    expect(page.locator("#last")).to_contain_text("tercatat di rak Z-09-09")
    page.locator("#lines button").click()
    counted(page, "here").to_have_text("2")
    wedge(page, "X9999999")
    counted(page, "surplus").to_have_text("1")
    page.click("#finish")
    expect(page.locator("#finished")).to_contain_text("Pemeriksaan tercatat")
    expect(page.locator("#lines .state--stop").first).to_contain_text("Bukan untuk rak")
    expect(page.locator("#lines")).to_contain_text("Tidak ada")
    page.emulate_media(media="print")
    expect(page.locator("#finish-bar")).to_be_hidden()
    expect(page.locator("#lines tr")).to_have_count(4)
    with db.reading() as session:
        assert session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "shelf.checked")).all() == [
            "shelf:Q"
        ]


def test_a_scan_without_an_answer_waits_and_is_asked_again(demo_office):
    book = demo_office.books("Contoh Tunggu", shelf="R-01-01")
    page = demo_office.open("/desk/shelves?rack=R", "desk")
    counted(page, "missing").to_have_text("1")
    page.route("**/api/v1/shelves/checks", lambda route: route.abort())
    wedge(page, book.papers[0].passport_no)
    expect(page.locator("#offline")).to_contain_text("1 nomor menunggu")
    counted(page, "here").to_have_text("0")
    page.unroute("**/api/v1/shelves/checks")
    counted(page, "here").to_have_text("1")
    expect(page.locator("#offline")).to_be_hidden()


def test_scans_that_wait_for_the_answer_before_are_announced_by_the_most_urgent(demo_office):
    here = demo_office.books("Contoh Di Sini", "Contoh Hilang", shelf="Q-01-01")
    foreign = demo_office.books("Contoh Nyasar", shelf="Z-09-09")
    page = demo_office.open("/desk/shelves?rack=Q", "desk")
    counted(page, "missing").to_have_text("2")
    first = []
    page.route("**/shelves/checks", lambda route: route.continue_() if first else first.append(route))
    with page.expect_request("**/shelves/checks"):
        wedge(page, here.papers[0].passport_no)
    for paper in (foreign.papers[0], here.papers[1]):
        wedge(page, paper.passport_no)
    first[0].continue_()
    expect(page.locator("#last")).to_contain_text("tercatat di rak Z-09-09")


def test_check_is_finished_after_the_scan_under_way(demo_office):
    book = demo_office.books("Contoh Cepat", shelf="S-01-01")
    page = demo_office.open("/desk/shelves?rack=S", "desk")
    counted(page, "missing").to_have_text("1")
    held = []
    page.route("**/api/v1/shelves/checks", lambda route: held.append(route) if not held else route.continue_())
    with page.expect_request("**/api/v1/shelves/checks"):
        wedge(page, book.papers[0].passport_no)
    page.click("#finish")
    expect(page.locator("#finish")).to_be_disabled()
    held[0].continue_()
    expect(page.locator("#finished")).to_contain_text("Pemeriksaan tercatat")
    counted(page, "here").to_have_text("1")
