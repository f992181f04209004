"""A person of a directory in a real browser: from the button to the lane, and out within a minute after leaving."""

import re

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser.steps import TABLET, violations
from tests.directories import OFFICER, settings_of

FAST = "30"  # a minute of the server is two seconds


@pytest.fixture
def page(new_server, directory, browser):
    """A browser at a server that uses the directory, and whose clock is fast."""
    with new_server(**settings_of(directory.issuer), CLOCK_SPEED=FAST) as server:
        with server.app.app_context():
            builders.office()
        context = browser.new_context(base_url=server.url, viewport=TABLET, reduced_motion="reduce")
        yield context.new_page()
        context.close()
        assert '"level": "error"' not in server.log and "sub-" not in server.log and "code=" not in server.log


def test_person_goes_from_the_button_to_the_lane_and_the_leaver_is_out(directory, page):
    subject = directory.person("rina", OFFICER, name="Rina Contoh")
    page.goto("/login")
    assert not violations(page)
    page.get_by_role("link", name="Masuk dengan akun direktori").click()
    expect(page).to_have_url(re.compile(re.escape(directory.issuer)))
    page.locator("input[name=sub]").fill(subject)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/lane"))
    expect(page.get_by_role("link", name="Rina Contoh")).to_be_visible()
    page.goto("/account")
    assert not violations(page)
    expect(page.get_by_text("berasal dari direktori")).to_be_visible()
    page.goto("/lane?lane=1&point=window&window=1")
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    directory.dismiss(subject)
    expect(page).to_have_url(re.compile("/login"), timeout=30_000)
