"""What must hold after a morning, whatever happened in it. Pure: each check reads the records and gives its breaks.

A break is one sentence without anything personal. An empty list of all of them is what a simulation is for.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from ampera.tools.simulate.results.queue_replay import broken_order
from ampera.tools.simulate.results.records import CallRow, Records, ScreenLog

NEWS_WITHIN = 3.0  # true seconds: a heartbeat comes every two
SNAPSHOT_SECONDS = 0.05  # true seconds that a state may be older than the moment written on it
ROUNDED = timedelta(milliseconds=2)  # moments in JSON are whole milliseconds
MOST_TOLD = 20  # breaks of one invariant that are told in words; all are counted


def one_number_one_vehicle(records: Records) -> Iterator[str]:
    """No two vehicles have one number on a day."""
    owners: dict[tuple[str, str], set[int]] = {}
    for visit in records.visits:
        owners.setdefault((visit.day, visit.queue_no), set()).add(visit.id)
    for (day, number), visits in owners.items():
        if len(visits) > 1:
            yield f"{number} of {day} was given to {len(visits)} vehicles"


def no_book_out_twice(records: Records) -> Iterator[str]:
    """A book has one live handover at most, is collected exactly when it has one, and nothing acknowledged is lost."""
    live = Counter(row.passport_id for row in records.handovers if not row.is_void)
    for book, count in live.items():
        if count > 1:
            yield f"book {book} is out {count} times"
    for book in records.collected ^ set(live):
        yield f"book {book} is collected without a record, or has one without being collected"
    for book in set(records.acknowledged) - set(live):
        yield f"book {book} was confirmed to the officer and has no record"


def served_was_called(records: Records) -> Iterator[str]:
    """Who was served was called before, or served straight by an officer, which the history tells."""
    called_at: dict[int, list[CallRow]] = {}
    for call in records.calls:
        called_at.setdefault(call.visit_id, []).append(call)
    straight = {event.visit_id for event in records.events if event.action == "visit.served"}
    for visit in records.visits:
        if visit.served_at is None:
            continue
        was_called = any(call.at <= visit.served_at for call in called_at.get(visit.id, []))
        if not was_called and visit.id not in straight:
            yield f"visit {visit.id} was served and nobody called it or says who served it"


def screens_tell_the_truth(records: Records) -> Iterator[str]:
    """Every screen equals the database, at the end and whenever it was looked at."""
    for one in records.compared:
        if not one.is_same:
            yield f"the {one.screen} differed {one.when} in {one.differing}"


def order_has_reasons(records: Records) -> Iterator[str]:
    """Whoever went before another has a logged reason for it."""
    return broken_order(records)


def no_call_lost(records: Records) -> Iterator[str]:
    """Every screen of a call's place announced it, once."""
    for screen in records.screens:
        for call in unseen(records, screen):
            if could_be_seen(screen, call, records.speed):
                yield f"the {screen.name} never announced call {call.id}"
        for call_id in screen.again:
            yield f"the {screen.name} announced call {call_id} twice"


def unseen(records: Records, screen: ScreenLog) -> list[CallRow]:
    """The calls of this screen's place that it never announced; not those that were taken back."""
    here = (call for call in records.calls if screen.lane in (None, call.lane) and call.cancelled_at is None)
    return [call for call in here if call.id not in screen.calls]


def could_be_seen(screen: ScreenLog, call: CallRow, speed: float) -> bool:
    """Whether the screen had news while the call stood there, or it stood there so long that news had to come.

    In a fast simulation a call's eight seconds may pass between two news of a busy server, which is no fault of it.
    """
    begins = max(call.shows_at, call.told_at) + timedelta(seconds=SNAPSHOT_SECONDS * speed)
    if call.ends_at - begins >= timedelta(seconds=NEWS_WITHIN * speed):
        return True
    return bisect_left(screen.heard, begins) < bisect_left(screen.heard, call.ends_at - ROUNDED)


def history_is_whole(records: Records) -> Iterator[str]:
    """The audit chain and the register prove each other."""
    if records.chain:
        yield records.chain


def server_never_failed(records: Records) -> Iterator[str]:
    """Every request got an answer, and none of them was the server's own failure."""
    yield from records.failed


INVARIANTS: dict[str, Callable[[Records], Iterator[str]]] = {
    "no two vehicles with one number": one_number_one_vehicle,
    "no book out twice": no_book_out_twice,
    "every served visit was called": served_was_called,
    "every screen equal to the database": screens_tell_the_truth,
    "order changed only with a reason": order_has_reasons,
    "no call lost, none twice": no_call_lost,
    "history is whole": history_is_whole,
    "the server never failed": server_never_failed,
}


def judge(records: Records) -> dict[str, list[str]]:
    """The breaks of every invariant, by its name."""
    return {name: list(check(records)) for name, check in INVARIANTS.items()}


def told(breaks: dict[str, list[str]]) -> list[str]:
    """One line for each break, so many at most of one invariant, and then how many more there are."""
    lines = []
    for name, found in breaks.items():
        lines += [f"{name}: {text}" for text in found[:MOST_TOLD]]
        if len(found) > MOST_TOLD:
            lines.append(f"{name}: {len(found) - MOST_TOLD} more")
    return lines
