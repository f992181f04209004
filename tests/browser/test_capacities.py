"""One collector takes books in several classes with one form, one signature and one hold."""

from playwright.sync_api import expect

from ampera import db
from ampera.handovers import signatures
from ampera.handovers.models import Signature
from tests.browser.tablet import family, records


def test_father_takes_his_own_book_and_his_family_s_with_one_form(window):
    books, code = family({"holder_name": "Contoh Ayah"}, {"holder_name": "Contoh Ibu"}, {"holder_name": "Contoh Anak"})
    window.serve(code)
    window.start()
    page = window.page
    page.locator("[name=class][value=family]").check(force=True)
    page.select_option("#collector-person", label="Contoh Ayah")
    expect(page.locator("#collector-name")).to_be_hidden()
    page.fill("#collector-last4", "4821")
    page.get_by_role("button", name="Golongan per buku").click()
    page.get_by_label("Golongan pengambil untuk buku Contoh Anak").select_option("proxy")
    expect(page.locator("[data-slot=shown] input")).to_have_count(4)
    page.get_by_role("button", name="Semua ditunjukkan").click()
    expect(page.locator("[data-slot=summary]")).to_have_text("Keluarga satu KK · Contoh Ayah · KTP …4821 · 4 bukti")
    for n, book in enumerate(books):
        window.match(n, book)
    page.get_by_role("button", name="Lembar pengambil").click()
    window.sign()
    page.get_by_role("button", name="Selesai").click()
    page.reload()  # nothing that was chosen is lost
    expect(page.get_by_label("Golongan pengambil untuk buku Contoh Anak")).to_be_hidden()
    expect(window.row(0)).to_contain_text("Sendiri")
    window.hold()
    window.recorded()
    rows = [(row.collector_class, row.collector_name, len(row.shown)) for row in records(*books)]
    assert rows == [("self", "Contoh Ayah", 2), ("family", "Contoh Ayah", 3), ("proxy", "Contoh Ayah", 3)]
    [signature] = {row.signature_id for row in records(*books)}
    with db.reading() as session:
        signed = signatures.text_in(session.get_one(Signature, signature).png)
    ends = [book.passport_no[-4:] for book in books]
    assert signed == (
        "Saya, Contoh Ayah, menerima 3 paspor / I, Contoh Ayah, receive 3 passports: "
        f"Contoh Ayah (…{ends[0]}), Contoh Ibu (…{ends[1]}), Contoh Anak (…{ends[2]})."
    )


def test_changed_text_is_signed_again(window):
    (book,), code = family({})
    window.serve(code)
    window.collector("family")
    window.match(0, book)
    window.sign()
    expect(window.page.locator(".hold")).to_be_enabled()
    window.page.click("[data-slot=unfold]")
    window.page.fill("#collector-name", "Contoh Orang Lain")
    expect(window.page.locator(".hold")).to_contain_text("teks berubah setelah ditandatangani")
    expect(window.page.locator(".hold")).to_be_disabled()
    window.page.click("[data-slot=clear]")
    window.sign()
    expect(window.page.locator(".hold")).to_be_enabled()


def test_form_of_one_ready_book_is_open_and_four_digits_lead_on(window):
    (book,), code = family({})
    window.serve(code)
    expect(window.pane("form")).to_be_visible()
    window.row(0).locator("[data-slot=identity]").focus()
    window.page.keyboard.type(book.nik[-4:])
    expect(window.row(0).locator("[data-slot=book]")).to_be_focused()
    expect(window.row(0).locator(".state--go")).to_have_text("Kartu cocok")
    window.step_back()
    window.page.reload()
    expect(window.pane("visit")).to_be_visible()  # not again by itself


def test_enter_after_the_form_has_gone_on_does_not_skip_the_book(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    field = window.row(0).locator("[data-slot=book]")
    window.row(0).locator("[data-slot=identity]").press_sequentially(book.nik[-4:])
    expect(field).to_be_focused()
    window.page.keyboard.press("Enter")
    window.page.keyboard.type(book.passport_no)
    window.page.keyboard.press("Enter")
    expect(window.row(0).locator(".state--go")).to_have_text("Cocok")
    expect(field).not_to_be_focused()
