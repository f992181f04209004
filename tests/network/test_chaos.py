"""The promise of the live screens: whatever the network does and however often the server dies, soon all are right.

Sixty screens and a hundred phones (`--kills 10`; fewer otherwise) and four real pages behind a storm. After each return
of the server every one equals the database within three seconds, no call is lost, none is spoken twice.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from ampera import clock
from tests.network.calls import calls_of, fates
from tests.network.counter import Counter
from tests.network.crowd import Crowd
from tests.network.pages import Pages
from tests.network.proxy import CALM, STORM

RIGHT_WITHIN_S = 3.0
GIVE_UP_S = 60.0  # a late one is waited for so long, so that the report can name the delay
CALL_SECONDS = 5
FULL = 10  # kills from which on it is the long run
SEED = 20240924


@dataclass(frozen=True)
class Size:
    """How many there are, and how long a storm lasts between two deaths of the server (seconds)."""

    screens: int
    phones: int
    storm_s: tuple[float, float]


SHORT, LONG = Size(6, 6, (1.5, 2.5)), Size(60, 100, (5.0, 8.0))


@pytest.fixture
def kills(request) -> int:
    wished = request.config.getoption("--kills")
    return wished if wished >= FULL else 2


@pytest.mark.proof
def test_all_are_right_again_soon_after_each_death_and_no_call_is_lost_or_spoken_twice(place, kills):
    size = LONG if kills >= FULL else SHORT
    draw = Random(SEED)
    place.server.command("office", "set", "call_seconds", str(CALL_SECONDS))
    database = Path(place.server.instance) / "ampera.db"
    counter = Counter(place, 12 + 7 * kills, SEED)
    token = place.enrol("--kind", "display")["token"]
    way = place.proxy(SEED)
    crowd = Crowd(way, counter, token, size.screens, size.phones, SEED)
    before = max((call.id for call in calls_of(database, 0, CALL_SECONDS)), default=0)
    pages = Pages(place, way, counter.books[0]["link"])
    counter.start()
    crowd.start()
    late: list[str] = []
    took: list[float] = []
    try:
        for _ in range(kills):
            died = _storm_and_death(place, crowd, pages, counter, draw.uniform(*size.storm_s))
            took += _recovery(place, crowd, pages, counter, died, size is SHORT, late)
            print(f"{max(took[-len(crowd.all) :]):.2f} s, {len(late)} late or wrong until now", flush=True)
        counter.pause()
        pages.wait(2 * CALL_SECONDS)
        calls = calls_of(database, before, CALL_SECONDS)
        result = fates(calls, crowd.screens)
    finally:
        counter.close()
        crowd.close()
        pages.close()
    _print(took, result, calls, pages, way, counter)
    assert not late, f"seed {SEED}: {late[:20]}"
    assert not result.lost, f"seed {SEED}: {result.lost[:20]}"
    assert not any(screen.again for screen in crowd.screens), f"seed {SEED}: announced again"
    _check_spoken(pages, {call.id for call in calls})
    assert pages.errors == [], f"seed {SEED}"


def _storm_and_death(place, crowd, pages, counter, seconds) -> str:
    """The moment of the death, as the server would have written it."""
    counter.go_on()
    crowd.way.weather = STORM
    pages.wait(seconds)
    place.server.kill9()
    crowd.forget()
    return clock.iso(clock.now())


def _recovery(place, crowd, pages, counter, died, is_busy, late) -> list[float]:
    """The server returns, something happens that nobody could know before, and all learn it. Seconds for each.

    Beside other tests (`is_busy`) everybody may take longer by as much as the server itself took to start.
    """
    crowd.way.weather = CALM
    place.server.start()
    back_at = time.time()
    limit = RIGHT_WITHIN_S + (place.server.start_seconds if is_busy else 0)
    counter.pause()
    revision = counter.arrive() or counter.revision()
    pages.until(lambda: None not in crowd.noticed(died, revision).values(), GIVE_UP_S)
    noticed = crowd.noticed(died, revision)
    took = [(max(0.0, at - back_at) if at else GIVE_UP_S) for at in noticed.values()]
    for follower, seconds in zip(noticed, took, strict=True):
        if seconds > limit:
            late.append(f"{follower.namespace} {follower.path} after {seconds:.2f} s ({follower.counts})")
    pages.wait(max(0.0, back_at + limit - time.time()))
    late.extend(_twice(crowd.wrong, pages))
    late.extend(_twice(pages.wrong, pages))
    return took


def _twice(look, pages) -> list[str]:
    """What is wrong at two looks: a heartbeat may come between reading one side and the other."""
    if not look():
        return []
    pages.wait(0.3)
    return look()


def _check_spoken(pages: Pages, calls: set[int]) -> None:
    for name in ("overview", "lane"):
        spoken = [call for call in pages.spoken[name] if call in calls]
        assert len(spoken) == len(set(spoken)), f"seed {SEED}: {name} spoke twice: {spoken}"
        assert spoken or name == "lane", f"seed {SEED}: {name} never spoke of {calls}"


def _print(took, result, calls, pages, way, counter) -> None:
    ranked = sorted(took)
    print(f"\nright again: p50 {ranked[len(ranked) // 2]:.2f} s, max {ranked[-1]:.2f} s, {len(ranked)} times")
    print(f"{len(calls)} calls; on screens: {result.announced} announced, {result.at_lane} seen at the lane only,")
    print(f"{result.deaf} while nothing reached the screen, {len(result.lost)} lost; spoken {pages.spoken}")
    print(f"network {way.counts}; counter {counter.acknowledged}")
