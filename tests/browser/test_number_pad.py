"""The tablet's own keys for digits: they type like a keyboard, and are switched on per tablet."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browser.pad_steps import act, field, keys, open_form, press, with_pad
from tests.browser.steps import scanned
from tests.browser.tablet import Tablet


@pytest.fixture
def pad(window: Tablet) -> Tablet:
    return with_pad(window)


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
