"""A vehicle without a code: looked up, served on the digits of the NIK, and recorded as found without a code."""

from datetime import date

from playwright.sync_api import expect

from ampera import db
from ampera.passports.models import Passport
from tests.browser.steps import scanned
from tests.browser.tablet import family, records

BORN = date(1988, 11, 24)


def number_of(book) -> str:
    with db.reading() as session:
        return session.get_one(Passport, book.id).application_no


def test_holder_without_a_code_is_looked_up_and_the_record_states_the_way(window):
    (book,), _ = family({"birth_date": BORN})
    page, number = window.page, number_of(book)
    page.click("#open-lookup")
    expect(page.locator("#lookup-number")).to_be_focused()
    window.look_up("12345", "24-11-1988")
    error = page.locator("#lookup-error")
    expect(error).to_contain_text("6 angka terakhirnya")
    expect(page.locator("#lookup-number")).to_be_focused()
    window.look_up(number, "24-11-1989")
    expect(error).to_contain_text("Tidak ditemukan")
    expect(page.locator("#lookup-number")).to_have_value(number)
    expect(page.locator("#lookup-date")).to_have_value("24-11-1989")
    window.look_up(number, "24-11-1988")
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    expect(page.locator("#lookup-date")).to_have_value("")
    page.click("[data-act=serve]")
    expect(window.pane("form")).to_be_visible()
    page.reload()  # as after a take-over, the card comes from the server
    expect(page.locator("#window aside")).to_contain_text("Tanpa kode")
    expect(window.row(0).locator("[data-slot=switch]")).to_be_hidden()
    window.collector("self")
    window.match(0, book)
    window.sign()
    window.hold()
    window.recorded()
    assert [row.found_by for row in records(book)] == ["lookup"]


def test_scan_in_the_open_lookup_is_a_scan_and_news_take_nothing_that_was_typed(window):
    (_,), code = family({})
    (_,), other = family({})
    page = window.page
    page.click("#open-lookup")
    page.fill("#lookup-number", "990000")
    page.locator("#lookup-date").press_sequentially("24")
    count = page.locator("#waiting-count")
    before = count.inner_text()
    window.office.arrives(code)
    expect(count).not_to_have_text(before)
    expect(page.locator("#lookup-number")).to_have_value("990000")
    expect(page.locator("#lookup-date")).to_have_value("24-")
    expect(page.locator("#lookup-date")).to_be_focused()
    with page.expect_request("**/api/v1/scans") as sent:
        scanned(page, other)
    assert sent.value.post_data_json["input"] == other
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    expect(page.locator("#typed")).to_be_attached()
