"""The applicant's page on a phone before a real server: its code reads off the glass, and it follows the visit."""

import pytest
from playwright.sync_api import expect

from tests.browser.applicant_steps import look, move, phone, scan, seen_by_a_camera

LISTEN = """
    window.tones = window.shakes = window.locks = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
    navigator.vibrate = () => { window.shakes += 1; return true; };
    navigator.wakeLock.request = async () => { window.locks += 1; return new EventTarget(); };
"""
SLEEPY = "delete Navigator.prototype.wakeLock;"
CHIME, TAP = 3, 2  # notes


def signals(page):
    return page.evaluate("() => [window.tones, window.shakes]")


def wait_for_signals(page, tones, shakes):
    """The sound is loaded and allowed only after the tap, so it follows what is seen."""
    page.wait_for_function("(wanted) => String([window.tones, window.shakes]) === wanted", arg=f"{tones},{shakes}")


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


def test_an_undone_call_takes_the_page_back_into_the_queue(office):
    pickup = next(office.pickups)
    page = phone(office, pickup, LISTEN)
    visit = scan(office, pickup)
    page.locator("[data-arm]").click()
    move(office, visit, "call")
    expect(page.locator("#call-screen")).to_be_visible()
    move(office, visit, "undo")
    expect(look(page, "waiting")).to_be_visible()
    expect(page.locator("#call-screen")).to_be_hidden()
    move(office, visit, "call", lane=1)
    expect(page.locator("#call-screen .call-screen__lane")).to_have_text("1")
    wait_for_signals(page, TAP + 2 * CHIME, 2)


def test_call_during_the_loading_of_the_sound_is_played(office):
    pickup, slow = next(office.pickups), []
    page = phone(office, pickup, LISTEN, service_workers="block")
    page.route("**/lib/sounds.js", lambda route: slow.append(route))
    visit = scan(office, pickup)
    page.locator("[data-arm]").click()
    move(office, visit, "call")
    expect(page.locator("#call-screen")).to_be_visible()
    assert signals(page) == [0, 1]
    slow[0].continue_()
    wait_for_signals(page, TAP + CHIME, 1)


def test_one_tap_makes_every_call_sound_once(office):
    pickup = next(office.pickups)
    page = phone(office, pickup, LISTEN)
    visit = scan(office, pickup)
    page.locator("[data-arm]").click()
    expect(page.locator("[data-armed]")).to_be_visible()
    wait_for_signals(page, TAP, 0)
    move(office, visit, "call")
    expect(page.locator("#call-screen")).to_be_visible()
    wait_for_signals(page, TAP + CHIME, 1)
    page.context.set_offline(True)
    expect(page.locator("#call-screen")).to_have_class("call-screen stack call-screen--stale")
    page.context.set_offline(False)
    expect(page.locator("#call-screen")).to_have_class("call-screen stack")
    assert signals(page) == [TAP + CHIME, 1]  # the same call, heard of again
    move(office, visit, "recall")
    wait_for_signals(page, TAP + 2 * CHIME, 2)
    move(office, visit, "serve")
    expect(look(page, "serving")).to_be_visible()
    assert signals(page) == [TAP + 2 * CHIME, 2]


def test_page_without_the_tap_is_silent(office):
    pickup = next(office.pickups)
    page = phone(office, pickup, LISTEN)
    visit = scan(office, pickup)
    move(office, visit, "call")
    expect(page.locator("#call-screen")).to_be_visible()
    assert signals(page) == [0, 0]


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
    page = phone(office, pickup)
    visit = scan(office, pickup)
    move(office, visit, "call")
    called, age = page.locator("#call-screen"), page.locator("#age")
    expect(called.locator(".call-screen__lane")).to_be_visible()
    page.context.set_offline(True)
    expect(age).to_be_visible()
    expect(called.locator(".call-screen__lane")).to_be_hidden()
    expect(age).to_contain_text("Gangguan sambungan")
    expect(called).to_contain_text("Ikuti arahan petugas")
    assert page.title().startswith("Siap diambil")
    page.context.set_offline(False)
    expect(called.locator(".call-screen__lane")).to_be_visible()
    expect(age).to_be_hidden()
    move(office, visit, "no-show")


def test_open_page_drops_a_replaced_code(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    office.staff.post(f"/pickups/{pickup['pickup_id']}/codes").raise_for_status()
    expect(page.locator("h1:visible")).to_contain_text("Kode sudah diganti")
    assert seen_by_a_camera(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_arrival_is_announced_and_withdrawn(office, scripts):
    pickup = next(office.pickups)
    page = phone(office, pickup, java_script_enabled=scripts)
    arrival = page.locator("#arrival")
    arrival.get_by_role("button", name="Saya berangkat").click()
    expect(arrival).to_contain_text("Anda di jalan")
    expect(arrival.get_by_text("Anda di jalan")).to_be_visible()
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


def test_page_without_scripts_refreshes_until_the_call(office):
    pickup = next(office.pickups)
    visit = scan(office, pickup)
    page = phone(office, pickup, java_script_enabled=False)
    expect(look(page, "waiting")).to_be_visible()
    move(office, visit, "call")
    expect(page.locator("#call-screen .call-screen__lane")).to_have_text("2")
    page.locator("[data-show-qr]").click()
    expect(page.locator("#call-screen")).to_be_hidden()
    assert seen_by_a_camera(page) == [pickup["code"]]


def test_screen_stays_awake_or_the_page_shows_a_warning(office):
    pickup = next(office.pickups)
    awake, sleepy = phone(office, pickup, LISTEN), phone(office, pickup, SLEEPY)
    scan(office, pickup)
    for page in (awake, sleepy):
        expect(look(page, "waiting")).to_be_visible()
    expect(sleepy.locator("[data-asleep]")).to_be_visible()
    expect(awake.locator("[data-asleep]")).to_be_hidden()
    before = awake.evaluate("() => window.locks")
    awake.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # back from another app
    assert awake.evaluate("() => window.locks") == before + 1


def test_closed_admission_is_shown_and_hides_the_arrival_buttons(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    expect(page.locator("#arrival")).to_be_visible()
    office.server.command("office", "set", "day_quota", "0")
    expect(page.get_by_text("Kuota hari ini sudah penuh.")).to_be_visible()
    expect(page.locator("#arrival")).to_be_hidden()
    office.server.command("office", "set", "day_quota", "null")
    expect(page.locator("#arrival")).to_be_visible()
