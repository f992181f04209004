"""How much work a car is for the officer: touches and keys on the real page, weighed by the keystroke-level model.

The page counts what really reached it. The steps below tell what it cannot see: when the officer looks and decides
(once before each step), the two touches of a list, a book drawn through a reader (weighed as a touch), the collector's
signature, and the books passed through the window. The seconds and their source are in docs/architecture/effort.md.
"""

from playwright.sync_api import Page, expect

from tests.browser.mrz import lines, swiped
from tests.browser.tablet import Tablet, family

TOUCH, KEY, DECIDE, HOLD, SIGN, PASS_OVER = 1.1, 0.3, 1.35, 1.0, 5.0, 1.5  # seconds
COUNT = """() => {
    window.effort = { touches: 0, keys: 0 };
    document.addEventListener("pointerdown", () => window.effort.touches++, { capture: true });
    document.addEventListener("keydown", () => window.effort.keys++, { capture: true });
}"""


class Effort:
    """The officer's work since the verdict was shown."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.decisions = self.lists = self.swipes = 0
        page.evaluate(COUNT)

    def touch(self, target: str) -> None:
        self.decisions += 1
        self.page.locator(target).locator("visible=true").first.click()

    def choose(self, target: str, label: str) -> None:
        """A list is opened with one touch and answered with another."""
        self.decisions += 1
        self.lists += 1
        self.page.locator(target).select_option(label=label)

    def type(self, keys: str) -> None:
        """What is read from a card or a book, where the cursor is."""
        self.decisions += 1
        self.page.keyboard.type(keys)

    def swipe(self, zone: list[str]) -> None:
        """One movement of the book through the reader, whose keys are nobody's work."""
        before = self.page.evaluate("window.effort.keys")
        self.decisions += 1
        self.swipes += 1
        swiped(self.page, zone)
        self.page.evaluate("keys => { window.effort.keys = keys; }", before)

    def seconds(self) -> float:
        """Signature, hold and passing the books over included."""
        counted = self.page.evaluate("window.effort")
        touches, keys = counted["touches"] + 2 * self.lists + self.swipes, counted["keys"]
        total = touches * TOUCH + keys * KEY + self.decisions * DECIDE + HOLD + SIGN + PASS_OVER
        print(f"{touches} touches, {keys} keys, {self.decisions} decisions: {total:.1f} s")
        return total


def type_row(window: Tablet, effort: Effort, n: int, book) -> None:
    """Four digits from the card and four from the book; the cursor goes on by itself after the first four."""
    expect(window.row(n).locator("[data-slot=identity]")).to_be_focused()
    effort.type(book.nik[-4:])
    expect(window.row(n).locator("[data-slot=book]")).to_be_focused()
    effort.type(book.passport_no[-4:])


def sign_and_hold(window: Tablet, effort: Effort) -> None:
    """Pad and button are touched once each; drawing and holding are counted in `seconds`."""
    for n in range(window.page.locator("[data-band=books] tbody").count()):
        expect(window.row(n).locator(".state--go")).to_have_text("Cocok")
    effort.decisions += 2
    window.sign()
    window.hold()
    window.recorded()


def test_one_passport_is_25_seconds_of_work(window):
    (book,), code = family({})
    window.scan(code)
    expect(window.page.locator("[data-act=serve]")).to_be_visible()
    effort = Effort(window.page)
    effort.touch("[data-act=serve]")
    effort.touch("label:has([name=class][value=self])")
    effort.touch(".ticks__all")
    type_row(window, effort, 0, book)
    sign_and_hold(window, effort)
    assert effort.seconds() <= 25


def test_swiped_passport_is_less_work_than_a_typed_one(window):
    (book,), code = family({"holder_name": "Contoh Gesek"})
    window.scan(code)
    expect(window.page.locator("[data-act=serve]")).to_be_visible()
    effort = Effort(window.page)
    effort.touch("[data-act=serve]")
    effort.touch("label:has([name=class][value=self])")
    effort.touch(".ticks__all")
    expect(window.row(0).locator("[data-slot=identity]")).to_be_focused()
    effort.swipe(lines(book.passport_no, "Contoh Gesek"))
    effort.type(book.nik[-4:])
    sign_and_hold(window, effort)
    assert effort.seconds() <= 24.9  # as much as typing the book takes


def test_family_of_four_is_55_seconds_of_work_and_each_further_book_seven(window):
    names = ("Contoh Ayah", "Contoh Ibu", "Contoh Anak Satu", "Contoh Anak Dua")
    books, code = family(*({"holder_name": name} for name in names))
    window.scan(code)
    expect(window.page.locator("[data-act=serve]")).to_be_visible()
    effort = Effort(window.page)
    effort.touch("[data-act=serve]")
    effort.touch("[data-slot=start]")
    effort.touch("label:has([name=class][value=family])")
    effort.choose("#collector-person", names[0])
    effort.touch("#collector-last4")
    effort.type("4821")
    effort.touch(".ticks__all")
    rows = []
    for n, book in enumerate(books):
        before = effort.decisions, effort.page.evaluate("window.effort.keys")
        type_row(window, effort, n, book)
        if n + 1 < len(books):
            effort.page.keyboard.press("Enter")
        keys = effort.page.evaluate("window.effort.keys") - before[1]
        rows.append((effort.decisions - before[0]) * DECIDE + keys * KEY)
    sign_and_hold(window, effort)
    assert effort.seconds() <= 55
    assert max(rows) <= 7
