"""The tablet's own keys for digits cover nothing that is typed or pressed, on every screen of the window."""

from playwright.sync_api import expect

from tests.browser.pad_steps import field, keys, open_form, press, with_pad
from tests.browser.steps import PHONE, TABLET, violations
from tests.browser.tablet import Tablet

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


# Left, top, right and bottom edge of each element.
EDGES = """(elements) => elements.map((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left, top, right, bottom];
})"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_pad_covers_neither_the_field_nor_the_hold_button_on_any_screen(window):
    pad = with_pad(window)
    books = open_form(pad, *[{"holder_name": f"Contoh {n}"} for n in range(4)])
    for name, size in SIZES.items():
        pad.page.set_viewport_size(size)
        for n in (0, 3):
            for slot in ("identity", "book"):
                check_field(pad, n, slot, size)
        assert not pad.page.locator("[data-band=books] table").evaluate(LEAVES), f"{name}: rows leave the form"
        aside = pad.page.locator("#window > aside")
        assert aside.evaluate("(part) => part.scrollHeight <= part.clientHeight"), f"{name}: the moves scroll"
        pad.page.locator(".hold").scroll_into_view_if_needed()
        assert not pad.page.locator(".hold").evaluate(COVERED), name
    press(pad.page, books[3].passport_no[-4:])
    assert violations(pad.page) == []


def check_field(pad: Tablet, n: int, slot: str, size: dict[str, int]) -> None:
    """The field of this row can be reached while it has the pad, and so can all twelve keys."""
    field(pad, n, slot).focus()
    expect(keys(pad.page)).to_have_count(12)
    pad.page.evaluate(PAINTED)
    assert not field(pad, n, slot).evaluate(COVERED), (size, n, slot)
    for left, top, right, bottom in keys(pad.page).evaluate_all(EDGES):
        assert right - left >= KEY and bottom - top >= KEY
        assert left >= 0 and right <= size["width"] and bottom <= size["height"]
