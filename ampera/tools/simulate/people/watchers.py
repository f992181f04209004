"""The clients that only listen: screens, which acknowledge, and tablets. Screens are compared with the database."""

import json
import time
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
SETTLES = 0.5  # real seconds
SAMPLE_SECONDS = 0.05  # between two looks of the simulation at its own lateness, in real seconds


class Tablet(Listener):
    """A tablet of a lane, which listens as its officer's browser does."""

    def on_event(self, text: str) -> None:
        """Parse the text, as a browser does."""
        json.loads(text.partition(",")[2])

    def read(self) -> None:
        while self.is_open:
            self.receive()


class Watchers:
    """The listeners of a run, the comparisons, and the load of the server in both halves of the run."""

    def __init__(self, morning: Morning) -> None:
        self.morning = morning
        self.random = Random(f"{morning.options.seed}:looks")  # noqa: S311
        port, world = morning.http.port, morning.world
        self.screens = [Screen(port, token, lane) for token, lane in world.screens.items()]
        self.tablets = [
            Tablet(port, {"lane": world.lanes[n % len(world.lanes)].number}, "/lane", officer.cookie)
            for n, officer in enumerate(world.officers[: morning.options.tablets])
        ]
        self.compared: list[Compared] = []
        self.backlogs: list[int] = []
        self.loops = [self._loop()]
        self.spent = 0.0, 0.0  # processor seconds of the server and of the simulation
        self.late: list[float] = []  # real seconds that the simulation itself woke up too late

    def tasks(self) -> Iterator[Callable[[], None]]:
        for screen in self.screens:
            yield screen.read
            yield screen.acknowledge
        for tablet in self.tablets:
            yield tablet.read
        yield self._look_around
        yield self._watch_itself

    def tick(self) -> None:
        """Begin the second half of the measurements when half of the arrivals are over."""
        if len(self.loops) == 1 and self.morning.clock.now() > self.morning.options.minutes * 30:
            self._half()

    def _half(self) -> None:
        self.backlogs.append(self.morning.http.take_peak())
        self.loops.append(self._loop())

    def _loop(self) -> loop_delay.Buckets:
        return loop_delay.buckets(str(self.morning.http.get("metrics", "/metrics").body))

    def _watch_itself(self) -> None:
        while True:
            before = time.perf_counter()
            gevent.sleep(SAMPLE_SECONDS)
            self.late.append(max(0.0, time.perf_counter() - before - SAMPLE_SECONDS))

    def _look_around(self) -> None:
        while True:
            self.morning.clock.sleep(self.random.uniform(0.3, 1.7) * LOOKS_EVERY)
            self._look(self.random.choice(self.screens), "in between")

    def look_at_the_end(self) -> None:
        """Compare all screens when nothing happens any more, their announcements too."""
        self._half()
        self._let_calls_end()
        for screen in self.screens:
            self._look(screen, "at the end", ("at",))

    def _let_calls_end(self) -> None:
        """Wait until nothing is announced, so that time alone changes nothing."""
        until = self.morning.clock.now() + CALLS_END_WITHIN
        office = self.screens[0]
        while self.morning.clock.now() < until:
            answer = self.morning.http.get("board", office.path, office.token)
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
            ScreenLog(screen.name, screen.lane, frozenset(screen.calls), tuple(screen.again), tuple(screen.news_at))
            for screen in self.screens
        )

    def close(self) -> None:
        for listener in (*self.screens, *self.tablets):
            listener.close()
