"""Screens on /board: what each one showed, and whether that equals the database."""

import json
from collections import OrderedDict
from datetime import datetime
from typing import Any

import gevent

from ampera.tools.bench.sockets import Listener
from ampera.tools.simulate.morning import Morning
from ampera.tools.simulate.results.records import Compared
from ampera.tools.simulate.world import CODE

ACKNOWLEDGES_EVERY = 2.0  # real seconds, as a screen does
REMEMBERS = 300  # states, for the comparison with one of the same revision
# Fields that change with time and may differ between two readings of one revision.
BY_TIME = ("at", "announcement", "announcements", "standing", "quiet")
SETTLES_WITHIN = 10.0  # real seconds; an idle machine needs none of them


class Screen(Listener):
    """One screen: its states by revision, and its announced calls in the order of their first appearance."""

    def __init__(self, port: int, token: str, lane: int | None) -> None:
        self.token, self.lane = token, lane
        self.states: OrderedDict[int, dict[str, Any]] = OrderedDict()
        self.last: dict[str, Any] = {}
        self.calls: list[int] = []
        self.shown: set[int] = set()
        self.again: list[int] = []
        self.news_at: list[datetime] = []
        super().__init__(port, {"token": token})

    @property
    def name(self) -> str:
        return "screen of the office" if self.lane is None else f"screen of lane {self.lane}"

    @property
    def path(self) -> str:
        return f"/api/v1/boards/{CODE}" + ("" if self.lane is None else f"/{self.lane}")

    def on_event(self, text: str) -> None:
        self.last = state = json.loads(text.partition(",")[2])[1]
        self.states[state["revision"]] = state
        self.news_at.append(datetime.fromisoformat(state["at"]))
        if len(self.states) > REMEMBERS:
            self.states.popitem(last=False)
        now = announced(state)
        for call in now - self.shown:
            (self.again if call in self.calls else self.calls).append(call)
        self.shown = now

    def read(self) -> None:
        while self.is_open:
            self.receive()

    def acknowledge(self) -> None:
        while self.is_open:
            gevent.sleep(ACKNOWLEDGES_EVERY)
            self.send(f'42/board,["seen",{self.last.get("revision", 0)}]')


def announced(state: dict[str, Any]) -> set[int]:
    """The calls that this state announces."""
    newest = [state["announcement"]] if state.get("announcement") else []
    return {call["id"] for call in [*newest, *state.get("announcements", ())]}


def without(state: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in names}


def compare(morning: Morning, screen: Screen, when: str, left_out: tuple[str, ...] = BY_TIME) -> Compared | None:
    """The screen beside the database at one revision; None when no common revision was seen in time."""
    until = morning.clock.now() + SETTLES_WITHIN * morning.clock.speed
    while morning.clock.now() < until:
        answer = morning.http.get("board", screen.path, screen.token)
        if not answer.is_ok:
            return None
        revision = answer.body["revision"]
        gevent.sleep(0.1)
        if revision in screen.states:
            shown, expected = without(screen.states[revision], left_out), without(answer.body, left_out)
            return Compared(screen.name, when, shown == expected, _differing(shown, expected))
    return None


def _differing(shown: dict[str, Any], expected: dict[str, Any]) -> str:
    return ", ".join(sorted(name for name in {*shown, *expected} if shown.get(name) != expected.get(name)))
