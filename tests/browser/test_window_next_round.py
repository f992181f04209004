"""The next round of the same vehicle offers the collector of the round before, to the same officer only."""

from playwright.sync_api import expect

from tests.browser.demo_office import DemoOffice
from tests.browser.steps import signed_in
from tests.browser.tablet import Tablet, family, records


def part_for_a_relative(window: Tablet) -> list:
    """A relative has taken the first of two books with their own evidence."""
    books, code = family({"holder_name": "Contoh Ayah"}, {"holder_name": "Contoh Ibu"})
    window.serve(code)
    window.start()
    window.include("Contoh Ibu")
    window.collector("family")
    window.page.select_option("#collector-document", "sim")
    window.match(0, books[0])
    window.sign()
    window.hold()
    window.recorded().locator("[data-act=continue]").click()
    window.start()
    return books


def test_next_round_offers_the_same_collector_with_one_touch(window):
    books = part_for_a_relative(window)
    page = window.page
    offer = page.get_by_role("button", name="Pengambil sama: Contoh Kerabat")
    expect(offer).to_be_visible()
    expect(page.locator("[name=class]:checked")).to_have_count(0)
    assert page.locator("#collector-name").input_value() == ""
    page.reload()
    offer.click()
    expect(offer).to_be_hidden()
    expect(page.locator("[data-slot=pad]")).not_to_have_class("sign__pad--done")
    expect(page.locator("[data-slot=summary]")).to_have_text("Keluarga satu KK · Contoh Kerabat · SIM …4821 · 3 bukti")
    window.match(0, books[1])
    expect(page.locator(".hold")).to_contain_text("tanda tangan belum ada")
    window.sign()
    window.hold()
    window.recorded()
    rows = [(row.collector_name, row.collector_document, row.collector_last4) for row in records(*books)]
    assert rows == [("Contoh Kerabat", "sim", "4821")] * 2
    assert page.evaluate("sessionStorage.length") == 0


def test_colleague_at_the_tablet_is_offered_no_collector(window, demo_office: DemoOffice):
    part_for_a_relative(window)
    page = window.page
    account = demo_office.demo.accounts["supervisor"]
    page.context.clear_cookies()
    page.context.add_cookies(signed_in(demo_office.server.url, account["login"], account["password"])["cookies"])
    page.reload()
    expect(page.locator("#scanner")).to_be_visible()
    assert "Kerabat" not in page.evaluate("JSON.stringify({ ...sessionStorage })")
