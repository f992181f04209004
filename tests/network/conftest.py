"""A real server with the demo office behind a proxy, and a browser that comes through it."""

from collections.abc import Iterator
from contextlib import closing, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Error

from tests.browser.board_steps import WIDE, Place
from tests.browser.demo_office import DemoOffice
from tests.browser.steps import SECONDS
from tests.network.proxy import Loop, Proxy

# Tells `turned` each time the page greys out or comes back: the moment in milliseconds since 1970, and which.
WATCH_STALE = """() => {
    const look = () => turned(Date.now(), document.body.dataset.stale);
    addEventListener("DOMContentLoaded", () => {
        new MutationObserver(look).observe(document.body, { attributeFilter: ["data-stale"] });
    });
}"""
HAS_ASKED = "performance.getEntriesByType('resource').some(({ name }) => name.includes('/api/v1/boards/'))"


class ProxiedPlace(Place):
    """The demo office; `proxy()` makes another way to it, `open_by` a page that comes that way."""

    def __init__(self, demo_office: DemoOffice, loop: Loop) -> None:
        super().__init__(demo_office)
        self.loop = loop
        self.ways: list[Proxy] = []

    def proxy(self, seed: int = 1, **more: Any) -> Proxy:
        self.ways.append(Proxy(self.loop, self.server.port, seed, **more))
        return self.ways[-1]

    def open_by(self, way: Proxy, link: str, context: Any = None, **more: Any) -> SimpleNamespace:
        """`page`, `url` to go to, and `turns`: when it greyed out and came back. Call `goto` on the page yourself."""
        context = context or self.browser.new_context(**{"viewport": WIDE, **more})
        page, turns = context.new_page(), []
        page.expose_function("turned", lambda at, stale: turns.append((at / 1000, stale == "true")))
        page.add_init_script(f"({WATCH_STALE})()")
        return SimpleNamespace(page=page, context=context, url=self.by(way, link), turns=turns)

    def by(self, way: Proxy, link: str) -> str:
        return link.replace(self.server.url, f"http://127.0.0.1:{way.port}")

    def screen_by(self, way: Proxy, *options: str) -> SimpleNamespace:
        """An enrolled screen that is alive: it has asked for its state and got it."""
        opened = self.open_by(way, self.enrol(*options)["link"])
        opened.page.goto(opened.url)
        for _ in range(300):
            opened.page.wait_for_timeout(0.1 * SECONDS)
            with suppress(Error):  # the link leads on to the screen's own address
                if opened.page.evaluate(HAS_ASKED):
                    return opened
        raise AssertionError("the screen never asked for its state")


@pytest.fixture
def place(stoppable_office: DemoOffice) -> Iterator[ProxiedPlace]:
    """On the server that may be frozen and killed."""
    with closing(Loop()) as loop, ProxiedPlace(stoppable_office, loop) as place:
        yield place
        for way in place.ways:
            way.close()
