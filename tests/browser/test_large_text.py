"""Pages of the staff on a phone with text of twice the size: none is wider than the phone, no name is covered."""

from playwright.sync_api import Page, expect

from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.steps import PHONE

FONT_SIZES = {"fontSizes": {"standard": 32, "fixed": 26}}  # what a person sets in the browser; usual is 16
PAGES = {
    "desk": ("/desk", "/desk/books/new", "/desk/import"),
    "admin": ("/admin/office", "/admin/devices"),
    "officer": ("/register", "/lane?lane=1"),
}
PULL = "() => getComputedStyle(document.documentElement).overscrollBehaviorY"
# The cells of a row of the window's list, from top to bottom: none begins before the one above it ends.
CELLS_APART = """(table) => [...table.querySelectorAll("tbody tr")].every((row) => {
    const cells = [...row.cells].map((cell) => cell.getBoundingClientRect());
    const bottoms = [...row.cells].map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getBoundingClientRect().bottom;
    });
    return cells.slice(1).every((cell, n) => cell.top >= bottoms[n] - 2);
})"""


def enlarged(office: DemoOffice, role: str) -> Page:
    page = office.page(role)
    page.set_viewport_size(PHONE)
    page.context.new_cdp_session(page).send("Page.setFontSizes", FONT_SIZES)
    return page


def width(page: Page) -> int:
    return page.evaluate("() => document.documentElement.scrollWidth")


def test_large_text_makes_no_page_wider_than_a_phone(demo_office):
    demo_office.queue("Joko Contoh")
    demo_office.called(demo_office.books("Contoh Ayah", LONG_NAME, shelf="RAK-BELAKANG-02-17").code)
    found = {}
    for role, paths in PAGES.items():
        page = enlarged(demo_office, role)
        for path in paths:
            page.goto(f"{demo_office.server.url}{path}")
            if path == "/lane?lane=1":
                expect(page.locator("#current article")).to_be_visible()
            found[path] = width(page), page.evaluate(PULL)
    # A pull down loads none of them again.
    assert found == dict.fromkeys(found, (PHONE["width"], "none"))


def test_large_text_lays_no_cell_of_the_window_over_another(demo_office):
    demo_office.served(demo_office.books("Contoh Ayah", LONG_NAME).code)
    page = enlarged(demo_office, "officer")
    page.goto(f"{demo_office.server.url}/lane?lane=1")
    table = page.locator("#window table.ledger").first
    expect(table.locator("tbody tr").nth(1)).to_be_visible()
    assert width(page) == PHONE["width"] and table.evaluate(CELLS_APART)
