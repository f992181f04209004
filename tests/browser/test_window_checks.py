"""What the window says of cards and books while they are typed or scanned, and what a third wrong card does."""

import re

from playwright.sync_api import expect

from tests.browser.steps import scanned
from tests.browser.tablet import Tablet, family, records


def test_the_same_wrong_card_costs_one_try_and_the_third_wrong_one_locks(window):
    books, code = family({})
    window.serve(code)
    window.start()
    result = window.row(0).locator("[data-slot=result]")
    for typed, message in (
        ("12", "Ketik 4 angka terakhir NIK."),
        ("9991", "Sisa 2 percobaan."),
        ("9992", "Sisa 1 percobaan."),
        ("9991", "Sisa 1"),
    ):
        window.type_in(0, "identity", typed)
        expect(result).to_contain_text(message)
    window.type_in(0, "identity", "9993")
    expect(window.pane("stopped")).to_contain_text("Panggil penyelia")
    window.page.click("[data-act=visit]")
    expect(window.pane("visit").locator("[data-status=locked]")).to_contain_text("Terkunci")
    assert records(*books) == []


def test_every_error_of_the_tablet_has_letters_of_18_pixels(window):
    _, code = family({})
    window.serve(code)
    window.start()
    window.type_in(0, "identity", "9991")
    expect(window.row(0).locator(".field__error")).to_have_text("Tidak cocok. Sisa 2 percobaan.")
    sizes = "(all) => all.map((error) => [error.id, parseFloat(getComputedStyle(error).fontSize)])"
    assert [found for found in window.page.locator(".field__error").evaluate_all(sizes) if found[1] < 18] == []


def test_a_supervisor_opens_the_lock_and_the_form_goes_on(demo_office):
    window = Tablet(demo_office, "supervisor")
    books, code = family({})
    window.serve(code)
    window.start()
    for typed in ("9991", "9992", "9993"):
        window.type_in(0, "identity", typed)
        expect(window.page.locator(".field__error:visible, [data-pane=stopped]").first).to_be_visible()
    window.page.click("[data-act=unlock]")
    expect(window.pane("form")).to_be_visible()
    window.match(0, books[0])
    window.close()


def test_wrong_book_keeps_the_button_disabled_and_the_right_number_secret(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.type_in(0, "identity", book.nik[-4:])
    window.type_in(0, "book", "X9999999")
    expect(window.row(0)).to_contain_text("Buku tidak cocok. Jangan serahkan.")
    window.sign()
    expect(window.page.locator(".hold")).to_have_text("Lengkapi bagian 2: 1 buku belum cocok")
    assert book.passport_no not in window.page.content()


def test_a_scanner_fills_the_first_empty_book_wherever_the_focus_is(window):
    books, code = family({}, {})
    window.serve(code)
    window.start()
    window.page.locator("[name=class][value=family]").focus()
    for n in (0, 1):
        scanned(window.page, books[n].passport_no)
        expect(window.row(n).locator("[data-slot=result]")).to_have_text("Buku cocok")
        window.page.evaluate("() => document.activeElement.blur()")
    number = window.row(0).locator("[data-slot=book]")
    assert number.get_attribute("inputmode") == "numeric"
    window.row(0).locator("[data-slot=letters]").dispatch_event("click")  # shown where no key is real
    expect(number).to_be_focused()
    assert number.get_attribute("inputmode") == "text"


def test_applicant_in_person_is_closed_while_books_of_several_holders_are_chosen(window):
    books, code = family({}, {})
    window.serve(code)
    window.start()
    own = window.page.locator("[name=class][value=self]")
    expect(own).to_be_disabled()
    expect(own).to_have_accessible_description(re.compile("milik beberapa orang"))
    window.page.get_by_text("Pemohon", exact=True).click(force=True)
    expect(own).not_to_be_checked()
    window.page.click("#window [data-move=back]")
    window.pane("visit").get_by_role("checkbox").nth(1).uncheck()
    window.start()
    expect(own).to_be_enabled()
    expect(window.page.locator("#self-barred")).to_be_hidden()
    window.collector("self")
    window.match(0, books[0])
