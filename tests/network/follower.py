"""A client with the very policy of static/js/lib/connection.js, so that many of them fit on one machine.

Live news by socket; the same state by HTTP when a connection brings none, and in silence; older revisions are ignored.
"""

import asyncio
import json
import re
import time
from pathlib import Path
from random import Random
from typing import Any

from tests.network import wire

FOLDER = Path(__file__).parents[2] / "static/js"
NAMES = ("lib/connection.js", "lib/patience.js", "pages/pickup.js")
SOURCE, PATIENCE, PHONE = ((FOLDER / name).read_text() for name in NAMES)


def _constant(name: str, source: str = SOURCE) -> float:
    return float(re.search(rf"\b{name} = ([\d.]+);", source)[1])  # the policy is written once, there


def _timeouts() -> list[float]:
    """Seconds that one request for the state may take, the first time and after one without an answer."""
    written = re.search(r"\bTIMEOUTS_MS = \[([\d_, ]+)\];", PATIENCE)[1]
    return [int(ms) / 1000 for ms in written.split(", ")][: int(_constant("LAST_TURN")) + 1]


BEAT_S, GRACE_S, PHONE_BEAT_S = _constant("BEAT_S"), _constant("GRACE_S"), _constant("BEAT_S", PHONE)
TICK_S, TIMEOUTS_S = _constant("TICK_MS") / 1000, _timeouts()
HEADROOM = _constant("HEADROOM", PATIENCE)
MOST_ASKING = int(_constant("MAX_FETCHES"))
RECONNECT_S, RECONNECT_MOST_S = 0.5, 2.0


class Pauses:
    """The class of the same name in static/js/lib/patience.js."""

    FIRST_S, LONGEST_S, ANSWERED_S, GONE_WITHIN_S, SPREAD = (
        _constant(name, PATIENCE)
        for name in ("FIRST_PAUSE_S", "LONGEST_PAUSE_S", "ANSWERED_PAUSE_S", "GONE_WITHIN_S", "SPREAD")
    )

    def __init__(self, beat: float, random: Random) -> None:
        self.random = random
        self.seconds = self.next = self.FIRST_S
        self.is_patient = beat > 0
        self.longest_answered = min(max(self.ANSWERED_S, beat), self.LONGEST_S)

    def begin(self) -> None:
        self.seconds = self.next * self.random.uniform(1 - self.SPREAD, 1 + self.SPREAD)
        self.next = min(2 * self.next, self.LONGEST_S)

    def answered(self) -> None:
        self.next = min(self.next, self.longest_answered)

    def lost(self, seconds: float) -> None:
        if seconds < self.GONE_WITHIN_S and not self.is_patient:
            self.reset()

    def reset(self) -> None:
        self.next = self.FIRST_S
        self.seconds = min(self.seconds, self.FIRST_S)


class Follower:
    """`auth` opens the socket, `path` (with `headers`) is the same state by HTTP."""

    beat, address = 0.0, "127.0.0.1"

    def __init__(self, port: int, namespace: str, auth: dict[str, Any], path: str, headers: dict[str, str], seed: str):
        self.port, self.namespace, self.auth, self.path, self.headers = port, namespace, auth, path, headers
        self.random = Random(seed)
        self.pauses = Pauses(self.beat, self.random)
        self.state: dict[str, Any] = {}
        self.newest: tuple[int, str] | None = None
        self.life = self.newest_life = 0
        self.known_life = -1
        self.known_at = self.asked_at = 0.0
        self.turn = 0
        self.is_connected = False
        self.moments: list[tuple[float, str, int]] = []
        self.asking: set[asyncio.Task[None]] = set()
        self.counts = {"connects": 0, "polling": 0, "asks": 0, "answers": 0}

    async def run(self) -> None:
        await asyncio.gather(self._listen(), self._tick())

    def take(self, state: dict[str, Any], life: int | None = None) -> None:
        life = self.life if life is None else life
        if self.newest and (state["revision"], state["at"]) < self.newest and life <= self.newest_life:
            return
        self.newest, self.newest_life = (state["revision"], state["at"]), life
        self.moments.append((time.time(), state["at"], state["revision"]))
        self.state = state
        self.shown(state)

    def shown(self, state: dict[str, Any]) -> None:
        """What a page would draw."""

    async def _tick(self) -> None:
        while True:
            now = time.monotonic()
            is_silent = not self.is_connected or now - self.known_at >= (self.beat or BEAT_S) + GRACE_S
            if is_silent and now - self.asked_at >= self.pauses.seconds:
                self._refresh()
            await asyncio.sleep(TICK_S)

    def _refresh(self) -> None:
        if len(self.asking) < MOST_ASKING:
            asking = asyncio.create_task(self._ask())
            self.asking.add(asking)
            asking.add_done_callback(self.asking.discard)

    async def _ask(self) -> None:
        self.counts["asks"] += 1
        asked_at, life = time.monotonic(), self.life
        self.asked_at = asked_at
        self.pauses.begin()
        try:
            async with asyncio.timeout(TIMEOUTS_S[self.turn]):
                status, body = await wire.ask(self.port, "GET", self.path, headers=self.headers, address=self.address)
            self.turn = int(HEADROOM * (time.monotonic() - asked_at) > TIMEOUTS_S[0])
            if status == 200:
                self.counts["answers"] += 1
                self.pauses.answered()
                self.take(json.loads(body), life)
        except wire.Lost:
            self.turn = len(TIMEOUTS_S) - 1
            self.pauses.lost(time.monotonic() - asked_at)

    async def _listen(self) -> None:
        tries = 0
        while True:
            try:
                async with wire.opened(self.port, self.address) as socket:
                    async for _ in self._events(socket):
                        tries = 0
            except wire.Lost:
                self.is_connected = False
                self.life += 1  # after a restore from a backup revisions may start lower
            delay = min(RECONNECT_S * 2**tries, RECONNECT_MOST_S) * self.random.uniform(0.5, 1.5)
            tries += 1
            await asyncio.sleep(min(delay, RECONNECT_MOST_S))

    async def _events(self, socket: wire.Websocket | wire.Polling) -> Any:
        """Ends by an exception of `wire.Lost`: closed, or silent for longer than the server's ping."""
        patience: float | None = wire.CONNECT_SECONDS
        while True:
            async with asyncio.timeout(patience):
                packets = await socket.packets()
            for packet in packets:
                if packet.startswith("0"):
                    opening = json.loads(packet[1:])
                    patience = (opening["pingInterval"] + opening["pingTimeout"]) / 1000
                    auth = {**self.auth, "beat": self.beat} if self.beat else self.auth
                    await socket.send(f"40{self.namespace},{json.dumps(auth)}")
                elif packet == "2":
                    await socket.send("3")
                elif packet.startswith(f"40{self.namespace},"):
                    self.is_connected = True
                    self.counts["connects"] += 1
                    self.counts["polling"] += isinstance(socket, wire.Polling)
                    if self.known_life != self.life:
                        self._refresh()
                    yield packet
                elif packet.startswith("42"):
                    self.known_life, self.known_at = self.life, time.monotonic()
                    self.pauses.reset()
                    self.take(json.loads(packet.partition(",")[2])[1])
                elif packet.startswith(("41", "44")):
                    raise EOFError(packet)


class Phone(Follower):
    """A follower on /pickup, which agrees to hear less often."""

    beat = int(PHONE_BEAT_S)


class Screen(Follower):
    """A follower on /board that remembers which calls it announced, and which vehicles it showed at which lane."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.announced: list[int] = []
        self.again: list[int] = []
        self.at_lane: set[tuple[str, int]] = set()
        self.announced_at: list[str] = []
        self._now: set[int] = set()

    def shown(self, state: dict[str, Any]) -> None:
        now = {call["id"] for call in state["announcements"]}
        for call in sorted(now - self._now):
            (self.again if call in self.announced else self.announced).append(call)
        self._now = now
        self.at_lane |= {(visit["queue_no"], lane["number"]) for lane in state["lanes"] for visit in lane["visits"]}
        self.announced_at.append(state["at"])
