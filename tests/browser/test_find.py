"""'Find my pickup' by hand and by keyboard, without scripts too; and what a browser tells others of a link."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.steps import PHONE, demo_office
from tests.chromium import chromium
from tests.services import LiveServer


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The demo office on a server that could send mail, and a browser."""
    with (
        LiveServer(tmp_path_factory.mktemp("find"), MAIL_URL="smtp://127.0.0.1:1") as server,
        chromium() as browser,
    ):
        yield SimpleNamespace(server=server, browser=browser, demo=demo_office(server))


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(place, request) -> Iterator[Page]:
    context = place.browser.new_context(viewport=PHONE, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_who_makes_a_mistake_is_led_to_it_and_loses_nothing(place, page):
    page.goto(place.server.url)
    page.fill("#find-number", "9900000000000001")
    page.fill("#find-born", "31-02-1990")
    page.press("#find-born", "Enter")
    expect(page.locator("#find-born")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#find-born")).to_be_focused()
    expect(page.locator("#find-number")).to_have_value("9900000000000001")
    page.keyboard.press("Control+A")
    page.keyboard.type("2-1-1990")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place.server.url}/find/noted")
    expect(page.locator("h1")).to_have_text("Permintaan Anda tercatat")
    assert not page.context.cookies()


def test_a_browser_tells_nobody_the_link(place):
    """Every request that the page makes, and the tab's title, which history and shared screens show."""
    context = place.browser.new_context(viewport=PHONE)
    page = context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    link = place.demo.pickups[0]["link"]
    page.goto(link)
    page.wait_for_load_state("load")
    page.locator("a[hreflang=en]").first.click()
    page.wait_for_url(re.compile("lang=en"))
    token = link.rpartition("/")[2]
    assert token not in page.title()
    assert len(asked) > 5 and all(one.url.startswith((place.server.url, "data:", "blob:")) for one in asked)
    assert {one.all_headers().get("referer", "") for one in asked} == {""}
    context.close()
