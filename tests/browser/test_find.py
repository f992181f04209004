"""'Find my pickup' by hand and by keyboard, without scripts too; and what a browser tells others of a link."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.steps import PHONE


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(demo_office, request) -> Iterator[Page]:
    context = demo_office.browser.new_context(viewport=PHONE, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_invalid_date_gets_the_focus_and_keeps_the_input(demo_office, page):
    page.goto(demo_office.server.url)
    page.fill("#find-number", "9900000000000001")
    page.fill("#find-born", "31-02-1990")
    page.press("#find-born", "Enter")
    expect(page.locator("#find-born")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#find-born")).to_be_focused()
    expect(page.locator("#find-number")).to_have_value("9900000000000001")
    page.keyboard.press("Control+A")
    page.keyboard.type("2-1-1990")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo_office.server.url}/find/noted")
    expect(page.locator("h1")).to_have_text("Permintaan Anda tercatat")
    assert not page.context.cookies()


def test_browser_discloses_the_link_to_nobody(demo_office):
    """Every request that the page makes, and the tab's title, which history and shared screens show."""
    context = demo_office.browser.new_context(viewport=PHONE)
    page = context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    link = demo_office.demo.pickups[0]["link"]
    page.goto(link)
    page.wait_for_load_state("load")
    page.locator("a[hreflang=en]").first.click()
    page.wait_for_url(re.compile("lang=en"))
    token = link.rpartition("/")[2]
    assert token not in page.title()
    assert len(asked) > 5 and all(
        request.url.startswith((demo_office.server.url, "data:", "blob:")) for request in asked
    )
    assert {request.all_headers().get("referer", "") for request in asked} == {""}
    context.close()
