"""Real pages in a storm: two boards with their voice, a tablet, a phone. What they show and speak."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Page

from tests.browser.steps import PHONE, SECONDS, TABLET

# Tells `spoke` the id of a call when its first clip really starts.
EAR = """() => {
    let call = null;
    const mark = performance.mark, start = AudioBufferSourceNode.prototype.start;
    performance.mark = function (name, options) {
        if (name === "chime") call = options.detail;
        return mark.call(this, name, options);
    };
    AudioBufferSourceNode.prototype.start = function (...when) {
        if (call !== null) spoke(call);
        call = null;
        return start.apply(this, when);
    };
}"""
NUMBERS = """(all) => Object.fromEntries(all.filter((one) => one.dataset.queueNo && one.dataset.state)
    .map((one) => [one.dataset.queueNo, one.dataset.state]))"""


class Pages:
    """`open` them in a calm network; `wrong` compares what stands there with what the server says."""

    def __init__(self, place: Any, way: Any, link: str) -> None:
        self.place, self.way = place, way
        self.spoken: dict[str, list[int]] = {}
        self.errors: list[str] = []
        self.all: dict[str, SimpleNamespace] = {}
        made = place.enrol("--kind", "display")["link"]
        board = made.partition("#")[0]
        office = self._open("overview", made)
        self._open("lane", f"{board}/1", context=office.context)
        cookies = place.demo.states["officer"]
        self.tablet = self._open("tablet", f"{place.server.url}/lane?lane=1", viewport=TABLET, storage_state=cookies)
        self.phone = self._open("phone", link, viewport=PHONE)
        self.boards = {"/boards/PLG": office.page, "/boards/PLG/1": self.all["lane"].page}

    def _open(self, name: str, link: str, context: Any = None, **more: Any) -> SimpleNamespace:
        spoken = self.spoken.setdefault(name, [])
        opened = self.place.open_by(self.way, link, context=context, **more)
        opened.page.expose_function("spoke", lambda call: spoken.append(call))
        opened.page.add_init_script(f"({EAR})()")
        opened.page.on("pageerror", lambda error: self.errors.append(f"{name}: {error}"))
        opened.page.goto(opened.url)
        opened.page.wait_for_timeout(1 * SECONDS)
        self.all[name] = opened
        return opened

    def wait(self, seconds: float) -> None:
        """Playwright tells what happens in its pages only while it works."""
        self.phone.page.wait_for_timeout(seconds * SECONDS)

    def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        for _ in range(int(seconds * 20)):
            if condition():
                return True
            self.wait(0.05)
        return condition()

    def wrong(self) -> list[str]:
        """The pages that differ from the server, or that are grey."""
        found = []
        for path, page in self.boards.items():
            answer = self.place.officer.get(path).json()
            lanes = {visit["queue_no"]: visit["state"] for lane in answer["lanes"] for visit in lane["visits"]}
            expected = lanes | {visit["queue_no"]: "waiting" for visit in answer["next"]}
            if _numbers(page) != expected or page.locator("body").get_attribute("data-stale") != "false":
                found.append(f"{path}: {_numbers(page)} instead of {expected}")
        answer = self.place.officer.get("/lanes/1/state").json()
        here = {visit["queue_no"]: visit["state"] for visit in answer["here"]}
        expected = here | {visit["queue_no"]: "waiting" for visit in answer["waiting"]}
        shown = _numbers(self.tablet.page, ".called__one [data-queue-no], #queue [data-queue-no]")
        if shown != expected:
            found.append(f"tablet: {shown} instead of {expected}")
        return found

    def close(self) -> None:
        for opened in self.all.values():
            opened.context.close()


def _numbers(page: Page, where: str = "[data-queue-no]") -> dict[str, str]:
    return page.locator(where).evaluate_all(NUMBERS)
