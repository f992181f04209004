"""What people do in browser tests, as verbs of the counter, and what axe finds on a page."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from PIL import Image
from playwright.sync_api import Error, Locator, Page, expect

from ampera import COOKIE
from tests.services import wait_until

SECONDS = 1000  # Playwright counts milliseconds
SOON = 30 * SECONDS  # patience with what must happen: it costs nothing when it is met, and machines are busy
PICTURE_TRIES = 3
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1180, "height": 820}
SCREEN = {"width": 1920, "height": 1080}
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
expect.set_options(timeout=SOON)
# What an element says from now on: it may be short.
LISTEN = """(element) => {
    const said = [];
    const options = { childList: true, characterData: true, subtree: true };
    new MutationObserver(() => said.push(element.textContent.trim())).observe(element, options);
    return said;
}"""
AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text()


def picture(page: Page) -> Image.Image:
    """What the page looks like now. Chromium sometimes has no frame yet to take a picture of: it is asked again."""
    for _ in range(PICTURE_TRIES - 1):
        try:
            return Image.open(io.BytesIO(page.screenshot()))
        except Error as error:
            if "Unable to capture screenshot" not in error.message:
                raise
            page.wait_for_timeout(SECONDS)
    return Image.open(io.BytesIO(page.screenshot()))


def pass_time_until(page: Page, condition: Callable[[], bool]) -> None:
    """Turn the installed clock of this page, second by second, until it is so, whatever news still come in between."""
    wait_until(lambda: page.clock.fast_forward(SECONDS) or condition(), "it is never so", SOON / SECONDS)


def signed_in(url: str, login: str, password: str) -> dict:
    """The cookies of somebody who has just signed in, for a context's `storage_state`."""
    with httpx.Client(base_url=url, headers={"Origin": url}, verify=False, timeout=30) as client:  # noqa: S501 (self-made)
        token = re.search('name="csrf_token" value="([^"]+)"', client.get("/login").text)[1]
        answer = client.post("/login", data={"login": login, "password": password, "csrf_token": token})
        assert answer.is_redirect, answer.text
        session = {"name": COOKIE, "value": client.cookies[COOKIE], "domain": urlsplit(url).hostname, "path": "/"}
    return {"cookies": [session | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}], "origins": []}


def violations(page: Page) -> list:
    """What axe finds against WCAG 2.2 AA: rule and elements."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE + ";1")
    # Nothing to preload: style sheets are of this site, and no recording plays by itself.
    check = """async (tags) => {
        const options = { runOnly: tags, resultTypes: ["violations"], preload: false };
        const found = await axe.run(document, options);
        return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    }"""
    return page.evaluate(check, RULES)


def scanned(page: Page, code: str) -> None:
    """A scanner types and ends with Enter."""
    typed_by_machine(page, code + "\r")


def typed_by_machine(page: Page, keys: str) -> None:
    """Ten milliseconds from key to key, however busy the reading machine is."""
    keyboard = page.context.new_cdp_session(page)
    at = time.time()
    for n, sign in enumerate(keys):
        key = {"key": "Enter" if sign == "\r" else sign, "timestamp": at + n / 100}
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": sign, **key})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    keyboard.detach()


class Window:
    """An officer's tablet at the lane and the window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def scan(self, code: str) -> None:
        """Typed; scanners and cameras have their own tests."""
        self.page.fill("#code", code)
        self.page.press("#code", "Enter")

    def look_up(self, application_no: str, birth_date: str) -> None:
        """Without a code. The date is typed digit by digit; its dashes come by themselves."""
        if self.page.locator("#lookup").is_hidden():
            self.page.click("#open-lookup")
        self.page.fill("#lookup-number", application_no)
        self.page.fill("#lookup-date", "")
        self.page.locator("#lookup-date").press_sequentially(birth_date.replace("-", ""))
        self.page.keyboard.press("Enter")

    def serve(self, code: str) -> None:
        self.scan(code)
        self.page.click("[data-act=serve]")
        expect(self.pane("visit").or_(self.pane("form"))).to_be_visible()

    def start(self) -> None:
        """Open the form. With one ready book it is open already."""
        expect(self.pane("visit").or_(self.pane("form"))).to_be_visible()
        if not self.pane("form").is_visible():
            self.page.click("[data-slot=start]")
        expect(self.pane("form")).to_be_visible()

    def step_back(self) -> None:
        """From the form to the list of books, where the other moves are."""
        self.page.click("#window [data-move=back]")
        expect(self.pane("visit")).to_be_visible()

    def pane(self, name: str) -> Locator:
        return self.page.locator(f"[data-pane={name}]")

    def row(self, n: int) -> Locator:
        return self.page.locator("[data-band=books] tbody").nth(n)

    def collector(self, kind: str) -> None:
        self.page.locator(f"[name=class][value={kind}]").check(force=True)
        if kind != "self":
            self.page.fill("#collector-name", "Contoh Kerabat")
            self.page.fill("#collector-last4", "4821")
        for tick in self.page.locator("[data-slot=shown] input").all():
            tick.check()

    def type_in(self, n: int, field: str, typed: str) -> None:
        """Key by key, left with Enter."""
        self.row(n).locator(f"[data-slot={field}]").fill("")
        self.row(n).locator(f"[data-slot={field}]").press_sequentially(typed)
        self.page.keyboard.press("Enter")

    def match(self, n: int, book: Any) -> None:
        """`book` has a nik and a passport_no."""
        self.type_in(n, "identity", book.nik[-4:])
        self.type_in(n, "book", book.passport_no)
        expect(self.row(n).locator(".state--go")).to_have_text("Cocok")

    def sign(self) -> None:
        pad = self.page.locator("[data-slot=pad]")
        pad.hover(position={"x": 40, "y": 60})
        box = pad.bounding_box()
        self.page.mouse.down()
        for step in range(12):
            self.page.mouse.move(box["x"] + 40 + step * 15, box["y"] + 60 + 25 * (-1) ** step)
        self.page.mouse.up()
        expect(pad).to_have_class(re.compile("sign__pad--done"))

    def hold(self) -> None:
        expect(self.page.locator(".hold")).to_be_enabled()
        self.page.locator(".hold").hover()
        self.page.mouse.down()
        self.until_held()
        self.page.mouse.up()

    def until_held(self) -> None:
        """The button knows best when it was held for long enough."""
        expect(self.page.locator(".hold.is-held")).to_have_count(0)

    def recorded(self) -> Locator:
        expect(self.pane("recorded")).to_be_visible()
        return self.pane("recorded")
