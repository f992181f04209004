"""Two officers share a tablet: each signs in once, then six digits are enough."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from ampera.accounts.badges import service as badges
from ampera.accounts.badges.values import new_value
from ampera.security import token_hash
from tests.browser.steps import TABLET, violations
from tests.browser.test_factors import type_password

PINS = {"petugas.satu": "402918", "petugas.dua": "731604"}


@pytest.fixture
def tablet(demo_office):
    context = demo_office.browser.new_context(base_url=demo_office.server.url, viewport=TABLET, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def set_pin(page: Page, pin: str, password: str) -> None:
    page.get_by_role("link", name="Ganti petugas").click()
    page.get_by_label("PIN baru", exact=True).fill(pin)
    page.get_by_label("PIN baru, sekali lagi").fill(pin)
    page.get_by_label("Kata sandi Anda").fill(password)
    page.get_by_role("button", name="Pasang PIN").click()
    expect(page.locator(".banner--go")).to_contain_text("PIN Anda berlaku")


def test_officers_take_turns_at_one_tablet_with_six_digits(demo_office, tablet):
    accounts = {account["login"]: account for account in demo_office.demo.everybody}
    lane = "/lane?lane=1&point=window&window=1"
    tablet.goto("/login")
    for login in PINS:
        type_password(tablet, accounts[login])
        tablet.goto(lane)
        set_pin(tablet, PINS[login], accounts[login]["password"])
        tablet.get_by_role("link", name="Masuk dengan kata sandi").click()
    tablet.goto(f"/login/switch?next={quote(lane)}")
    assert not violations(tablet)
    tablet.get_by_label("PIN", exact=True).fill("000000")
    tablet.get_by_role("button", name="Lanjutkan").click()
    expect(tablet.locator(".field__error")).to_contain_text("tidak cocok")
    tablet.get_by_label("PIN", exact=True).fill(PINS["petugas.satu"])
    tablet.get_by_role("button", name="Lanjutkan").click()
    expect(tablet.locator(".masthead__officer u")).to_have_text("Petugas Contoh Satu")
    assert "lane=1" in tablet.url
    tablet.get_by_role("link", name="Ganti petugas").click()
    tablet.get_by_label("PIN", exact=True).fill(PINS["petugas.dua"])
    tablet.keyboard.press("Enter")
    expect(tablet.locator(".masthead__officer u")).to_have_text("Petugas Contoh Dua")


def test_scanned_badge_takes_the_place_of_choosing_a_name(demo_office, tablet):
    accounts = {account["login"]: account for account in demo_office.demo.everybody}
    tablet.goto("/login")
    for login in PINS:
        type_password(tablet, accounts[login])
        tablet.goto("/lane?lane=1&point=window&window=1")
        set_pin(tablet, PINS[login], accounts[login]["password"])
        tablet.get_by_role("link", name="Masuk dengan kata sandi").click()
    value = new_value()
    badges.make(demo_office.officer, demo_office.officer.staff_id, token_hash(value))
    tablet.goto("/login/switch?next=/lane")
    tablet.get_by_label("PIN", exact=True).focus()
    for read, line in (("SAB" + "0" * 26, "#badge-wrong"), (value, "#badge-read")):
        tablet.keyboard.type(read)
        tablet.keyboard.press("Enter")
        expect(tablet.locator(line)).to_be_visible()
    expect(tablet.locator("#who")).to_be_hidden()
    assert not violations(tablet)
    tablet.get_by_label("PIN", exact=True).fill(PINS["petugas.satu"])
    tablet.get_by_role("button", name="Lanjutkan").click()
    expect(tablet.locator(".masthead__officer u")).to_have_text("Petugas Contoh Satu")
