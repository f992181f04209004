"""A passport that is swiped through a reader: the window finds its row, and keeps nothing of its lines."""

import json
import re

from playwright.sync_api import expect

from tests.browser.mrz import damaged, lines, swiped
from tests.browser.steps import PHONE, scanned
from tests.browser.tablet import family

NAMES = ("Contoh Ayah", "Contoh Ibu", "Contoh Anak")


def refusal(window):
    return window.page.locator("#window [data-slot=refusal]", has=window.page.locator("visible=true")).first


def zone_of(book, name, **changes):
    return lines(book.passport_no, name, **changes)


def open_form(window, *names):
    books, code = family(*({"holder_name": name} for name in names))
    window.serve(code)
    window.start()
    return books


def test_swiped_book_matches_and_the_card_is_next(window):
    (book,) = open_form(window, NAMES[0])
    swiped(window.page, zone_of(book, NAMES[0]))
    expect(window.row(0).locator(".state--go")).to_have_text("Buku cocok")
    expect(window.row(0).locator("[data-slot=book]")).to_have_value(book.passport_no)
    expect(window.row(0).locator("[data-slot=identity]")).to_be_focused()


def test_swipe_into_any_field_finds_the_row_and_leaves_the_field_as_before(window):
    books = open_form(window, *NAMES)
    window.collector("family")
    window.page.fill("#collector-name", "Contoh Kerabat")
    window.page.focus("#collector-name")
    swiped(window.page, zone_of(books[2], NAMES[2]))
    expect(window.row(2).locator(".state--go")).to_have_text("Buku cocok")
    window.row(0).locator("[data-slot=identity]").focus()
    swiped(window.page, ["".join(zone_of(books[1], NAMES[1])).lower()])
    expect(window.row(1).locator(".state--go")).to_have_text("Buku cocok")
    expect(window.page.locator("#collector-name")).to_have_value("Contoh Kerabat")
    for n in range(3):
        expect(window.row(n).locator("[data-slot=identity]")).to_have_value("")


def test_swipe_on_the_list_of_books_begins_the_form(window):
    books, code = family(*({"holder_name": name} for name in NAMES))
    window.serve(code)
    window.pane("visit").get_by_role("checkbox").nth(1).uncheck()
    swiped(window.page, zone_of(books[1], NAMES[1]))
    expect(window.pane("form")).to_be_visible()
    expect(window.row(1).locator(".state--go")).to_have_text("Buku cocok")


def test_swipe_brings_a_row_back_that_was_left_out(window):
    books = open_form(window, *NAMES)
    window.page.get_by_role("checkbox", name=f"Ikut kali ini: {NAMES[1]}").press("Space")
    expect(window.row(1)).to_contain_text("Tidak ikut kali ini")
    swiped(window.page, zone_of(books[1], NAMES[1]))
    expect(window.row(1).locator(".state--go")).to_have_text("Buku cocok")
    expect(window.row(1).locator("[data-slot=identity]")).to_be_focused()


def test_damaged_swipe_asks_to_swipe_again_and_costs_no_try(window):
    (book,) = open_form(window, NAMES[0])
    sent = []
    window.page.on("request", lambda request: sent.append(request.url))
    for _ in range(3):
        swiped(window.page, damaged(zone_of(book, NAMES[0])))
        expect(refusal(window)).to_contain_text("tidak terbaca utuh")
    assert not [url for url in sent if "checks" in url]
    swiped(window.page, zone_of(book, NAMES[0]))
    expect(window.row(0).locator(".state--go")).to_have_text("Buku cocok")
    expect(refusal(window)).to_be_hidden()


def test_refused_swipe_on_a_phone_is_in_sight_and_the_next_swipe_goes_back_to_the_row(window):
    books = open_form(window, *NAMES)
    window.page.set_viewport_size(PHONE)
    swiped(window.page, damaged(zone_of(books[0], NAMES[0])))
    expect(refusal(window)).to_be_in_viewport(ratio=0.9)
    swiped(window.page, zone_of(books[0], NAMES[0]))
    expect(window.row(0).locator("[data-slot=identity]")).to_be_in_viewport(ratio=0.9)


def test_other_book_of_the_same_name_is_the_servers_answer_and_costs_a_try(window):
    open_form(window, NAMES[0])
    swiped(window.page, lines("X9999999", NAMES[0]))
    expect(window.row(0).locator(".field__error")).to_have_text("Buku tidak cocok. Jangan serahkan. Sisa 2 percobaan.")


def test_book_of_somebody_else_an_old_one_and_a_foreign_one_cost_no_try(window):
    (book,) = open_form(window, NAMES[0])
    for zone, sentence in (
        (lines("X9999999", "Contoh Lain"), "atas nama orang lain"),
        (zone_of(book, NAMES[0], expiry="200101"), "habis masa berlakunya"),
        (zone_of(book, NAMES[0], issuer="UTO"), "negara lain"),
    ):
        swiped(window.page, zone)
        expect(refusal(window)).to_contain_text(sentence)
    expect(window.row(0).locator("[data-slot=book]")).to_have_value("")
    expect(window.row(0).locator("[data-slot=result]")).to_be_empty()


def test_lines_stay_neither_on_the_page_nor_in_the_tab_nor_in_a_request(window):
    (book,) = open_form(window, NAMES[0])
    sent = []
    window.page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    window.page.evaluate("""() => {
        window.kept = [];
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (name, value) { window.kept.push(value); set.call(this, name, value); };
    }""")
    window.row(0).locator("[data-slot=identity]").focus()
    swiped(window.page, zone_of(book, NAMES[0], birth="871231"))
    expect(window.row(0).locator(".state--go")).to_have_text("Buku cocok")
    everywhere = " ".join([*sent, json.dumps(window.page.evaluate("window.kept")), window.page.content()])
    assert book.passport_no in everywhere
    assert not re.search(r"&lt;&lt;|<<|871231|1987-12-31|IDN", everywhere)


def test_passport_at_the_scanner_is_no_code(window):
    sent = []
    window.page.on("request", lambda request: sent.append(request.url))
    swiped(window.page, lines("X1234567", NAMES[0]))
    shown = window.page.locator("[data-refusal] [data-word]").locator("visible=true")
    expect(shown).to_contain_text("Ini paspor, bukan kode pengambilan.")
    window.page.focus("#code")
    scanned(window.page, "".join(lines("X1234567", NAMES[0])))
    expect(window.page.locator("#code")).to_have_value("")
    window.page.fill("#code", lines("X1234567", NAMES[0])[1])
    window.page.click("#typed [type=submit]")
    expect(window.page.locator("#code-error")).to_contain_text("Ini paspor, bukan kode pengambilan.")
    assert not [url for url in sent if "scans" in url]
    expect(window.page.locator("[data-verdict]")).to_have_count(0)
