"""One page on a bad way: swallowed connections, a proxy without websockets, a server that is frozen."""

import os
import signal
import time

import pytest
from playwright.sync_api import expect

from tests.browser.board_steps import shown
from tests.browser.steps import PHONE, SECONDS
from tests.services import wait_until

NOTICED_S, FORGIVEN_S = 8.0, 2.0


def is_acknowledged(place):
    """The server has received over its socket which state the screen shows."""
    screens = place.officer.get("/screens").raise_for_status().json()["screens"]
    return any(screen["state"] == "current" for screen in screens)


def test_screen_with_a_swallowed_socket_is_current_before_turning_grey(place):
    way, held = place.proxy(), []
    screen = place.screen_by(way)
    wait_until(lambda: screen.page.wait_for_timeout(100) or is_acknowledged(place), "its socket does not open")
    screen.page.route("**/api/v1/boards/**", lambda route: route.continue_() if held else held.append(route))
    screen.turns.clear()
    way.swallow_websockets()
    visit = place.vehicle()
    expect(shown(screen.page, visit, "waiting")).to_be_visible()
    assert held and not any(is_stale for _, is_stale in screen.turns)
    screen.page.unroute_all()
    place.move(visit, "leave")
    screen.context.close()


def test_where_websockets_are_blocked_a_screen_and_a_phone_follow_by_polling(place):
    way = place.proxy(blocks_websockets=True)
    screen = place.screen_by(way)
    phone = place.open_by(way, place.demo.pickups[-1]["link"], viewport=PHONE)
    phone.page.goto(phone.url)
    body = {"scan_id": "7b0c7f0e-52a4-4f5e-9c2a-111111111111", "lane": 1, "input": place.demo.pickups[-1]["code"]}
    visit = place.officer.post("/scans", json=body).raise_for_status().json()["visit"]
    expect(shown(screen.page, visit, "waiting")).to_be_visible()
    expect(phone.page.get_by_text(visit["queue_no"]).first).to_be_visible()
    place.move(visit, "call", 2)
    expect(shown(screen.page, visit, "called")).to_be_visible()
    expect(phone.page.locator("#call-screen [data-queue-no]")).to_have_text(visit["queue_no"])
    assert way.counts["upgrades refused"] >= 2
    assert screen.turns == [] or not screen.turns[-1][1]
    place.move(visit, "leave", 2)
    for opened in (screen, phone):
        opened.context.close()


def came_back(screen, since):
    """When the page was right again; it tells so while Playwright works."""
    back = lambda: next((at for at, is_stale in screen.turns if at > since and not is_stale), None)  # noqa: E731
    wait_until(lambda: back() or screen.page.wait_for_timeout(100), "the page does not tell", 30)
    return back()


@pytest.mark.proof
def test_a_frozen_server_is_noticed_in_time_and_forgiven_soon(place, request):
    screen = place.screen_by(place.proxy())
    noticed, forgiven = [], []
    is_long = request.config.getoption("--kills") >= 10
    grace = 0 if is_long else place.server.start_seconds  # other tests use the machine too
    for _ in range(6 if is_long else 1):
        screen.turns.clear()
        os.kill(place.server.worker(), signal.SIGSTOP)
        frozen = time.time()
        try:
            screen.page.wait_for_timeout((NOTICED_S + grace + 2) * SECONDS)
        finally:
            os.kill(place.server.worker(), signal.SIGCONT)
        awake = time.time()
        expect(screen.page.locator("body")).to_have_attribute("data-stale", "false")
        forgiven.append(came_back(screen, awake) - awake)
        noticed.append(next(at for at, is_stale in screen.turns if is_stale) - frozen)
        screen.page.wait_for_timeout(2 * SECONDS)
    screen.context.close()
    print(
        "greyed after",
        [f"{seconds:.2f}" for seconds in noticed],
        "right after",
        [f"{seconds:.2f}" for seconds in forgiven],
        "s",
    )
    assert max(noticed) <= NOTICED_S + grace and max(forgiven) <= FORGIVEN_S + grace
