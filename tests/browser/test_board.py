"""A screen in a real browser before a real server: live, honest when it knows nothing, right again by itself."""

import os
import re
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board_steps import Place, expect_announced, shown
from tests.browser.steps import SECONDS

# The page itself records animations: a test that looks may come too late.
BREATHS = """() => {
    window.begun = window.ended = 0;
    addEventListener("animationstart", ({ animationName }) => (begun += animationName === "breathe"));
    addEventListener("animationend", ({ animationName }) => (ended += animationName === "breathe"));
}"""
# All animations of the page are over, however long they last.
PASSES = "document.getAnimations().forEach((animation) => animation.finish())"
RELOADS_AFTER = 6 * SECONDS  # a page without its scripts
AGED = """() => {
    const age = document.getElementById("age");
    new MutationObserver(() => (window.isAged ||= !age.hidden)).observe(age, { attributes: true });
}"""


@pytest.fixture
def place(place: Place) -> Place:
    """Calls are announced for three seconds; `link` is that of an enrolled screen."""
    place.set(call_seconds=3)
    place.link = place.enrol()["link"]
    return place


@pytest.fixture
def screen(place: Place) -> Iterator[Page]:
    """A screen of the whole office; errors in its page fail the test."""
    page = place.open(place.link)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert errors == []


def test_link_opens_the_screen_and_leaves_no_token_in_the_address(place, screen):
    assert screen.url == f"{place.server.url}/board/{place.office}"
    assert "token" not in screen.evaluate("JSON.stringify([document.cookie, localStorage, sessionStorage])")
    screen.reload()
    expect(screen.locator("body")).to_have_attribute("data-stale", "false")


def test_a_vehicle_waits_is_called_is_served_and_leaves(place, screen):
    visit = place.vehicle()
    expect(shown(screen, visit, "waiting")).to_be_visible()
    place.move(visit, "call", 2)
    gate = screen.locator(".gate[data-lane='2']")
    expect(gate).to_have_attribute("data-state", "called")
    expect(gate).to_contain_text("Silakan masuk")
    expect_announced(screen, f"{visit['queue_no']}, silakan menuju jalur 2")  # after the demo's own calls
    place.move(visit, "serve", 2)
    expect(shown(screen, visit, "serving")).to_contain_text("Sedang dilayani")
    before = int(screen.locator("body").get_attribute("data-revision"))
    place.move(visit, "leave", 2)
    expect(screen.locator(f"[data-queue-no='{visit['queue_no']}']")).to_have_count(0)
    assert int(screen.locator("body").get_attribute("data-revision")) > before
    expect(screen.locator("#call")).to_be_hidden()
    expect(screen.locator("#message")).to_be_visible()


def test_calling_again_breathes_again(place):
    page = place.open(place.enrol("--lane", "1")["link"])
    page.evaluate(BREATHS)
    visit = place.vehicle()
    place.move(visit, "call")
    expect(shown(page, visit, "called")).to_be_visible()
    page.wait_for_function("() => begun === 1")
    page.evaluate(PASSES)
    page.wait_for_function("() => ended === 1")
    place.move(visit, "recall")
    page.wait_for_function("() => begun === 2")
    place.move(visit, "leave")
    page.context.close()


def test_lane_with_several_windows_shows_every_vehicle(place, screen):
    place.server.command("office", "lane", "2", "set", "--windows", "3")
    first, second = place.vehicle(), place.vehicle()
    place.move(first, "call", 2, window=1)
    place.move(first, "serve", 2, window=1)
    gate = screen.locator(".gate[data-lane='2']")
    expect(gate.locator(".gate__word")).to_contain_text("Dilayani di loket 1")
    place.move(second, "call", 2, window=3)
    rows = gate.locator(".gate__visit")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_have_attribute("data-state", "serving")
    expect(rows.nth(1)).to_contain_text("Silakan ke loket 3")
    expect(shown(screen, second, "called")).to_be_visible()
    expect_announced(screen, "jalur 2, loket 3")
    screen.reload()
    expect(rows).to_have_count(2)
    for visit in (first, second):
        place.move(visit, "leave", 2)
    expect(rows).to_have_count(0)
    place.server.command("office", "lane", "2", "set", "--windows", "1")


def test_closed_admission_is_shown_on_the_screen(place, screen):
    line = screen.locator("#line")
    expect(line).to_be_hidden()
    place.server.command("office", "set", "day_quota", "0")
    expect(line).to_contain_text("Kuota hari ini sudah penuh")
    expect(line.locator("[lang=en]")).to_contain_text("Today's quota is full")
    screen.reload()
    expect(line).to_be_visible()
    place.server.command("office", "set", "day_quota", "null")
    expect(line).to_be_hidden()


def test_screen_without_news_shows_the_age_and_recovers(place, screen):
    visit = place.vehicle()
    expect(shown(screen, visit, "waiting")).to_be_visible()
    screen.evaluate(AGED)
    os.kill(place.server.worker(), signal.SIGSTOP)
    try:
        screen.wait_for_function("() => window.isAged")
        expect(screen.locator("body")).to_have_attribute("data-stale", "true")
        expect(screen.locator("#stale")).to_contain_text("Gangguan sambungan. Ikuti arahan petugas.")
        assert re.fullmatch(r"00\.(0[7-9]|[1-5]\d)", screen.locator("#stale-age").inner_text())
        expect(screen.locator("#message")).to_be_hidden()
    finally:
        os.kill(place.server.worker(), signal.SIGCONT)
    expect(screen.locator("body")).to_have_attribute("data-stale", "false")
    expect(screen.locator("#stale")).to_be_hidden()
    place.move(visit, "leave")
    expect(screen.locator(f"[data-queue-no='{visit['queue_no']}']")).to_have_count(0)


def test_a_restart_of_the_server_is_survived(place, screen):
    before = int(screen.locator("body").get_attribute("data-revision"))
    place.server.terminate()
    place.server.start()
    visit = place.vehicle()
    expect(shown(screen, visit, "waiting")).to_be_visible()
    assert int(screen.locator("body").get_attribute("data-revision")) > before
    place.move(visit, "leave")


def test_revoked_screen_shows_the_enrolment_page(place):
    made = place.enrol()
    page = place.open(made["link"])
    place.server.command("device", "revoke", str(made["id"]))
    expect(page.get_by_role("heading", name="Layar ini belum terdaftar")).to_be_visible()
    page.context.close()


def test_invalid_link_shows_a_refusal(place):
    page = place.browser.new_context().new_page()
    page.goto(f"{place.server.url}/board/{place.office}#token=ampera_display_invented")
    expect(page.locator("#refused")).to_be_visible()
    assert page.url.endswith(f"/board/{place.office}")
    page.context.close()


def test_a_lane_that_is_added_appears(place, screen):
    place.server.command("office", "lane", "7", "add", "--kind", "motorcycle")
    expect(screen.locator(".gate[data-lane='7']")).to_be_visible()


@pytest.mark.parametrize("path", ["", "/1"])
def test_everything_fits_the_screen(place, screen, path):
    screen.goto(f"{place.server.url}/board/{place.office}{path}")
    expect(screen.locator("body")).to_have_attribute("data-live", "")
    outside = """() => [...document.querySelectorAll(".board *:not(.visually-hidden)")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1;
    }).map((one) => one.className)"""
    for width, height in ((1920, 1080), (1080, 1920), (1280, 720), (1024, 768)):
        screen.set_viewport_size({"width": width, "height": height})
        assert screen.evaluate(outside) == [], f"at {width}x{height}"


def test_screen_without_scripts_shows_a_warning_and_reloads(place):
    page = place.browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(place.link)
    expect(page.locator("body")).to_have_attribute("data-stale", "false")
    page.route("**/pages/board.js", lambda route: route.abort())
    page.route("**/lib/reload-if-broken.js", lambda route: route.abort())
    page.reload(wait_until="commit")
    expect(page.locator(".stale-page")).to_have_css("visibility", "hidden")  # for some seconds
    page.evaluate(PASSES)
    expect(page.locator(".stale-page")).to_be_visible()
    page.unroute("**/lib/reload-if-broken.js")
    page.clock.install()
    page.reload()
    page.unroute("**/pages/board.js")
    page.clock.fast_forward(RELOADS_AFTER)
    expect(page.locator("body")).to_have_attribute("data-live", "")
    expect(page.locator(".stale-page")).to_be_hidden()
    page.context.close()
