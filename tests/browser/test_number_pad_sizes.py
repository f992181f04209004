"""The tablet's own keys for digits cover nothing that is typed or pressed, on every screen of the window."""

import pytest
from playwright.sync_api import expect

from tests.browser.pad_steps import field, keys, open_form, press, with_pad
from tests.browser.steps import PHONE, TABLET, violations

# Tablets across and upright, a phone, and both tablets at 200 % zoom.
SIZES = {
    "1180x820": TABLET,
    "820x1180": {"width": 820, "height": 1180},
    "1280x800": {"width": 1280, "height": 800},
    "390x844": PHONE,
    "1180x820 at 200 %": {"width": 590, "height": 410},
    "820x1180 at 200 %": {"width": 410, "height": 590},
}
KEY = 64  # px
# What a finger cannot reach at the middle of the element: another element is over it, or it is not on the screen.
COVERED = """(element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    return [[x, top + 4], [x, top + height - 4]].some(([x, y]) => !element.contains(document.elementFromPoint(x, y)));
}"""

# An element that is wider than the room beside its number.
LEAVES = """(element) => {
    const [inner, outer] = [element, element.parentElement].map((part) => part.getBoundingClientRect().right);
    return inner > outer + 1;
}"""


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_pad_covers_neither_the_field_nor_the_hold_button(window, size):
    pad = with_pad(window)
    books = open_form(pad, *[{"holder_name": f"Contoh {n}"} for n in range(4)])
    pad.page.set_viewport_size(size)
    for n in (0, 3):
        for slot in ("identity", "book"):
            field(pad, n, slot).focus()
            expect(keys(pad.page)).to_have_count(12)
            pad.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert not field(pad, n, slot).evaluate(COVERED), (n, slot)
            boxes = [key.bounding_box() for key in keys(pad.page).all()]
            assert all(box["width"] >= KEY and box["height"] >= KEY for box in boxes)
            assert all(box["x"] >= 0 and box["x"] + box["width"] <= size["width"] for box in boxes)
            assert all(box["y"] + box["height"] <= size["height"] for box in boxes)
    table = pad.page.locator("[data-band=books] table")
    assert not table.evaluate(LEAVES), "rows leave the form"
    aside = pad.page.locator("#window > aside")
    assert aside.evaluate("(element) => element.scrollHeight <= element.clientHeight"), "the moves of the visit scroll"
    pad.page.locator(".hold").scroll_into_view_if_needed()
    assert not pad.page.locator(".hold").evaluate(COVERED)
    press(pad.page, books[3].passport_no[-4:])
    assert violations(pad.page) == []
