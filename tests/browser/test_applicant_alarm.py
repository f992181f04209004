"""The alarm on an applicant's phone: the sound and the shaking of a call, and a screen that stays awake."""

from playwright.sync_api import expect

from tests.browser.applicant_steps import look, move, phone, scan
from tests.browser.steps import pass_time_until

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


def test_one_tap_makes_every_call_sound_once(office):
    pickup = next(office.pickups)
    page = phone(office, pickup, LISTEN, is_clocked=True)
    visit = scan(office, pickup)
    page.locator("[data-arm]").click()
    expect(page.locator("[data-armed]")).to_be_visible()
    wait_for_signals(page, TAP, 0)
    move(office, visit, "call")
    expect(page.locator("#call-screen")).to_be_visible()
    wait_for_signals(page, TAP + CHIME, 1)
    page.context.set_offline(True)
    pass_time_until(page, page.locator("#call-screen[class='call-screen stack call-screen--stale']").is_visible)
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
