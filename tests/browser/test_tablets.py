"""A new tablet from its code to the lane, its lock while nobody touches it, and its end when it is revoked."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_office import DemoOffice
from tests.browser.enrolment_steps import code_on, own_browsers
from tests.browser.steps import TABLET, Window, violations
from tests.browser.tablet import family
from tests.browser.test_factors import type_password
from tests.browser.test_officer_change import PINS, set_pin

LOCKS_AFTER = 5 * 60 * 1000  # the default of a new tablet


@pytest.fixture
def tablet(demo_office):
    """An enrolled tablet of a window at lane 1, at which the first officer has signed in."""
    with own_browsers(demo_office) as opened:
        page = opened("/tablet", TABLET, reduced_motion="reduce", base_url=demo_office.server.url)
        assert not violations(page)
        enrol(demo_office, code_on(page))
        page.clock.run_for(2000)
        expect(page).to_have_url(re.compile("/login"))
        type_password(page, demo_office.demo.accounts["officer"])
        expect(page).to_have_url(re.compile(r"/lane\?lane=1"))
        yield page


def enrol(demo_office: DemoOffice, code: str) -> None:
    admin = demo_office.open("/admin/devices/tablets", "admin")
    admin.fill("#code", code)
    admin.fill("#name", "Tablet 7")
    admin.select_option("#lane", "1")
    admin.get_by_role("button", name="Daftarkan tablet").click()
    expect(admin.locator(".banner--go")).to_contain_text("Tablet 7 terdaftar.")
    assert not violations(admin)


def is_connected(page: Page) -> None:
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")


def test_idle_tablet_covers_the_form_and_the_pin_brings_the_form_back(demo_office, tablet):
    officer = demo_office.demo.accounts["officer"]
    set_pin(tablet, PINS[officer["login"]], officer["password"])
    tablet.goto("/lane?lane=1")
    is_connected(tablet)
    (book,), code = family({})
    window = Window(tablet)
    window.serve(code)
    window.start()
    window.collector("family")
    window.type_in(0, "identity", book.nik[-4:])
    tablet.clock.run_for(LOCKS_AFTER - 30_000)
    expect(tablet.locator("#idle-lock")).to_be_hidden()
    tablet.clock.run_for(60_000)
    expect(tablet).to_have_url(re.compile("/login/locked"))
    assert not violations(tablet)
    assert "Contoh" not in tablet.locator("body").inner_text()
    tablet.get_by_role("link", name="Buka kunci").click()
    tablet.get_by_label("PIN", exact=True).fill(PINS[officer["login"]])
    tablet.get_by_role("button", name="Lanjutkan").click()
    is_connected(tablet)
    expect(tablet.locator("#collector-name")).to_have_value("Contoh Kerabat")
    expect(window.row(0).locator("[data-slot=identity]")).to_have_value(book.nik[-4:])


def test_page_of_a_revoked_tablet_ends_without_a_touch(demo_office, tablet):
    is_connected(tablet)
    supervisor = demo_office.open("/admin/devices/tablets", "supervisor")
    supervisor.get_by_role("link", name="Cabut Tablet 7").click()
    assert not violations(supervisor)
    supervisor.get_by_role("button", name="Cabut").click()
    expect(supervisor.locator(".banner--go")).to_contain_text("Tablet 7 dicabut.")
    expect(tablet).to_have_url(re.compile("/login"))
    tablet.goto("/lane?lane=1")
    expect(tablet).to_have_url(re.compile("/login"))
    tablet.goto("/tablet")
    expect(tablet.locator("h1")).to_contain_text("Tablet ini belum terdaftar")
