"""An office with its screens for browser tests: an officer who works over the API, screens that are enrolled."""

import functools
import json
import uuid
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.demo_office import DemoOffice

WIDE = {"width": 1920, "height": 1080}
# All animations of the page are over, however long they last.
PASSES = "document.getAnimations().forEach((animation) => animation.finish())"
# All that a screen has announced since it was opened: an announcement passes in seconds.
ANNOUNCED = """addEventListener("DOMContentLoaded", () => {
    const call = document.getElementById("call");
    if (!call) return;
    window.announced = call.textContent;
    new MutationObserver(() => (announced += call.textContent)).observe(call, { childList: true });
});"""


class Place:
    """The demo office with its screens. `officer` works over the API, with a supervisor's key."""

    def __init__(self, demo_office: DemoOffice) -> None:
        self.demo_office, self.demo = demo_office, demo_office.demo
        self.server, self.browser = demo_office.server, demo_office.browser
        self.office = demo_office.demo.office
        self.officer = demo_office.client("supervisor")
        self.codes = iter([pickup["code"] for pickup in self.demo.pickups])
        self.set()

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: Any) -> None:
        self.officer.close()

    def set(self, **options: Any) -> None:
        """These options of the office, and no pause between two calls."""
        self.demo_office.set(recall_pause_seconds=0, **options)

    def enrol(self, *options: str) -> dict[str, Any]:
        return json.loads(self.server.command("device", "enrol", "--office", self.office, *options, "--json"))

    @functools.cached_property
    def link(self) -> str:
        """That of a screen of the whole office, enrolled when it is first needed."""
        return self.enrol()["link"]

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


def expect_announced(page: Page, sentence: str) -> None:
    """It is announced, or was before somebody could look."""
    page.wait_for_function("(said) => window.announced?.includes(said)", arg=sentence)


def shown(page: Page, visit: dict[str, Any], state: str):
    return page.locator(f"[data-queue-no='{visit['queue_no']}'][data-state='{state}']")
