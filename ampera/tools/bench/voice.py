"""The time from a call to the chime of a screen, in a real browser, or to the socket of the screen without one.

The browser is not part of the product. Without Playwright or Chromium the name of the figure says so.
"""

import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from time import perf_counter
from typing import TYPE_CHECKING

from ampera.offices import service as offices
from ampera.tools.bench.clients import Client
from ampera.tools.bench.figures import Figure, percentile
from ampera.tools.bench.installation import Book, Installation
from ampera.tools.bench.screens import Screens, screens

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
GOAL_S = 1.0
LEAST_CALL_S = 3  # the shortest that an office may set, so that the page before does not delay the next call
READY_MS, STEP_MS, WAIT_MS = 3500, 20, 20_000
STARTED = "() => performance.getEntriesByName('chime').map((entry) => performance.timeOrigin + entry.startTime)"


def chime(office: Installation, port: int, scale: float) -> Iterator[Figure]:
    """Call on a new page each time, so that no call waits for an earlier sentence."""
    office.empty_the_lanes()
    offices.set_option(office.command, "call_seconds", LEAST_CALL_S)
    books = office.shelve(max(2, int(12 * scale)), seed=85)
    program = _chromium()
    took = _by_browser(office, port, books, program) if program else _by_socket(office, port, books)
    what = "call → chime of a screen" if program else "call → socket of a screen (chime not measured: no browser)"
    yield Figure(f"{what} p50", percentile(took, 0.5) * 1000, "ms")
    goal = f"at most {GOAL_S:.0f} s" if program else ""
    yield Figure(f"{what} max", max(took) * 1000, "ms", goal=goal, met=max(took) <= GOAL_S if program else None)


def _chromium() -> str | None:
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return None
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _by_browser(office: Installation, port: int, books: list[Book], program: str) -> list[float]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, closing(Client(port, office.key)) as client:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        try:
            return [_chime_on_page(browser, office, port, client, book) for book in books]
        finally:
            browser.close()


def _chime_on_page(browser: "Browser", office: Installation, port: int, client: Client, book: Book) -> float:
    """Seconds from the request to the beginning of the chime, which the page has marked."""
    visit = _waiting(client, book)
    with closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/board/BENCH#token={office.screen}")
        page.wait_for_timeout(READY_MS)
        began = time.time()
        client.post("call", f"/api/v1/visits/{visit}/call", {"lane": 1})
        for _ in range(WAIT_MS // STEP_MS):
            if started := page.evaluate(STARTED):
                client.post("leave", f"/api/v1/visits/{visit}/leave", {"lane": 1})
                return float(started[0]) / 1000 - began
            page.wait_for_timeout(STEP_MS)
    raise RuntimeError("the screen never began its chime")


def _by_socket(office: Installation, port: int, books: list[Book]) -> list[float]:
    with screens(port, office.screens(1)) as found, closing(Client(port, office.key)) as client:
        return [_news_on_socket(found, client, _waiting(client, book)) for book in books]


def _news_on_socket(found: Screens, client: Client, visit: int) -> float:
    found.settle(0.5)
    target, began = found.revision + 1, perf_counter()
    path = f"/api/v1/visits/{visit}/call"
    asking = threading.Thread(target=client.post, args=("call", path, {"lane": 1}))
    asking.start()
    (took,) = found.arrivals(target, began)
    asking.join()
    client.post("leave", f"/api/v1/visits/{visit}/leave", {"lane": 1})
    return took


def _waiting(client: Client, book: Book) -> int:
    scan = {"scan_id": str(uuid.uuid4()), "lane": 1, "input": book.code}
    return int(client.post("scan", "/api/v1/scans", scan)["visit"]["id"])
