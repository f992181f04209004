"""The keys of staff pages: `/` searches from everywhere, `?` shows the keys; scanners and typists set off neither."""

from playwright.sync_api import Page, expect

# Which of these keys the page takes, when they come as fast as from a scanner.
TAKEN = """(keys) => [...keys].map((key) =>
  !document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})))"""


def taken(page: Page, keys: str) -> list[bool]:
    return page.evaluate(TAKEN, keys)


def test_slash_searches_from_every_page(demo_office):
    page = demo_office.open("/register", "supervisor")
    page.keyboard.press("/")
    page.wait_for_url("**/desk")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_have_value("/")  # a character of what is typed


def test_keys_are_listed_and_can_be_switched_off(demo_office):
    page = demo_office.open("/register", "desk")
    page.keyboard.press("?")
    page.get_by_label("Pakai tombol / dan ?").uncheck()
    page.get_by_role("button", name="Tutup").click()
    expect(page.get_by_role("dialog", name="Tombol papan ketik")).to_have_count(0)
    page.reload()
    assert taken(page, "?") == [False]


def test_scanner_sets_off_nothing(demo_office):
    page = demo_office.open("/register", "desk")
    assert taken(page, "a/?") == [False, False, False]
    page.reload()
    assert taken(page, "?/") == [True, False]  # the second key takes the first one back
