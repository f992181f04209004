"""An office with its screens for browser tests: an officer who works over the API, screens that are enrolled."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.steps import SECONDS as SECONDS
from tests.chromium import chromium
from tests.services import LiveServer

MAY_SOUND = "--autoplay-policy=no-user-gesture-required"
WIDE = {"width": 1920, "height": 1080}
# All that a screen has announced since it was opened: an announcement passes in seconds.
ANNOUNCED = """addEventListener("DOMContentLoaded", () => {
    const call = document.getElementById("call");
    if (!call) return;
    window.announced = call.textContent;
    new MutationObserver(() => (announced += call.textContent)).observe(call, { childList: true });
});"""


class Place:
    """The demo office on a real server. `server`, `browser`, `office` (its code), `demo` (what the command printed)."""

    def __init__(self, server: LiveServer, browser: Browser) -> None:
        self.server, self.browser = server, browser
        self.demo = json.loads(server.command("demo", "--json"))
        self.office = self.demo["office"]
        login = next(one["login"] for one in self.demo["accounts"] if one["role"] == "supervisor")
        key = json.loads(server.command("key", "create", "--staff", login, "--role", "supervisor", "--json"))["key"]
        bearer = {"Authorization": f"Bearer {key}"}
        self.officer = httpx.Client(base_url=f"{server.url}/api/v1", headers=bearer, timeout=30)
        self.codes = iter([pickup["code"] for pickup in self.demo["pickups"]])
        server.command("office", "set", "recall_pause_seconds", "0")

    def enrol(self, *options: str) -> dict[str, Any]:
        return json.loads(self.server.command("device", "enrol", "--office", self.office, *options, "--json"))

    def open(self, link: str, context: Any = None) -> Page:
        page = (context or self.browser.new_context(viewport=WIDE)).new_page()
        page.add_init_script(ANNOUNCED)
        page.goto(link)
        expect(page.locator("body[data-live]")).to_have_attribute("data-stale", "false")
        return page

    def announced(self) -> list[dict[str, Any]]:
        return self.officer.get(f"/boards/{self.office}").json()["announcements"]

    def vehicle(self, lane: int = 1) -> dict[str, Any]:
        """The next vehicle whose code is good."""
        while True:
            body = {"scan_id": str(uuid.uuid4()), "lane": lane, "input": next(self.codes)}
            answer = self.officer.post("/scans", json=body).raise_for_status().json()
            if answer["verdict"] == "ok":
                return answer["visit"]

    def move(self, visit: dict[str, Any], move: str, lane: int = 1, **more: Any) -> None:
        self.officer.post(f"/visits/{visit['id']}/{move}", json={"lane": lane, **more}).raise_for_status()


@contextmanager
def office_with_screens(folder: Path, *arguments: str) -> Iterator[Place]:
    with LiveServer(folder) as server, chromium(None, *arguments) as browser:
        place = Place(server, browser)
        with place.officer:
            yield place


def says(page: Page, sentence: str) -> None:
    """It is announced, or was before somebody could look."""
    page.wait_for_function("(said) => window.announced?.includes(said)", arg=sentence)


def shown(page: Page, visit: dict[str, Any], state: str):
    return page.locator(f"[data-queue-no='{visit['queue_no']}'][data-state='{state}']")
