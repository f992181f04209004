"""The applicant announces on a phone that the vehicle is on its way, or that it has arrived, while the line is open."""

import pytest
from playwright.sync_api import expect

from tests.browser.applicant_steps import phone


@pytest.mark.parametrize("scripts", [True, False])
def test_arrival_is_announced_and_withdrawn(office, scripts):
    pickup = next(office.pickups)
    page = phone(office, pickup, java_script_enabled=scripts)
    arrival = page.locator("#arrival")
    arrival.get_by_role("button", name="Saya berangkat").click()
    expect(arrival).to_contain_text("Anda dalam perjalanan")
    expect(arrival.get_by_text("Anda dalam perjalanan")).to_be_visible()
    expect(arrival).to_contain_text("Nomor antrean diberikan saat kode dipindai di jalur.")
    arrival.get_by_role("button", name="Saya sudah tiba").click()
    expect(arrival.get_by_text("Anda sudah tiba")).to_be_visible()
    expect(arrival.get_by_role("button", name="Saya berangkat")).to_be_hidden()
    arrival.get_by_role("button", name="Batalkan").click()
    expect(arrival.get_by_role("button", name="Saya berangkat")).to_be_visible()
    expect(arrival.locator("[role=alert]")).to_be_hidden()
    assert page.url == pickup["link"]
    assert not page.context.cookies()


def test_unsent_arrival_shows_the_lost_connection(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_role("button", name="Saya berangkat").click()
    expect(page.locator("#arrival [role=alert]")).to_contain_text("Sambungan terputus")
    page.context.set_offline(False)


def test_closed_admission_is_shown_and_hides_the_arrival_buttons(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    expect(page.locator("#arrival")).to_be_visible()
    office.server.command("office", "set", "day_quota", "0")
    expect(page.get_by_text("Kuota hari ini sudah penuh.")).to_be_visible()
    expect(page.locator("#arrival")).to_be_hidden()
    office.server.command("office", "set", "day_quota", "null")
    expect(page.locator("#arrival")).to_be_visible()
