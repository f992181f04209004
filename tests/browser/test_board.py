"""A screen in a real browser before a real server: live, honest when it knows nothing, right again by itself."""

import json
import os
import re
import signal
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.chromium import chromium
from tests.services import LiveServer, wait_until

SECONDS = 1000  # Playwright counts milliseconds
SOON = 2 * SECONDS


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A server with the demo office, a browser, and an officer who works over the API."""
    with LiveServer(tmp_path_factory.mktemp("board")) as server, chromium(None) as browser:
        demo = json.loads(server.command("demo", "--json"))
        login = next(one["login"] for one in demo["accounts"] if one["role"] == "supervisor")
        key = json.loads(server.command("key", "create", "--staff", login, "--role", "supervisor", "--json"))["key"]
        with httpx.Client(base_url=f"{server.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as officer:
            codes = iter([pickup["code"] for pickup in demo["pickups"]])
            place = SimpleNamespace(server=server, browser=browser, office=demo["office"], officer=officer, codes=codes)
            server.command("office", "set", "call_seconds", "3")
            place.link = _enrol(place)["link"]
            yield place


def _enrol(place: SimpleNamespace, *options: str) -> dict:
    return json.loads(place.server.command("device", "enrol", "--office", place.office, *options, "--json"))


@pytest.fixture
def screen(place: SimpleNamespace) -> Iterator[Page]:
    """A screen of the whole office; errors in its page fail the test."""
    page = _open(place, place.link)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert errors == []


def _open(place: SimpleNamespace, link: str) -> Page:
    page = place.browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(link)
    expect(page.locator("body")).to_have_attribute("data-stale", "false", timeout=5 * SECONDS)
    return page


def _vehicle(place: SimpleNamespace, lane: int = 1) -> dict:
    """The next vehicle whose code is good."""
    while True:
        body = {"scan_id": str(uuid.uuid4()), "lane": lane, "input": next(place.codes)}
        answer = place.officer.post("/scans", json=body).raise_for_status().json()
        if answer["verdict"] == "ok":
            return answer["visit"]


def _move(place: SimpleNamespace, visit: dict, move: str, lane: int = 1) -> None:
    place.officer.post(f"/visits/{visit['id']}/{move}", json={"lane": lane}).raise_for_status()


def _shown(page: Page, visit: dict, state: str):
    return page.locator(f"[data-queue-no='{visit['queue_no']}'][data-state='{state}']")


def test_the_link_opens_the_screen_and_leaves_no_token_in_its_address(place, screen):
    assert screen.url == f"{place.server.url}/board/{place.office}"
    assert "token" not in screen.evaluate("JSON.stringify([document.cookie, localStorage, sessionStorage])")
    screen.reload()
    expect(screen.locator("body")).to_have_attribute("data-stale", "false")


def test_a_vehicle_waits_is_called_is_served_and_leaves(place, screen):
    visit = _vehicle(place)
    expect(_shown(screen, visit, "waiting")).to_be_visible(timeout=SOON)
    _move(place, visit, "call", 2)
    gate = screen.locator(".gate[data-lane='2']")
    expect(gate).to_have_attribute("data-state", "called", timeout=SOON)
    expect(gate).to_contain_text("Silakan masuk")
    turn = 25 * SECONDS  # the demo's own calls are announced first
    expect(screen.locator("#call")).to_contain_text(f"{visit['queue_no']}, silakan menuju jalur 2", timeout=turn)
    _move(place, visit, "serve", 2)
    expect(_shown(screen, visit, "serving")).to_contain_text("Sedang dilayani", timeout=SOON)
    before = int(screen.locator("body").get_attribute("data-revision"))
    _move(place, visit, "leave", 2)
    expect(screen.locator(f"[data-queue-no='{visit['queue_no']}']")).to_have_count(0, timeout=SOON)
    assert int(screen.locator("body").get_attribute("data-revision")) > before
    expect(screen.locator("#call")).to_be_hidden(timeout=10 * SECONDS)
    expect(screen.locator("#message")).to_be_visible()


def test_a_new_call_chimes_once_and_calling_again_breathes_again(place):
    page = _open(place, _enrol(place, "--lane", "1")["link"])
    page.evaluate("""() => {
        window.tones = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
    }""")
    page.mouse.click(10, 10)
    expect(page.locator("#sound")).to_be_hidden()
    visit = _vehicle(place)
    _move(place, visit, "call")
    expect(_shown(page, visit, "called")).to_be_visible(timeout=SOON)
    wait_until(lambda: page.evaluate("window.tones") == 3, "no chime", 30)
    page.wait_for_timeout(2.5 * SECONDS)  # a heartbeat later it is still the same call
    assert page.evaluate("window.tones") == 3
    _move(place, visit, "recall")
    wait_until(lambda: page.evaluate("window.tones") == 6, "no second chime", 30)
    breaths = "document.querySelector('.gate__word').getAnimations().map((one) => one.playState)"
    assert page.evaluate(breaths) == ["running"]
    _move(place, visit, "leave")
    page.context.close()


def test_a_screen_without_news_says_so_and_is_right_again_by_itself(place, screen):
    visit = _vehicle(place)
    expect(_shown(screen, visit, "waiting")).to_be_visible(timeout=SOON)
    os.kill(place.server.worker(), signal.SIGSTOP)
    try:
        expect(screen.locator("#age")).to_be_visible(timeout=8 * SECONDS)
        expect(screen.locator("body")).to_have_attribute("data-stale", "true", timeout=5 * SECONDS)
        expect(screen.locator("#stale")).to_contain_text("Gangguan sambungan. Ikuti arahan petugas.")
        assert re.fullmatch(r"00\.(0[7-9]|1\d)", screen.locator("#stale-age").inner_text())
        expect(screen.locator("#message")).to_be_hidden()
    finally:
        os.kill(place.server.worker(), signal.SIGCONT)
    expect(screen.locator("body")).to_have_attribute("data-stale", "false", timeout=8 * SECONDS)
    expect(screen.locator("#stale")).to_be_hidden()
    _move(place, visit, "leave")
    expect(screen.locator(f"[data-queue-no='{visit['queue_no']}']")).to_have_count(0, timeout=SOON)


def test_a_restart_of_the_server_is_survived(place, screen):
    before = int(screen.locator("body").get_attribute("data-revision"))
    place.server.terminate()
    place.server.start()
    visit = _vehicle(place)
    expect(_shown(screen, visit, "waiting")).to_be_visible(timeout=5 * SECONDS)
    assert int(screen.locator("body").get_attribute("data-revision")) > before
    _move(place, visit, "leave")


def test_a_revoked_screen_says_that_it_must_be_enrolled(place):
    made = _enrol(place)
    page = _open(place, made["link"])
    place.server.command("device", "revoke", str(made["id"]))
    expect(page.get_by_role("heading", name="Layar ini belum terdaftar")).to_be_visible(timeout=6 * SECONDS)
    page.context.close()


def test_a_link_that_is_no_longer_good_says_so(place):
    page = place.browser.new_context().new_page()
    page.goto(f"{place.server.url}/board/{place.office}#token=ampera_display_invented")
    expect(page.locator("#refused")).to_be_visible()
    assert page.url.endswith(f"/board/{place.office}")
    page.context.close()


def test_a_lane_that_is_added_appears(place, screen):
    place.server.command("office", "lane", "7", "add", "--kind", "motorcycle")
    expect(screen.locator(".gate[data-lane='7']")).to_be_visible(timeout=6 * SECONDS)


@pytest.mark.parametrize("path", ["", "/1"])
def test_everything_fits_the_screen(place, screen, path):
    screen.goto(f"{place.server.url}/board/{place.office}{path}")
    outside = """() => [...document.querySelectorAll(".board *:not(.visually-hidden)")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1;
    }).map((one) => one.className)"""
    for width, height in ((1920, 1080), (1080, 1920), (1280, 720), (1024, 768)):
        screen.set_viewport_size({"width": width, "height": height})
        assert screen.evaluate(outside) == [], f"at {width}x{height}"
