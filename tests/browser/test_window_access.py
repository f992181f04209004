"""The window's states for everybody: axe, and nothing wider than its screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import TABLET, violations
from tests.browser.tablet import LONG_NAME, Tablet, family


@pytest.mark.parametrize("lang", ["id", pytest.param("en", marks=pytest.mark.proof)])
def test_every_state_is_accessible_and_fits_tablets_and_a_phone(demo_office, lang):
    window = Tablet(demo_office, lang=lang)
    (book, long), code = family({}, {"holder_name": LONG_NAME})
    found = {}

    def look(name):
        found[name] = violations(window.page)
        for width, height in ((1180, 820), (820, 1180), (390, 844)):
            window.page.set_viewport_size({"width": width, "height": height})
            assert window.page.evaluate("() => document.documentElement.scrollWidth") == width, name
        window.page.set_viewport_size(TABLET)

    window.serve(code)
    look("visit")
    window.page.click("#window [data-move=leave]")
    look("dialog")
    window.page.keyboard.press("Escape")
    window.start()
    window.collector("family")
    window.type_in(0, "identity", "9991")
    expect(window.row(0).locator(".field__error")).to_be_visible()
    look("form with an error")
    for n, held in ((0, book), (1, long)):
        window.type_in(n, "identity", held.nik[-4:])
        window.type_in(n, "book", held.passport_no)
        expect(window.row(n).locator(".state--go")).to_have_text(re.compile("^(Cocok|Matches)$"))
    window.sign()
    expect(window.page.locator(".hold")).to_be_enabled()
    look("form")
    window.page.route("**/api/v1/handovers", lambda route: route.abort())
    window.hold()
    expect(window.pane("checking")).to_be_visible()
    look("checking")
    window.page.unroute("**/api/v1/handovers")
    window.recorded()
    look("recorded")
    assert found == {name: [] for name in found}
    window.close()
