"""A screen in a real browser follows the office: vehicles, calls, windows, lanes and the line."""

import pytest
from playwright.sync_api import expect

from tests.browser.board_steps import PASSES, Place, expect_announced, shown

# The page itself records animations: a test that looks may come too late.
BREATHS = """() => {
    window.begun = window.ended = 0;
    addEventListener("animationstart", ({ animationName }) => (begun += animationName === "breathe"));
    addEventListener("animationend", ({ animationName }) => (ended += animationName === "breathe"));
}"""


@pytest.fixture
def place(place: Place) -> Place:
    """Calls are announced for three seconds."""
    place.set(call_seconds=3)
    return place


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


def test_a_lane_that_is_added_appears(place, screen):
    place.server.command("office", "lane", "7", "add", "--kind", "motorcycle")
    expect(screen.locator(".gate[data-lane='7']")).to_be_visible()
