"""The tablet's own keys for digits: they type like a keyboard, cover nothing, and are switched on per tablet."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import PHONE, TABLET, scanned, violations
from tests.browser.tablet import Tablet, family

# Tablets across and upright, a phone, and both tablets at 200 % zoom.
SIZES = {
    "1180x820": TABLET,
    "820x1180": {"width": 820, "height": 1180},
    "1280x800": {"width": 1280, "height": 800},
    "390x844": PHONE,
    "1180x820 at 200 %": {"width": 590, "height": 410},
    "820x1180 at 200 %": {"width": 410, "height": 590},
}
KEY = 64  # px
# What a finger cannot reach at the middle of the element: another element is over it, or it is not on the screen.
COVERED = """(element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    return [[x, top + 4], [x, top + height - 4]].some(([x, y]) => !element.contains(document.elementFromPoint(x, y)));
}"""


@pytest.fixture
def pad(window: Tablet) -> Tablet:
    """The tablet with its keys on, chosen where its place is chosen."""
    window.page.goto(f"{window.office.server.url}/lane?choose=1&lang=id")
    window.page.get_by_label("Papan angka sendiri").check()
    window.page.click("[data-lanes] [data-point]")
    expect(window.page.locator("#link")).to_have_attribute("data-key", "connected")
    return window


def keys(page: Page):
    return page.locator(".pad:visible [data-key]")


def press(page: Page, typed: str) -> None:
    for key in typed:
        page.locator(f".pad:visible [data-key='{key}']").click()


def act(page: Page, name: str) -> None:
    page.locator(f".pad:visible [data-key={name}]").click()


def open_form(tablet: Tablet, *fields: dict):
    books, code = family(*fields)
    tablet.serve(code)
    tablet.start()
    return books


def field(tablet: Tablet, n: int, slot: str):
    return tablet.row(n).locator(f"[data-slot={slot}]")


def test_row_is_matched_with_the_pad_and_the_cursor_goes_on(pad):
    (book,) = open_form(pad, {})
    field(pad, 0, "identity").click()
    press(pad.page, book.nik[-4:])
    expect(field(pad, 0, "book")).to_be_focused()
    press(pad.page, "99")
    act(pad.page, "back")
    act(pad.page, "back")
    press(pad.page, book.passport_no[-4:])
    expect(pad.row(0).locator(".state--go")).to_have_text("Cocok")
    expect(field(pad, 0, "book")).to_be_focused()


def test_birth_date_gets_dashes_and_is_checked_when_the_field_is_left(pad):
    open_form(pad, {"birth_date": date(1990, 11, 24)})
    pad.row(0).locator("[data-slot=switch]").click()
    press(pad.page, "2412")
    act(pad.page, "back")
    act(pad.page, "back")
    press(pad.page, "11990")
    expect(field(pad, 0, "identity")).to_have_value("24-11-1990")
    act(pad.page, "next")
    expect(field(pad, 0, "book")).to_be_focused()
    expect(pad.row(0).locator(".state--go")).to_have_text("Kartu cocok")


def test_no_soft_keyboard_opens_but_for_letters(pad):
    open_form(pad, {})
    pad.collector("family")
    for slot in ("identity", "book"):
        expect(field(pad, 0, slot)).to_have_attribute("inputmode", "none")
    expect(pad.page.locator("#collector-last4")).to_have_attribute("inputmode", "none")
    pad.row(0).locator("[data-slot=letters]").click()
    expect(field(pad, 0, "book")).to_have_attribute("inputmode", "text")
    expect(field(pad, 0, "book")).to_be_focused()
    pad.page.keyboard.type("X")
    press(pad.page, "12")
    expect(field(pad, 0, "book")).to_have_value("X12")
    pad.row(0).locator("[data-slot=letters]").click()
    expect(field(pad, 0, "book")).to_have_attribute("inputmode", "none")


def test_keyboard_and_scanner_work_beside_the_pad(pad):
    (book,) = open_form(pad, {})
    field(pad, 0, "identity").click()
    press(pad.page, book.nik[-4:-2])
    pad.page.keyboard.type(book.nik[-2:])
    expect(field(pad, 0, "book")).to_be_focused()
    expect(pad.row(0).locator(".state--go")).to_have_text("Kartu cocok")
    pad.page.locator("h1").first.evaluate("() => document.activeElement.blur()")
    scanned(pad.page, book.passport_no)
    expect(pad.row(0).locator(".state--go")).to_have_text("Cocok")


def test_digits_are_announced_and_a_key_that_has_the_focus_still_types(pad):
    open_form(pad, {})
    field(pad, 0, "identity").click()
    announced = pad.page.locator("#window [data-announcement]")
    press(pad.page, "7")
    expect(announced).to_have_text("7")
    act(pad.page, "back")
    expect(announced).to_have_text("dihapus")
    pad.page.locator(".pad:visible [data-key='3']").focus()
    pad.page.keyboard.press("Enter")
    pad.page.keyboard.press("Enter")
    expect(field(pad, 0, "identity")).to_have_value("33")
    expect(pad.row(0).locator("[data-slot=result]")).to_be_empty()


def test_lookup_without_a_code_is_typed_with_the_pad(pad):
    pad.page.click("#open-lookup")
    press(pad.page, "123456")
    act(pad.page, "next")
    expect(pad.page.locator("#lookup-date")).to_be_focused()
    press(pad.page, "01011990")
    expect(pad.page.locator("#lookup-date")).to_have_value("01-01-1990")
    act(pad.page, "next")
    expect(pad.page.locator("#lookup-error")).to_contain_text("Tidak ditemukan")


def test_pad_is_off_at_first(window):
    open_form(window, {})
    field(window, 0, "identity").click()
    expect(keys(window.page)).to_have_count(0)
    expect(field(window, 0, "identity")).to_have_attribute("inputmode", "numeric")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_pad_covers_neither_the_field_nor_the_hold_button(pad, size):
    books = open_form(pad, *[{"holder_name": f"Contoh {n}"} for n in range(4)])
    pad.page.set_viewport_size(size)
    for n in (0, 3):
        for slot in ("identity", "book"):
            field(pad, n, slot).focus()
            expect(keys(pad.page)).to_have_count(12)
            pad.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert not field(pad, n, slot).evaluate(COVERED), (n, slot)
            boxes = [key.bounding_box() for key in keys(pad.page).all()]
            assert all(box["width"] >= KEY and box["height"] >= KEY for box in boxes)
            assert all(box["x"] >= 0 and box["x"] + box["width"] <= size["width"] for box in boxes)
            assert all(box["y"] + box["height"] <= size["height"] for box in boxes)
    aside = pad.page.locator("#window > aside")
    assert aside.evaluate("(element) => element.scrollHeight <= element.clientHeight"), "the moves of the visit scroll"
    pad.page.locator(".hold").scroll_into_view_if_needed()
    assert not pad.page.locator(".hold").evaluate(COVERED)
    press(pad.page, books[3].passport_no[-4:])
    assert violations(pad.page) == []
