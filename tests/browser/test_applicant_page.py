"""The applicant's page on a phone before a real server: its code reads off the glass, and it follows the visit."""

import pytest
from playwright.sync_api import expect

from tests.browser.applicant_steps import look, move, phone, scan, seen_by_a_camera
from tests.browser.steps import PHONE, pass_time_until

REFRESH = '<noscript><meta http-equiv="refresh" content="15"></noscript>'


def test_the_qr_fills_the_phone_and_reads_off_the_glass_without_scripts(office):
    pickup = next(office.pickups)
    page = phone(office, pickup, java_script_enabled=False)
    assert seen_by_a_camera(page) == [pickup["code"]]
    assert page.locator("img").bounding_box()["width"] == 363
    expect(page.get_by_text(pickup["booking_code"], exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_is_cut_on_a_small_phone(office, width):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    page.set_viewport_size({"width": width, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert seen_by_a_camera(page) == [pickup["code"]]
    visit = scan(office, pickup)
    for step, state in (("", "waiting"), ("call", "called"), ("serve", "serving")):
        if step:
            move(office, visit, step)
        place = page.locator("#call-screen") if state == "called" else look(page, state)
        expect(place).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth") == width


def test_page_requests_only_the_office_server(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    page.wait_for_load_state("networkidle")
    assert {url.split("/")[2] for url in page.asked if "://" in url} == {pickup["link"].split("/")[2]}


def test_page_follows_the_visit_from_the_queue_to_the_window(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    visit = scan(office, pickup)
    called = page.locator("#call-screen")
    expect(look(page, "waiting")).to_be_visible()
    expect(look(page, "waiting").locator(".queue-position__no")).to_have_text(visit["queue_no"])

    move(office, visit, "call")
    expect(called).to_be_visible()
    expect(called.locator(".call-screen__lane")).to_have_text("2")
    expect(page.locator("[data-stage]")).to_be_hidden()

    called.locator("[data-show-qr]").click()
    expect(called).to_be_hidden()
    expect(look(page, "called")).to_contain_text("Silakan menuju jalur 2")
    assert seen_by_a_camera(page) == [pickup["code"]]

    move(office, visit, "serve")
    expect(look(page, "serving")).to_contain_text("Sedang dilayani di jalur 2")
    move(office, visit, "leave")
    expect(page.locator("#live")).to_be_hidden()


def test_each_phone_follows_the_vehicle_of_the_pickup(office):
    first, second = next(office.pickups), next(office.pickups)
    phones = phone(office, first), phone(office, second)
    visits = scan(office, first), scan(office, second)
    place = [look(page, "waiting").locator("[data-slot=position]") for page in phones]
    expect(place[0]).to_have_text("berikutnya")
    expect(place[1]).to_have_text("ke-2")
    move(office, visits[0], "call")
    expect(phones[0].locator("#call-screen")).to_be_visible()
    expect(place[1]).to_have_text("berikutnya")
    expect(phones[1].locator("#call-screen")).to_be_hidden()


def test_missed_call_shows_the_way_back_into_the_queue(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    visit = scan(office, pickup)
    move(office, visit, "call")
    move(office, visit, "no-show")
    expect(look(page, "no_show")).to_contain_text("Tunjukkan kode ini lagi")
    assert seen_by_a_camera(page) == [pickup["code"]]
    assert scan(office, pickup)["queue_no"] == visit["queue_no"]
    expect(look(page, "waiting")).to_be_visible()
    move(office, visit, "divert")
    expect(look(page, "diverted")).to_contain_text("Silakan ke loket dalam")


def test_a_call_does_not_outlive_the_connection(office):
    pickup = next(office.pickups)
    page = phone(office, pickup, is_clocked=True)
    visit = scan(office, pickup)
    move(office, visit, "call")
    called, age = page.locator("#call-screen"), page.locator("#age")
    expect(called.locator(".call-screen__lane")).to_be_visible()
    page.context.set_offline(True)
    pass_time_until(page, age.is_visible)
    expect(called.locator(".call-screen__lane")).to_be_hidden()
    pass_time_until(page, age.get_by_text("Gangguan sambungan").is_visible)
    expect(called).to_contain_text("Ikuti arahan petugas")
    assert page.title().startswith("Siap diambil")
    page.context.set_offline(False)
    expect(called.locator(".call-screen__lane")).to_be_visible()
    expect(age).to_be_hidden()
    move(office, visit, "no-show")


def test_open_page_drops_a_replaced_code(office):
    pickup = next(office.pickups)
    page = phone(office, pickup, is_clocked=True)
    office.staff.post(f"/pickups/{pickup['pickup_id']}/codes").raise_for_status()
    pass_time_until(page, page.get_by_role("heading", level=1, name="Kode sudah diganti").is_visible)
    assert seen_by_a_camera(page) == []


def test_page_without_scripts_refreshes_until_the_call(office):
    pickup, refreshes = next(office.pickups), []
    visit = scan(office, pickup)
    page = office.browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()

    def hasten(route):
        """The same page, with a second in place of a quarter of a minute."""
        answer = route.fetch()
        refreshes.append(REFRESH in answer.text())
        route.fulfill(response=answer, body=answer.text().replace(REFRESH, REFRESH.replace("15", "1")))

    page.route(pickup["link"], hasten)
    page.goto(pickup["link"])
    expect(look(page, "waiting")).to_be_visible()
    move(office, visit, "call")
    expect(page.locator("#call-screen .call-screen__lane")).to_have_text("2")
    assert all(refreshes)
    page.unroute_all(behavior="wait")  # the page may be loading again right now
    page.reload()
    expect(page.locator("#call-screen .call-screen__lane")).to_have_text("2")
    page.locator("[data-show-qr]").click()
    expect(page.locator("#call-screen")).to_be_hidden()
    assert seen_by_a_camera(page) == [pickup["code"]]
