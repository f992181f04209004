"""A screen whose loudspeaker is listened to clip by clip, and which can be shown states as if they had been sent."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.board_steps import ANNOUNCED, WIDE, Place

# Reports to `heard` the name, the moment and the length of every clip that is started, and the moment of the request
# (audio clock, seconds).
EAR = """() => {
    const names = new WeakMap(), start = AudioBufferSourceNode.prototype.start;
    const read = Response.prototype.arrayBuffer, decode = BaseAudioContext.prototype.decodeAudioData;
    Response.prototype.arrayBuffer = async function () {
        const bytes = await read.call(this);
        names.set(bytes, decodeURI(this.url).split("/").slice(5).join("/").replace(".mp3", ""));
        return bytes;
    };
    BaseAudioContext.prototype.decodeAudioData = async function (bytes) {
        const name = names.get(bytes), clip = await decode.call(this, bytes);
        names.set(clip, name);
        return clip;
    };
    AudioBufferSourceNode.prototype.start = function (at = 0) {
        const { currentTime } = this.context, from = Math.max(at, currentTime);
        heard(names.get(this.buffer), from, this.buffer.duration, currentTime, document.body.dataset.spoken ?? "");
        return start.call(this, at);
    };
    const build = window.GainNode;
    window.GainNode = function (...how) { return (window.loudspeaker = new build(...how)); };
}"""
SHOW = """async (states) => {
    const { show } = await import(document.querySelector("script[src$='pages/board.js']").src);
    states.forEach(show);
    return document.getElementById("call").textContent;
}"""
# Calls are of a moment to come: news of the server, which knows nothing of them, let them go only when they are old.
STATE = """async ([calls, called, more]) => {
    const at = new Date(Date.now() + 60_000).toISOString(), office = document.querySelector(".board").dataset.office;
    const state = await (await fetch(`/api/v1/boards/${office}`)).json();
    const visits = called.map((queue_no) => ({ queue_no, state: "called", window: null, since: at }));
    state.lanes[0] = { ...state.lanes[0], visits };
    const announcements = calls.map((call) => ({ window: null, at, ...call }));
    return { ...state, standing: [], announcements, ...more };
}"""


class Loudspeaker:
    """An enrolled display whose clips are listened to."""

    def __init__(self, place: Place, link: str, context: Any = None, is_display: bool = True) -> None:
        self.clips: list[tuple[str, float, float, float, str]] = []
        self.context = context or place.browser.new_context(viewport=WIDE)
        self.page = self.context.new_page()
        self.page.expose_function("heard", lambda *clip: self.clips.append(clip))
        self.page.add_init_script(f"({EAR})()")
        self.page.add_init_script(ANNOUNCED)
        self.page.goto(link)
        expect(self.page.locator("body")).to_have_attribute("data-stale", "false")
        if is_display:  # the settings of the loudspeaker have arrived
            expect(self.page.locator("body")).to_have_attribute("data-speaks", "true")

    @property
    def names(self) -> list[str]:
        return [name for name, *_ in self.clips]

    @property
    def chimes(self) -> int:
        return self.names.count("chime")

    def wait_for(self, condition, otherwise: str, seconds: float = 30) -> None:
        """Waits with the page's own clock: what it tells us comes only while Playwright works."""
        for _ in range(int(seconds * 10)):
            if condition():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{otherwise}: {self.names}")

    def show(self, *states: dict[str, Any]) -> str:
        """As if these states had come from the server: what is announced then, until the server's own come."""
        return self.page.evaluate(SHOW, list(states))

    def state(self, calls: list[dict[str, Any]], called: list[str], **more: Any) -> dict[str, Any]:
        """The screen's present state with these announcements, and these vehicles called to its first lane."""
        return self.page.evaluate(STATE, [calls, called, more])
