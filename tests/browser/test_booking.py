"""A window is chosen, moved and given back in a real browser, also without scripts, and its calendar file is read."""

import icalendar
import pytest
from playwright.sync_api import expect

from tests.browser.scenes.booking import books, books_slots, choosing, soon, tomorrow
from tests.browser.steps import PHONE


@pytest.fixture
def pickup(demo_office):
    demo_office.size = PHONE
    books_slots(demo_office)
    return demo_office.books("Contoh Pemesan")


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request, demo_office, pickup):
    """The applicant's page on a phone."""
    context = demo_office.browser.new_context(viewport=PHONE, java_script_enabled=request.param == "with scripts")
    page = context.new_page()
    page.goto(pickup.link)
    yield page
    context.close()


def choose(page, clock_time, kind="Mobil"):
    """One touch on the window of tomorrow, and back on the page with the code."""
    at = tomorrow(clock_time)
    page.get_by_role("link", name=kind).click()
    page.locator(f".booking__days a[href*='day={at.date()}']").click()
    page.locator(f"button[value='{at.isoformat()}']").click()
    page.wait_for_url("**/p/*#booking")


def test_a_window_is_booked_moved_saved_and_given_back(page):
    page.get_by_role("link", name="Pilih waktu").click()
    choose(page, "10:15")
    section = page.locator("#booking")
    expect(section).to_contain_text("10.15–10.30 WIB · mobil")
    expect(section).to_contain_text("antara 10.00 dan 10.45 WIB")
    first = saved(page)
    page.get_by_role("link", name="Pindahkan jadwal").click()
    expect(page.locator("main")).to_contain_text("Jadwal Anda sekarang")
    choose(page, "11:30", "Motor")
    expect(section).to_contain_text("11.30–11.45 WIB · sepeda motor")
    second = saved(page)
    assert second["uid"] == first["uid"] and second.decoded("sequence") == 1
    assert second.decoded("dtstart") == tomorrow("11:30")
    page.get_by_role("button", name="Batalkan jadwal ini").click()
    expect(page.get_by_role("link", name="Pilih waktu")).to_be_visible()


def saved(page):
    """The entry of the calendar file that the page offers."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Simpan ke kalender").click()
    assert download.value.suggested_filename == "jadwal.ics"
    (event,) = icalendar.Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    return event


def test_full_slot_is_refused_and_another_slot_can_be_booked(page, demo_office):
    day = tomorrow("10:15")
    page.goto(f"{page.url}/booking?day={day.date()}&kind=motorcycle")
    books(demo_office, demo_office.books("Contoh Lebih Cepat"), day, "motorcycle")
    page.locator(f"button[value='{day.isoformat()}']").click()
    expect(page.locator("#problem")).to_contain_text("baru saja penuh")
    page.locator(f"button[value='{tomorrow('10:30').isoformat()}']").click()
    page.wait_for_url("**/p/*#booking")
    expect(page.locator("#booking")).to_contain_text("10.30–10.45 WIB")


def test_a_window_can_be_taken_with_the_keyboard_alone(demo_office, pickup):
    at = tomorrow("00:00")
    page = choosing(demo_office, pickup, day=at.date().isoformat(), kind="car")
    page.locator(f"button[value='{at.isoformat()}']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/*#booking")
    expect(page.locator("#booking")).to_contain_text("00.00–00.15 WIB")


def test_nothing_is_wider_than_a_small_phone(demo_office, pickup):
    demo_office.size = {"width": 320, "height": 640}
    for page in (choosing(demo_office, pickup), demo_office.open(books(demo_office, pickup, tomorrow("10:15")).link)):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        small = page.locator("main a.button:visible, main button:visible, .booking__days a, .segmented a")
        assert all(button.bounding_box()["height"] >= 44 for button in small.all())


def test_tablet_marks_a_booked_vehicle_and_calls_the_vehicle_first(demo_office):
    books_slots(demo_office, slot_early_minutes=60)
    demo_office.arrives(demo_office.books("Contoh Langsung").code)
    at = soon()
    booked = demo_office.arrives(books(demo_office, demo_office.books("Contoh Terjadwal"), at).code)
    page = demo_office.open("/lane?lane=1", "officer")
    first = page.locator("#queue li").first
    expect(first).to_contain_text(booked["queue_no"])
    expect(first).to_contain_text(f"Jadwal {at:%H.%M}")
    page.locator("#call").click()
    expect(page.locator("#current")).to_contain_text("Jadwal")
