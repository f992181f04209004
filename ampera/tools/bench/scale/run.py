"""The work of an office with few and with many books, in turn, so that a busy moment of the machine meets both."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import select

from ampera import db
from ampera.passports.models import Passport
from ampera.tools.bench.figures import Figure, latencies
from ampera.tools.bench.installation import Installation, throw_away
from ampera.tools.bench.scale import service
from ampera.tools.bench.scale.plan_queries import Plan, plans
from ampera.web.limits import limiter

FLAT, FOUND_MS = 1.2, 15
WARM_UP = 3
IN_QUEUE = 20  # vehicles that are scanned before the lane is emptied
TEXTS = 500


class Counter:
    """What the people of one office ask of the application, as the server would receive it, without the network."""

    def __init__(self, office: Installation, count: int) -> None:
        self.office, self.count = office, count
        self.client = office.app.test_client(use_cookies=False)
        self.cookie, self.of_supervisor = office.cookie(office.desk), office.cookie(office.supervisor)
        self.codes = cycle(office.ready_codes(TEXTS * 2))
        with db.reading() as session:
            step = max(1, count // TEXTS)
            is_drawn = Passport.id % step == min(1, step - 1), Passport.office_id == office.office_id
            columns = Passport.holder_name, Passport.application_no, Passport.phone, Passport.shelf
            rows = session.execute(select(*columns).where(*is_drawn)).all()
        self.names = cycle([text for number, row in enumerate(rows) for text in _typed_name(number, row.holder_name)])
        self.numbers = cycle([text for _, number, phone, _ in rows for text in (number[-5:], number, phone or "")])
        self.shelves = cycle([row.shelf for row in rows])
        self.scanned = 0

    def make_room(self) -> None:
        """Keep the queue short: what is measured is the number of books."""
        if self.scanned >= IN_QUEUE:
            self.office.empty_the_lanes()
            self.scanned = 0

    def scan(self) -> None:
        self.scanned += 1
        body = {"scan_id": str(uuid.uuid4()), "lane": 1, "input": next(self.codes)}
        self._post("/api/v1/scans", self.office.key, body)

    def search(self, texts: Iterator[str]) -> None:
        self._post("/api/v1/passports/search", self.office.desk_key, {"q": next(texts)})

    def page(self, path: str, cookie: str = "") -> None:
        self._expect(self.client.get(path, headers={"Cookie": cookie or self.cookie}))

    def _post(self, path: str, key: str, body: dict[str, Any]) -> None:
        self._expect(self.client.post(path, json=body, headers={"Authorization": f"Bearer {key}"}))

    @staticmethod
    def _expect(answer: Any) -> None:
        if answer.status_code != 200:
            raise RuntimeError(f"answered {answer.status_code}: {answer.text[:200]}")


Work = Callable[[Counter], None]
# Work, rounds, and what it must not exceed: times the smallest office, and milliseconds at the median.
WORKS: dict[str, tuple[Work, int, float | None, int | None]] = {
    "scan": (Counter.scan, 200, FLAT, None),
    "search by name": (lambda counter: counter.search(counter.names), 200, None, FOUND_MS),
    "search by number": (lambda counter: counter.search(counter.numbers), 100, None, FOUND_MS),
    "search by shelf": (lambda counter: counter.search(counter.shelves), 50, None, FOUND_MS),
    "desk": (lambda counter: counter.page("/desk"), 30, None, None),
    "attention": (lambda counter: counter.page("/api/v1/attention", counter.of_supervisor), 30, FLAT, None),
    "register": (lambda counter: counter.page("/register"), 20, None, None),
    "reports": (lambda counter: counter.page("/reports"), 10, None, None),
    "board": (lambda counter: counter.page("/api/v1/boards/BENCH"), 50, None, None),
}


def measure(
    beside: Path, url: str, counts: list[int], share: float, report: Callable[[str], None]
) -> Iterator[Figure | Plan]:
    """Build an office of each size, then time each work in all of them. `share` 1 is a full run."""
    with ExitStack() as stack:
        stack.enter_context(_unlimited())
        counters = [_counter(stack, beside, url, count, report) for count in sorted(counts)]
        for name, (work, rounds, times, most_ms) in WORKS.items():
            report(name)
            took = _interleaved(counters, work, max(5, int(rounds * share)))
            for counter in counters:
                small = took[counters[0]] if counter is not counters[0] else []
                title = f"{name}, {counter.count:,} books,"
                for figure in latencies(title, took[counter], small, f"with {counters[0].count:,}"):
                    yield _judged(figure, times, most_ms)
            with counters[-1].office.app.app_context():
                yield from plans(db.current(), name, lambda: work(counters[-1]))  # noqa: B023 - runs at once


def _counter(stack: ExitStack, beside: Path, url: str, count: int, report: Callable[[str], None]) -> Counter:
    office = stack.enter_context(throw_away(beside, url))
    began = perf_counter()
    service.fill(office, count, lambda done: report(f"building {done:,} of {count:,} books"))
    report(f"built {count:,} books in {perf_counter() - began:,.0f} s")
    return Counter(office, count)


@contextmanager
def _unlimited() -> Iterator[None]:
    """Searches for whole numbers are limited to some a minute, so that nobody guesses them."""
    limiter.enabled, before = False, limiter.enabled
    try:
        yield
    finally:
        limiter.enabled = before


def _interleaved(counters: list[Counter], work: Work, rounds: int) -> dict[Counter, list[float]]:
    took: dict[Counter, list[float]] = {counter: [] for counter in counters}
    for _ in range(WARM_UP + rounds):
        for counter in counters:
            with counter.office.app.app_context():
                counter.make_room()
                began = perf_counter()
                work(counter)
                took[counter].append(perf_counter() - began)
    return {counter: seconds[WARM_UP:] for counter, seconds in took.items()}


def _judged(figure: Figure, times: float | None, most_ms: int | None) -> Figure:
    """The figure with its goal: only the median has one."""
    if not figure.name.endswith("p50"):
        return figure
    given = {**vars(figure)}
    if times and figure.yardstick:
        given |= {"goal": f"at most {times}x", "met": figure.value <= times * figure.yardstick}
    if most_ms:
        given |= {"goal": f"at most {most_ms} ms", "met": figure.value <= most_ms}
    return Figure(**given)


def _typed_name(number: int, name: str) -> Iterator[str]:
    """What somebody at the desk types for this holder: the beginning of one word, of two words, or the whole name."""
    words = name.lower().split()
    yield (words[0][:3], words[0], " ".join(word[:3] for word in words), words[-1][:4], name)[number % 5]
