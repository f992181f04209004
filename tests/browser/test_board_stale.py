"""A screen whose state may not be trusted shouts no call, in any layout."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.board_steps import WIDE

# A screen whose state may not be trusted, however fresh it is.
STAYS_STALE = """() => {
    const set = () => document.body.dataset.stale !== "true" && (document.body.dataset.stale = "true");
    new MutationObserver(set).observe(document.body, { attributes: true });
    set();
}"""
PORTRAIT = {"width": 1080, "height": 1920}
LAYOUTS = [((), WIDE), ((), PORTRAIT), (("--lane", "2"), WIDE), (("--lane", "2"), PORTRAIT)]
CALLED_IS_BRIGHTER = 150  # of 255


@pytest.mark.parametrize(("options", "size"), LAYOUTS, ids=["office", "office-portrait", "lane", "lane-portrait"])
def test_no_cell_of_a_stale_screen_is_bright_in_any_layout(place, options, size):
    place.server.command("office", "lane", "2", "set", "--windows", "2")
    page = place.open(place.enrol(*options)["link"])
    page.set_viewport_size(size)
    for window in (1, 2):
        place.move(place.vehicle(), "call", 2, window=window)
    expect(page.locator(".gate__visit--called")).to_have_count(2)
    assert brightest(page, ".gate__visit") > CALLED_IS_BRIGHTER
    page.evaluate(STAYS_STALE)
    for cell in page.locator(".board__lanes .gate, .gate__visit").all():
        assert brightest(page, cell) < CALLED_IS_BRIGHTER
    page.context.close()


def brightest(page: Page, cell: Locator | str) -> int:
    """The brightest point of a cell that is no letter: of the most frequent colour."""
    found = page.locator(cell).first if isinstance(cell, str) else cell
    image = Image.open(io.BytesIO(found.screenshot())).convert("L")
    return max(range(256), key=image.histogram().__getitem__)
