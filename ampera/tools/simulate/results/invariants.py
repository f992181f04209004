"""What must hold after every morning. Pure: each check reads the records and gives its violations.

A violation is one sentence without personal data.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from ampera.tools.simulate.results.queue_replay import broken_order
from ampera.tools.simulate.results.records import CallRow, HandoverRow, Records, ScreenLog

LOGGED_STEPS = ("called", "decided", "withdrawn")  # of calls for a supervisor
GOES_ON = timedelta(minutes=30)  # a call, or a stop at the side, that was younger when the lanes closed
LEAVES_THE_SIDE = ("visit.resumed", "visit.left", "visit.diverted", "visit.no_show", "visit.done")
NEWS_WITHIN = 3.0  # real seconds: a heartbeat comes every two
SNAPSHOT_SECONDS = 0.05  # real seconds by which a state may be older than its own moment
ROUNDED = timedelta(milliseconds=2)  # moments in JSON are rounded to milliseconds
MOST_LINES = 20  # violations of one invariant that are listed; all are counted


def one_number_one_vehicle(records: Records) -> Iterator[str]:
    """No two vehicles have one number on a day."""
    owners: dict[tuple[str, str], set[int]] = {}
    for visit in records.visits:
        owners.setdefault((visit.day, visit.queue_no), set()).add(visit.id)
    for (day, number), visits in owners.items():
        if len(visits) > 1:
            yield f"{number} of {day} was given to {len(visits)} vehicles"


def no_book_out_twice(records: Records) -> Iterator[str]:
    """A book has at most one live handover, is collected exactly when it has one, and no confirmed record is lost."""
    live = Counter(row.passport_id for row in records.handovers if not row.is_void)
    for book, count in live.items():
        if count > 1:
            yield f"book {book} is out {count} times"
    for book in records.collected ^ set(live):
        yield f"book {book} is collected without a record, or has one without being collected"
    for book in set(records.acknowledged) - set(live):
        yield f"book {book} was confirmed to the officer and has no record"


def own_books_only(records: Records) -> Iterator[str]:
    """Nobody took the book of another person as their own: own books of a form are of one person, who is named."""
    own: dict[str, list[HandoverRow]] = {}
    for row in records.handovers:
        if row.collector == "self":
            own.setdefault(row.key, []).append(row)
    for key, rows in own.items():
        persons = {row.holder for row in rows}
        if len(persons) > 1:
            yield f"handover {key} records the books of {len(persons)} persons as taken by their holder"
        elif not any(row.is_named for row in rows):
            yield f"handover {key} records a book as taken by its holder and names somebody else"


def served_was_called(records: Records) -> Iterator[str]:
    """Each served vehicle was called before, or an officer served it directly, which the history shows."""
    called_at: dict[int, list[CallRow]] = {}
    for call in records.calls:
        called_at.setdefault(call.visit_id, []).append(call)
    straight = {event.visit_id for event in records.events if event.action == "visit.served"}
    for visit in records.visits:
        if visit.served_at is None:
            continue
        note_call = any(call.at <= visit.served_at for call in called_at.get(visit.id, []))
        if not note_call and visit.id not in straight:
            yield f"visit {visit.id} was served without a call and without an officer in the history"


def screens_match_database(records: Records) -> Iterator[str]:
    """Every screen equals the database, at the end and at each comparison."""
    for compared in records.compared:
        if not compared.is_same:
            yield f"the {compared.screen} differed {compared.when} in {compared.differing}"


def order_has_reasons(records: Records) -> Iterator[str]:
    """Each vehicle that went before another has a logged reason."""
    return broken_order(records)


def no_call_lost(records: Records) -> Iterator[str]:
    """Every screen at the place of a call announced the call once."""
    for screen in records.screens:
        for call in unseen(records, screen):
            if could_be_seen(screen, call, records.speed):
                yield f"the {screen.name} never announced call {call.id}"
        for call_id in screen.again:
            yield f"the {screen.name} announced call {call_id} twice"


def unseen(records: Records, screen: ScreenLog) -> list[CallRow]:
    """The calls at the screen's place that the screen never announced, without cancelled ones."""
    here = (call for call in records.calls if screen.lane in (None, call.lane) and call.cancelled_at is None)
    return [call for call in here if call.id not in screen.calls]


def could_be_seen(screen: ScreenLog, call: CallRow, speed: float) -> bool:
    """Whether the screen had news during the call, or the call lasted so long that news had to come.

    In a fast simulation the eight seconds of a call may pass between two news of a busy server. That is no violation.
    """
    begins = max(call.shows_at, call.answered_at) + timedelta(seconds=SNAPSHOT_SECONDS * speed)
    if call.ends_at - begins >= timedelta(seconds=NEWS_WITHIN * speed):
        return True
    return bisect_left(screen.news_at, begins) < bisect_left(screen.news_at, call.ends_at - ROUNDED)


def supervisor_calls_end(records: Records) -> Iterator[str]:
    """Each call in the history ended once: by a decision with its supervisor, by its officer, or with its visit."""
    ended = {visit.id for visit in records.visits if visit.ended_at}
    for call in records.supervisor_calls:
        if call.ended_how is None and call.visit_id in ended:
            yield f"call {call.id} for a supervisor is open and its visit {call.visit_id} has ended"
        elif call.ended_how is None and not _goes_on(records, call.at):
            yield f"call {call.id} for a supervisor is open and nobody decides it"
        if (call.ended_how == "decided") != (call.decided_by is not None):
            yield f"call {call.id} for a supervisor is decided without a supervisor, or the other way round"
    made = Counter((call.visit_id, step) for call in records.supervisor_calls for step in ("called", call.ended_how))
    logged = Counter((event.visit_id, event.action.removeprefix("supervisor.")) for event in records.events)
    for visit_id, step in sorted({(visit_id, step) for visit_id, step in {*made, *logged} if step in LOGGED_STEPS}):
        if made[visit_id, step] != logged[visit_id, step]:
            counts = f"{made[visit_id, step]} and in the history {logged[visit_id, step]}"
            yield f"calls of visit {visit_id} for a supervisor that were {step}: {counts}"


def parked_come_back(records: Records) -> Iterator[str]:
    """A parked vehicle comes back or its visit ends, and it is not served at the side."""
    at_side: dict[int, datetime | None] = {}  # since when
    before: dict[int, datetime | None] = {}  # the last move, which may be undone
    for event in records.events:
        visit_id, since = event.visit_id, at_side.get(event.visit_id)
        if event.action == "visit.undone":
            at_side[visit_id] = before.get(visit_id)
            continue
        before[visit_id] = since
        if event.action == "visit.parked":
            at_side[visit_id] = event.at
        elif event.action == "visit.served" and since:
            yield f"visit {visit_id} was served while its vehicle was parked"
        elif event.action in LEAVES_THE_SIDE:
            at_side[visit_id] = None
    for visit in records.visits:
        since = at_side.get(visit.id)
        if visit.is_parked != bool(since):
            yield f"visit {visit.id} is parked in the history and not in its row, or the other way round"
        elif since and not _goes_on(records, since):
            yield f"visit {visit.id} was parked and nobody came back to it"


def _goes_on(records: Records, since: datetime) -> bool:
    """Whether this may still end, because the lanes closed soon after its beginning."""
    return records.closed_at is not None and records.closed_at - since < GOES_ON


def history_is_whole(records: Records) -> Iterator[str]:
    """The audit chain and the register prove each other."""
    if records.chain:
        yield records.chain


def server_never_failed(records: Records) -> Iterator[str]:
    """Every request got an answer, and no answer was a failure of the server."""
    yield from records.failed


INVARIANTS: dict[str, Callable[[Records], Iterator[str]]] = {
    "no two vehicles with one number": one_number_one_vehicle,
    "no book out twice": no_book_out_twice,
    "nobody's book taken as another's own": own_books_only,
    "every served visit was called": served_was_called,
    "every screen equal to the database": screens_match_database,
    "order changed only with a reason": order_has_reasons,
    "no call lost, none twice": no_call_lost,
    "every call for a supervisor ended": supervisor_calls_end,
    "no parked vehicle lost": parked_come_back,
    "history is whole": history_is_whole,
    "the server never failed": server_never_failed,
}


def judge(records: Records) -> dict[str, list[str]]:
    """The violations of each invariant, by its name."""
    return {name: list(check(records)) for name, check in INVARIANTS.items()}


def summary(breaks: dict[str, list[str]]) -> list[str]:
    """One line for each violation, at most MOST_LINES of one invariant, and then the number of the others."""
    lines = []
    for name, found in breaks.items():
        lines += [f"{name}: {text}" for text in found[:MOST_LINES]]
        if len(found) > MOST_LINES:
            lines.append(f"{name}: {len(found) - MOST_LINES} more")
    return lines
