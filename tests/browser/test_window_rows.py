"""Rows of the form that stay behind this time."""

from playwright.sync_api import expect

from ampera import db
from ampera.handovers import signatures
from ampera.handovers.models import Signature
from tests.browser.tablet import Tablet, family, records

NAMES = ("Contoh Ayah", "Contoh Ibu", "Contoh Anak", "Contoh Adik")


def form_of_four(window: Tablet) -> list:
    books, code = family(*({"holder_name": name} for name in NAMES))
    window.serve(code)
    window.start()
    return books


def test_row_stays_behind_and_comes_back_without_loss(window):
    books = form_of_four(window)
    page, hold = window.page, window.page.locator(".hold")
    window.collector("family")
    window.match(0, books[0])
    window.type_in(1, "identity", "12")
    window.match(2, books[2])
    window.match(3, books[3])
    window.sign()
    window.include("Contoh Ibu")
    expect(window.row(1).get_by_text("Tidak ikut kali ini")).to_be_visible()
    expect(window.row(1).locator("[data-slot=identity]")).to_be_hidden()
    expect(page.locator("[data-slot=matched]")).to_have_text("3 dari 3 cocok")
    expect(hold).to_contain_text("teks berubah setelah ditandatangani")  # it named four books
    window.include("Contoh Ibu")
    expect(window.row(1).locator("[data-slot=identity]")).to_have_value("12")
    expect(hold).to_contain_text("1 buku belum cocok")
    window.include("Contoh Ibu")
    page.reload()
    expect(page.locator("#collector-name")).to_have_value("Contoh Kerabat")
    expect(window.row(1).get_by_text("Tidak ikut kali ini")).to_be_visible()
    page.click("[data-slot=clear]")
    window.sign()
    expect(hold).to_contain_text("3 paspor")
    window.hold()
    window.recorded()
    rows = records(*books)
    assert [row.passport_id for row in rows] == [books[n].id for n in (0, 2, 3)]
    with db.reading() as session:
        signed = signatures.text_in(session.get_one(Signature, rows[0].signature_id).png)
    assert "menerima 3 paspor" in signed and "Contoh Ibu" not in signed


def test_book_of_another_holder_left_out_opens_the_applicant_s_class(window):
    books, code = family({"holder_name": "Contoh Ayah"}, {"holder_name": "Contoh Ibu"})
    window.serve(code)
    window.start()
    own = window.page.locator("[name=class][value=self]")
    expect(own).to_be_disabled()
    window.include("Contoh Ibu")
    own.check(force=True)
    window.include("Contoh Ibu")
    expect(own).to_be_disabled()
    expect(own).not_to_be_checked()
    window.include("Contoh Ibu")
    window.collector("self")
    window.match(0, books[0])
    window.sign()
    window.hold()
    window.recorded()
    assert [(row.passport_id, row.collector_class) for row in records(*books)] == [(books[0].id, "self")]


def test_no_row_is_left_and_step_back_unticks_in_the_list(window):
    form_of_four(window)
    window.collector("family")
    for name in NAMES:
        window.include(name)
    expect(window.page.locator(".hold")).to_contain_text("belum ada buku yang ikut")
    window.include("Contoh Ayah")
    window.step_back()
    ticks = window.page.locator("[data-tick]")
    assert [tick.is_checked() for tick in ticks.all()] == [True, False, False, False]
    window.page.reload()
    expect(window.pane("visit")).to_be_visible()
    assert [tick.is_checked() for tick in ticks.all()] == [True, False, False, False]
    ticks.nth(1).check()
    window.start()
    expect(window.page.locator("[data-slot=included]:checked")).to_have_count(2)


def test_others_go_on_without_a_locked_book(window):
    books = form_of_four(window)
    window.collector("family")
    for n in (0, 2, 3):
        window.match(n, books[n])
    for wrong in ("0001", "0002", "0003"):
        window.type_in(1, "identity", wrong)
        expect(window.page.locator(".field__error:visible, [data-pane=stopped]").first).to_be_visible()
    window.page.click("[data-act=without]")
    expect(window.row(1).get_by_text("Tidak ikut kali ini")).to_be_visible()
    window.sign()
    window.hold()
    window.recorded()
    assert [row.passport_id for row in records(*books)] == [books[n].id for n in (0, 2, 3)]


def test_book_of_a_further_code_joins_the_books_that_were_chosen(window):
    form_of_four(window)
    (_,), code = family({"holder_name": "Contoh Nenek"})
    window.collector("family")
    window.include("Contoh Adik")
    window.step_back()
    window.page.click("[data-slot=add]")
    window.serve(code)
    chosen = [tick.is_checked() for tick in window.page.locator("[data-tick]").all()]
    assert chosen == [True, True, True, False, True]
    window.start()
    expect(window.page.locator("#collector-name")).to_have_value("Contoh Kerabat")
