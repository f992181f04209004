"""A screen's page in a real browser: its link, its right, its layout on every size, and itself without its scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.board_steps import PASSES
from tests.browser.steps import SECONDS

RELOADS_AFTER = 6 * SECONDS  # a page without its scripts


def test_link_opens_the_screen_and_leaves_no_token_in_the_address(place, screen):
    assert screen.url == f"{place.server.url}/board/{place.office}"
    assert "token" not in screen.evaluate("JSON.stringify([document.cookie, localStorage, sessionStorage])")
    screen.reload()
    expect(screen.locator("body")).to_have_attribute("data-stale", "false")


def test_invalid_link_shows_a_refusal(place):
    page = place.browser.new_context().new_page()
    page.goto(f"{place.server.url}/board/{place.office}#token=ampera_display_invented")
    expect(page.locator("#refused")).to_be_visible()
    assert page.url.endswith(f"/board/{place.office}")
    page.context.close()


def test_revoked_screen_shows_the_enrolment_page(place):
    made = place.enrol()
    page = place.open(made["link"])
    place.server.command("device", "revoke", str(made["id"]))
    expect(page.get_by_role("heading", name="Layar ini belum terdaftar")).to_be_visible()
    page.context.close()


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
