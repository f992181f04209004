"""The pump: the only task of a process that emits live news.

A room is read when its state may have changed; at each heartbeat its kept state is sent again. Requests come first.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import structlog
from flask import Flask
from flask_socketio import SocketIO
from prometheus_client import Histogram
from sqlalchemy.orm import Session

from ampera import clock, db
from ampera.audit import Actor
from ampera.live.listener import Feed, Ticket
from ampera.live.redis_relay import Relay
from ampera.live.rooms import HEARTBEAT, Marks, Place, Room, Rooms, State, by_office
from ampera.sql.statements import in_batches

RECHECK = 1.0  # seconds between two checks of all rights to listen
BREATH = 0.0005  # seconds between two pieces of work, for requests and timers
LONGEST_PIECE = LONGEST_REST = 0.25  # seconds
READ_AT_ONCE = 50  # rooms of one namespace: some milliseconds
CHECKED_AT_ONCE = 100  # rooms
AGED_SECONDS = 0.7  # of each heartbeat
KEPT_FOR = 0.5  # seconds that a snapshot is shared by joining clients: after a restart all clients join at once
LAGS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8)

BEAT_LAG = Histogram("ampera_news_lag_seconds", "How late the last room of a heartbeat was sent", buckets=LAGS)

log = structlog.get_logger()
socketio = SocketIO()
feeds: dict[str, Feed] = {}
# What slices give: the actors whose access is still valid, and what the database counts for one office or for all.
still_valid: list[Callable[[Session, set[Actor]], set[Actor]]] = []
marks_of: list[Marks] = []


class Pump:
    """The only task of a process that emits. It emits to the listeners of its own process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.rooms = Rooms()
        self.tickets = self.rooms.tickets
        self.due: set[Room] = set()
        self.later: dict[Room, float] = {}
        self.wake = threading.Event()
        self.beat_at = 0.0
        self.is_running = False
        self.tasks: list[Any] = []
        self.recheck = threading.Event()
        self.worked = 0.0
        url = app.extensions["ampera.settings"].redis_url
        start = socketio.start_background_task if db.gevent_is_patched() else None
        self.relay = Relay(url, self.mark, start) if url else None

    def start(self) -> None:
        if not self.is_running:
            self.is_running = True
            self.beat_at = time.monotonic()
            work = [self.run, self.guard, *([self.relay.listen] if self.relay else [])]
            self.tasks = [socketio.start_background_task(task) for task in work]

    def run(self) -> None:
        while self.is_running:
            self.wake.wait(self.pause())
            self.wake.clear()
            self.worked = 0.0
            try:
                with self.app.app_context():
                    self.turn()
            except Exception as error:
                log.error("live news failed", kind=type(error).__name__)
                time.sleep(0.5)
            # Requests get at least half of the loop. News that arrives now is sent together in the next turn.
            time.sleep(min(self.worked, LONGEST_REST))

    def guard(self) -> None:
        """Close sockets whose right has ended, also when another process or the database's owner has ended it."""
        while self.is_running:
            self.recheck.wait(RECHECK)
            self.recheck.clear()
            try:
                with self.app.app_context():
                    if self.is_running:
                        self.close_invalid()
            except Exception as error:
                log.error("rights to live news not checked", kind=type(error).__name__)

    def mark(self, topics: Iterable[Room]) -> None:
        """Note that these topics have news."""
        self.due |= set(topics)
        self.rooms.news += 1
        self.wake.set()

    def pause(self) -> float:
        """Seconds until the next heartbeat or delayed topic."""
        soonest = min(list(self.later.values()), default=float("inf"))
        return max(0.0, min(self.beat_at + HEARTBEAT, soonest) - time.monotonic())

    def turn(self) -> None:
        self.paced(self.named())
        now = time.monotonic()
        if now - self.beat_at < HEARTBEAT:
            return
        due_at, self.beat_at = self.beat_at + HEARTBEAT, now
        self.paced(self.beat(now))
        BEAT_LAG.observe(time.monotonic() - due_at)

    def named(self) -> Iterator[Room]:
        """Send what news has named, and what was planned for now."""
        due, self.due = self.due, set()
        now = time.monotonic()
        for topic in [topic for topic, at in list(self.later.items()) if at <= now]:
            self.later.pop(topic, None)
            due.add(topic)
        places = self.rooms.places() if due else {}
        if places:
            rooms = [room for room in places if _concerns(due, room)]
            for room, state, _ in self.read(places, self.rested(rooms, now)):
                yield room  # a long state takes as long to send as to read
                self.emit(room, state)
                yield room

    def rested(self, rooms: Iterable[Room], now: float) -> list[Room]:
        """The rooms that may be sent now. The others have just sent a long state: their news is planned."""
        resting = {room: until for room in rooms if (until := self.rooms.rests_until(room)) > now}
        self.later |= resting
        return [room for room in rooms if room not in resting]

    def beat(self, now: float) -> Iterator[Room]:
        """Look after all rooms, some at a time: the kept state of a room is of the moment when it was compared."""
        places = self.rooms.places()
        self.rooms.forget_all_but(places)
        for batch in in_batches(sorted(places, key=lambda room: places[room].office_id), CHECKED_AT_ONCE):
            yield from self.look_after({room: places[room] for room in batch}, now)
        yield from self.read_aged(places)

    def read_aged(self, places: dict[Room, Place]) -> Iterator[Room]:
        """Read some of the rooms whose minute is over. All of them at once would hold up the next heartbeat."""
        ends = time.monotonic() + AGED_SECONDS
        for room, state, is_new in self.read(places, self.rooms.aged(places)):
            if is_new:
                self.emit(room, state)
            yield room
            yield from self.named()
            if time.monotonic() > ends:
                return

    def look_after(self, places: dict[Room, Place], now: float) -> Iterator[Room]:
        """Read and send what has changed without news, then send the kept states again. News goes first."""
        at, news = clock.iso(clock.now()), self.rooms.news
        with db.reading() as session:
            stale = self.rooms.check(places, marks_of[0](session, None), news)
        for room, state, is_new in self.read(places, stale):
            if is_new or self.is_due(room, places[room], now):
                self.emit(room, state)
            yield room
            yield from self.named()
        for room in places.keys() - stale:
            kept = self.rooms.kept.get(room)
            if kept and kept.state and self.is_due(room, places[room], now):
                self.emit(room, {**self.refreshed(room, kept.state), "at": at})
                yield room
                yield from self.named()

    def is_due(self, room: Room, place: Place, now: float) -> bool:
        return feeds[room[0]].beats and self.rooms.is_due(room, place, now)

    def paced(self, pieces: Iterator[Room]) -> None:
        """Work piece by piece, and pause in between so that requests run.

        A long pause means a crowded loop; then the next piece of work may last as long as that pause. Otherwise news
        would be late exactly when many clients ask, and late news makes clients ask again.
        """
        may_work = works = 0.0
        began = time.perf_counter()
        for _ in pieces:
            stopped = time.perf_counter()
            works += stopped - began
            if works >= may_work:
                time.sleep(BREATH)
                may_work = min(time.perf_counter() - stopped, LONGEST_PIECE)
                self.worked += works
                works = 0.0
            began = time.perf_counter()
        self.worked += works

    def read(self, places: dict[Room, Place], rooms: Iterable[Room]) -> Iterator[tuple[Room, State | None, bool]]:
        """Each room with its state, and whether it says something new. The rooms of an office share one read."""
        for office_id, paths in by_office(rooms, places):
            try:
                yield from self.read_office(office_id, paths)
            except Exception as error:
                self.rooms.distrust((namespace, path) for namespace, some in paths.items() for path in some)
                log.error("live news of an office failed", kind=type(error).__name__)

    def read_office(self, office_id: int, paths: dict[str, list[str]]) -> Iterator[tuple[Room, State | None, bool]]:
        with db.reading() as session:
            news = self.rooms.news
            mark = marks_of[0](session, office_id).get(office_id)  # first, so that it is never newer than the states
            for namespace, some in paths.items():
                for batch in in_batches(some, READ_AT_ONCE):
                    for path, state in feeds[namespace].read(session, list(batch)).items():
                        room = namespace, path
                        if (is_new := self.rooms.keep(room, state, mark, news)) is not None:
                            yield room, state, is_new

    def refreshed(self, room: Room, state: State) -> State:
        refresh = feeds[room[0]].refresh
        return refresh(room[1], state) if refresh else state

    def emit(self, room: Room, state: State | None) -> None:
        """Send the state to the room. A room that has none any longer is closed."""
        namespace, path = room
        if state is None:
            self.close_room(room)
            return
        socketio.emit(namespace[1:], state, namespace=namespace, to=path)
        self.rooms.note_sent(room, socketio.server.manager.length)

    def close_room(self, room: Room) -> None:
        for key, ticket in list(self.tickets.items()):
            if (key[0], ticket.room) == room:
                self.disconnect(*key)

    def snapshot(self, namespace: str, ticket: Ticket) -> State | None:
        """The first state for a new listener. Later changes reach the listener too, because its ticket is known."""
        room = namespace, ticket.room
        if feeds[namespace].is_crowded and (kept := self.rooms.shared(room, KEPT_FOR)):
            return kept.state
        for _, state, _ in self.read_office(ticket.office_id, {namespace: [ticket.room]}):
            return state
        return self.rooms.kept[room].state  # another task has read more, and later

    def close_invalid(self) -> None:
        """Disconnect every member of a room without a ticket, or whose access has ended."""
        listening = dict(self.tickets)
        with db.reading() as session:
            valid = still_valid[0](session, {ticket.actor for ticket in listening.values() if ticket.actor})
        ended = {key for key, ticket in listening.items() if ticket.actor and ticket.actor not in valid}
        for namespace, sid in ended | (self.members() - self.tickets.keys()):
            self.disconnect(namespace, sid)

    def disconnect(self, namespace: str, sid: str) -> None:
        self.tickets.pop((namespace, sid), None)
        socketio.server.disconnect(sid, namespace=namespace)

    def members(self) -> set[tuple[str, str]]:
        """The sockets that hear a room, as the sending library knows them; not those that are being admitted."""
        manager = socketio.server.manager
        joined = {(name, sid) for name in list(feeds) for sid, _ in manager.get_participants(name, None)}
        return {(name, sid) for name, sid in joined if manager.is_connected(sid, name)}


def _concerns(due: set[tuple[str, str]], room: tuple[str, str]) -> bool:
    """Whether one of these topics is the room or a parent of the room."""
    namespace, path = room
    while path:
        if (namespace, path) in due:
            return True
        path = path.rpartition("/")[0]
    return False
