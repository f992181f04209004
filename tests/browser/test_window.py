"""The window in a real browser before a real server: who, identity, book, signature, hold, then green."""

from datetime import date

from playwright.sync_api import expect

from tests.browser.steps import LISTEN
from tests.browser.tablet import LONG_NAME, family, records

# A key that is let go at once, however busy the machine is.
TAP = """async (button) => {
    for (const name of ["keydown", "keyup"]) {
        button.dispatchEvent(new KeyboardEvent(name, { key: " ", bubbles: true }));
        await null;
    }
}"""

BY_HAND = 80  # ms between two keys: a scanner is faster


def test_a_family_is_handed_over_and_the_screen_turns_green_with_the_register_numbers(window):
    foreign = {"nik": None, "document_no": "AB123456", "birth_date": date(1990, 5, 3), "holder_name": "Percobaan"}
    books, code = family({}, {"holder_name": LONG_NAME}, foreign)
    window.serve(code)
    window.start()
    expect(window.page.locator(".hold")).to_be_disabled()
    expect(window.page.locator(".hold")).to_contain_text("Lengkapi bagian 1, 2, dan 3")
    window.collector("family")
    for n in (0, 1):
        window.match(n, books[n])
    window.type_in(2, "identity", "03051990")
    expect(window.row(2).locator("[data-slot=identity]")).to_have_value("03-05-1990")
    window.type_in(2, "document", "3456")
    window.type_in(2, "book", books[2].passport_no[-4:])
    expect(window.page.locator(".hold")).to_have_text("Lengkapi bagian 3: tanda tangan belum ada")
    window.sign()
    window.hold()

    green = window.recorded()
    expect(green).to_contain_text("Serahkan 3 paspor")
    rows = records(*books)
    assert [row.collector_class for row in rows] == ["family"] * 3
    assert all(row.signature_sha256 for row in rows)
    for row in rows:
        expect(green).to_contain_text(f"No. {row.number:06d}")
    green.get_by_role("button", name="Selesai").click()
    expect(window.page.locator("#scanner")).to_be_visible()
    expect(window.page.locator("#window [data-queue-no]")).to_have_count(0)


def test_what_is_left_goes_to_the_next_collector_of_the_same_car(window):
    books, code = family({}, {})
    window.serve(code)
    window.pane("visit").get_by_role("checkbox").nth(1).uncheck()
    for n, name in ((0, "Pengambil berikutnya: 1 paspor"), (1, "Selesai")):
        window.start()
        window.collector("self")
        window.match(0, books[n])
        window.sign()
        window.hold()
        window.recorded().get_by_role("button", name=name).click()
    first, second = records(*books)
    assert first.key != second.key
    assert first.visit_id == second.visit_id


def test_a_code_scanned_into_the_car_comes_back_as_one_visit(window):
    (_, code), (_, other) = family({}), family({}, {"state": "held"})
    window.serve(code)
    window.step_back()
    window.page.click("[data-slot=add]")
    window.serve(other)
    expect(window.pane("visit").locator("tbody")).to_have_count(2)
    expect(window.pane("visit").locator("[data-status=held]")).to_contain_text("Ke loket dalam")
    expect(window.pane("visit").get_by_role("checkbox")).to_have_count(2)


def test_early_release_records_nothing_and_the_keyboard_alone_suffices(window):
    (book,), code = family({})
    window.serve(code)
    page = window.page
    expect(window.pane("form")).to_be_focused()
    for key in ("Tab", "Space"):
        page.keyboard.press(key)  # the first class: the applicant
    for _ in range(2):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    page.keyboard.press("Tab")
    for digits in (book.nik[-4:], book.passport_no[-4:]):
        page.keyboard.type(digits, delay=BY_HAND)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Tidak dapat menandatangani").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#ask [data-slot=confirm]").focus()
    page.keyboard.press("Enter")
    hold = page.locator(".hold")
    expect(hold).to_be_enabled()
    hold.focus()
    announced = hold.evaluate_handle(LISTEN)
    hold.evaluate(TAP)
    assert {"Tahan terus…", "Terlepas. Belum ada yang dicatat."} <= set(announced.json_value())
    assert records(book) == []
    page.keyboard.down("Enter")
    window.until_held()
    page.keyboard.up("Enter")
    window.recorded()
    assert records(book)[0].unsigned_reason == "Tidak dapat menulis"
