"""Everybody who only listens: screens that acknowledge, tablets, and the looks at them in between."""

import json
from collections.abc import Callable, Iterator
from random import Random

import gevent

from ampera.tools.bench import loop_delay
from ampera.tools.bench.sockets import Listener
from ampera.tools.simulate.morning import Morning
from ampera.tools.simulate.people.screens import Screen, announced, compare
from ampera.tools.simulate.results.records import Compared, ScreenLog

LOOKS_EVERY = 90.0  # simulated seconds, about
CALLS_END_WITHIN = 1800.0  # simulated seconds
SETTLES = 0.5  # true seconds


class Tablet(Listener):
    """A lane's tablet that listens live, as its officer's browser does."""

    def told(self, text: str) -> None:
        """Reading it is what a browser does with it."""
        json.loads(text.partition(",")[2])

    def read(self) -> None:
        while self.is_open:
            self.hear()


class Watch:
    """The listeners of a run, what was compared, and the server's condition in its two halves."""

    def __init__(self, morning: Morning) -> None:
        self.morning = morning
        self.random = Random(f"{morning.options.seed}:looks")  # noqa: S311
        port, town = morning.doors.port, morning.town
        self.screens = [Screen(port, token, lane) for token, lane in town.screens.items()]
        self.tablets = [
            Tablet(port, {"lane": town.lanes[n % len(town.lanes)].number}, "/lane", officer.cookie)
            for n, officer in enumerate(town.officers[: morning.options.tablets])
        ]
        self.compared: list[Compared] = []
        self.backlogs: list[int] = []
        self.loops = [self._loop()]
        self.spent = 0.0, 0.0  # seconds of the processor: the server's and our own

    def tasks(self) -> Iterator[Callable[[], None]]:
        for screen in self.screens:
            yield screen.read
            yield screen.acknowledge
        for tablet in self.tablets:
            yield tablet.read
        yield self._look_around

    def tick(self) -> None:
        """Half of the arrivals are over: what comes now is the second half."""
        if len(self.loops) == 1 and self.morning.pace.now() > self.morning.options.minutes * 30:
            self._half()

    def _half(self) -> None:
        self.backlogs.append(self.morning.doors.most_since())
        self.loops.append(self._loop())

    def _loop(self) -> loop_delay.Buckets:
        return loop_delay.buckets(str(self.morning.doors.get("metrics", "/metrics").body))

    def _look_around(self) -> None:
        while True:
            self.morning.pace.sleep(self.random.uniform(0.3, 1.7) * LOOKS_EVERY)
            self._look(self.random.choice(self.screens), "in between")

    def look_for_the_last_time(self) -> None:
        """Nothing happens any more: every screen, also with what it announces."""
        self._half()
        self._let_calls_end()
        for screen in self.screens:
            self._look(screen, "at the end", ("at",))

    def _let_calls_end(self) -> None:
        """Until nothing is announced any more, so that time alone changes nothing."""
        until = self.morning.pace.now() + CALLS_END_WITHIN
        office = self.screens[0]
        while self.morning.pace.now() < until:
            answer = self.morning.doors.get("board", office.path, office.token)
            if answer.is_ok and not announced(answer.body):
                break
            gevent.sleep(SETTLES)
        gevent.sleep(SETTLES)

    def _look(self, screen: Screen, when: str, *left_out: tuple[str, ...]) -> None:
        found = compare(self.morning, screen, when, *left_out)
        if found is not None:
            self.compared.append(found)
        elif when == "at the end":
            self.compared.append(Compared(screen.name, when, False, "revision"))

    def logs(self) -> tuple[ScreenLog, ...]:
        return tuple(
            ScreenLog(one.name, one.lane, frozenset(one.calls), tuple(one.again), tuple(one.heard))
            for one in self.screens
        )

    def close(self) -> None:
        for one in (*self.screens, *self.tablets):
            one.close()
