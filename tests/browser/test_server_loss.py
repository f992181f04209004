"""Screens, their codes and the list of them, while the server is frozen, stopped or started again."""

import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board_steps import Place, shown
from tests.browser.demo_office import DemoOffice
from tests.browser.enrolment_steps import code_on, confirm, has_state, is_live, own_browsers, row
from tests.browser.steps import SECONDS, TABLET, pass_time_until

AGED = """() => {
    const age = document.getElementById("age");
    new MutationObserver(() => (window.isAged ||= !age.hidden)).observe(age, { attributes: true });
}"""
CODE_RETRIES_AFTER = 3 * SECONDS


@pytest.fixture
def place(stoppable_office: DemoOffice) -> Iterator[Place]:
    with Place(stoppable_office) as place:
        yield place


@pytest.fixture
def opened(stoppable_office: DemoOffice) -> Iterator[Callable[..., Page]]:
    with own_browsers(stoppable_office) as opened:
        yield opened


@pytest.fixture
def screen(place: Place, opened: Callable[..., Page]) -> Page:
    """An enrolled screen of the whole office."""
    page = opened(place.enrol()["link"])
    is_live(page, f"/board/{place.office}")
    return page


@pytest.fixture
def admin(stoppable_office: DemoOffice, opened: Callable[..., Page]) -> Page:
    return opened("/admin/devices", TABLET, storage_state=stoppable_office.demo.states["admin"])


def revision(screen: Page) -> int:
    return int(screen.locator("body").get_attribute("data-revision"))


def test_screen_without_news_shows_the_age_and_recovers(place, screen):
    visit = place.vehicle()
    expect(shown(screen, visit, "waiting")).to_be_visible()
    screen.evaluate(AGED)
    os.kill(place.server.worker(), signal.SIGSTOP)
    try:
        pass_time_until(screen, screen.locator("#stale").is_visible)
        assert screen.evaluate("() => window.isAged")
        expect(screen.locator("body")).to_have_attribute("data-stale", "true")
        expect(screen.locator("#stale")).to_contain_text("Gangguan sambungan. Ikuti arahan petugas.")
        assert re.fullmatch(r"([7-9]|[1-5]\d) dtk", screen.locator("#stale-age").inner_text())
        expect(screen.locator("#message")).to_be_hidden()
    finally:
        os.kill(place.server.worker(), signal.SIGCONT)
    expect(screen.locator("body")).to_have_attribute("data-stale", "false")
    expect(screen.locator("#stale")).to_be_hidden()
    place.move(visit, "leave")
    expect(screen.locator(f"[data-queue-no='{visit['queue_no']}']")).to_have_count(0)


def test_screens_and_codes_survive_a_restart_of_the_server(place, opened, screen, admin):
    waiting = opened("/board/PLG/2")
    before, code = revision(screen), code_on(waiting)
    place.server.terminate()
    waiting.clock.fast_forward(CODE_RETRIES_AFTER)
    expect(waiting.locator("#lost")).to_be_visible()
    place.server.start()
    visit = place.vehicle()
    expect(shown(screen, visit, "waiting")).to_be_visible()
    assert revision(screen) > before
    place.move(visit, "leave")
    waiting.clock.fast_forward(CODE_RETRIES_AFTER)
    expect(waiting.locator("#lost")).to_be_hidden()
    assert code_on(waiting) == code
    admin.reload()
    confirm(admin, code, "Layar bertahan", "lane:2")
    is_live(waiting, "/board/PLG/2")


def test_list_of_screens_shows_a_lost_screen_and_leaves_a_half_filled_form_alone(place, opened, admin):
    screen = opened(place.enrol("--name", "Layar sebentar")["link"])
    is_live(screen, "/board/PLG")
    admin.reload()
    has_state(admin, "Layar sebentar", "Sesuai")
    admin.fill("#name", "Sedang diketik")
    screen.goto("about:blank")
    place.server.kill9()
    place.server.start()
    has_state(admin, "Layar sebentar", "Terputus")
    expect(row(admin, "Layar sebentar")).to_contain_text("Tanpa kabar sejak server dinyalakan")
    assert admin.input_value("#name") == "Sedang diketik"
