"""Live news over Socket.IO: each namespace pushes one event named like it, with the whole small state and a revision.

Sockets carry news, never commands. All emitting happens here, in one task, which recomputes a room's state from the
database, and re-sends every room at each HEARTBEAT. Another task closes sockets whose right to listen has ended.
Rooms are paths: news about `1` reaches the rooms `1`, `1/7` and `1/7/33`.
"""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask, current_app
from flask_socketio import SocketIO
from sqlalchemy.orm import Session

from ampera import clock, db
from ampera.audit import Actor
from ampera.live.door import Door, silence
from ampera.live.listener import Feed, Listener, Ticket
from ampera.live.redis_relay import Relay
from ampera.web import origins

HEARTBEAT = 2.0  # seconds; a screen shows the age of its news after 5
RECHECK = 1.0  # seconds between two checks of all rights to listen
BREATH = 0.0005  # seconds between two pieces of work, for requests and timers
LONGEST_PIECE = LONGEST_REST = 0.25  # seconds
KEPT_FOR = 0.5  # seconds that a snapshot is shared by joining clients: after a restart all clients join at once
PING_INTERVAL, PING_TIMEOUT = 5, 3  # seconds; a frozen server is noticed within 8

__all__ = ["Feed", "Ticket", "news", "news_in", "recheck", "recheck_with", "register", "socketio"]

log = structlog.get_logger()
socketio = SocketIO()


class Pump:
    """The only task of a process that emits. It emits to the listeners of its own process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.tickets: dict[tuple[str, str], Ticket] = {}
        self.due: set[tuple[str, str]] = set()
        self.later: dict[tuple[str, str], float] = {}
        self.wake = threading.Event()
        self.beat_at = 0.0
        self.is_running = False
        self.recheck = threading.Event()
        self.worked = 0.0
        self.newest: dict[tuple[str, str], tuple[float, dict[str, Any] | None]] = {}
        url = app.extensions["ampera.settings"].redis_url
        start = socketio.start_background_task if db.gevent_is_patched() else None
        self.relay = Relay(url, self.mark, start) if url else None

    def start(self) -> None:
        if not self.is_running:
            self.is_running = True
            socketio.start_background_task(self.run)
            socketio.start_background_task(self.guard)
            if self.relay:
                socketio.start_background_task(self.relay.listen)

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

    def mark(self, topics: Iterable[tuple[str, str]]) -> None:
        """Note that these topics have news."""
        self.due |= set(topics)
        self.newest.clear()
        self.wake.set()

    def pause(self) -> float:
        """Seconds until the next heartbeat or delayed topic."""
        soonest = min(list(self.later.values()), default=float("inf"))
        return max(0.0, min(HEARTBEAT, soonest - time.monotonic()))

    def turn(self) -> None:
        now = time.monotonic()
        due, self.due = self.due, set()
        due |= {topic for topic, at in list(self.later.items()) if at <= now}
        for topic in due:
            self.later.pop(topic, None)
        is_beat = now - self.beat_at >= HEARTBEAT
        if is_beat:
            self.beat_at = now
            here = self.rooms()
            self.newest = {room: kept for room, kept in list(self.newest.items()) if room in here}
        self.send(room for room in self.rooms() if (is_beat and _feeds[room[0]].beats) or _concerns(due, room))

    def rooms(self) -> set[tuple[str, str]]:
        """The rooms with a listener in this process."""
        return {(namespace, ticket.room) for (namespace, _), ticket in list(self.tickets.items())}

    def send(self, rooms: Iterable[tuple[str, str]]) -> None:
        """Send room by room, and pause in between so that requests run.

        A long pause means a crowded loop; then the next piece of work may last as long as that pause. Otherwise news
        would be late exactly when many clients ask, and late news makes clients ask again.
        """
        may_work = works = 0.0
        for namespace, room in rooms:
            began = time.perf_counter()
            if (state := self.read(namespace, room)) is not None:
                socketio.emit(namespace[1:], state, namespace=namespace, to=room)
            stopped = time.perf_counter()
            works += stopped - began
            if works >= may_work:
                time.sleep(BREATH)
                may_work = min(time.perf_counter() - stopped, LONGEST_PIECE)
                self.worked += works
                works = 0.0
        self.worked += works

    def read(self, namespace: str, room: str) -> dict[str, Any] | None:
        """The room's state from the database."""
        began = time.monotonic()
        with db.reading() as session:
            state = _feeds[namespace].state(session, room)
        self.newest[namespace, room] = began, state
        return state

    def snapshot(self, namespace: str, room: str) -> dict[str, Any] | None:
        """The first state for a new listener. Later changes reach the listener too, because its ticket is known."""
        read_at, state = self.newest.get((namespace, room), (0.0, None))
        may_share = _feeds[namespace].is_crowded and time.monotonic() - read_at < KEPT_FOR
        return state if may_share else self.read(namespace, room)

    def close_invalid(self) -> None:
        """Disconnect every member of a room without a ticket, or whose access has ended."""
        listening = dict(self.tickets)
        with db.reading() as session:
            valid = _still_valid[0](session, {ticket.actor for ticket in listening.values() if ticket.actor})
        ended = {key for key, ticket in listening.items() if ticket.actor and ticket.actor not in valid}
        for namespace, sid in ended | (self.members() - self.tickets.keys()):
            self.tickets.pop((namespace, sid), None)
            socketio.server.disconnect(sid, namespace=namespace)

    def members(self) -> set[tuple[str, str]]:
        """The sockets that hear a room, as the sending library knows them; not those that are being admitted."""
        manager = socketio.server.manager
        joined = {(name, sid) for name in list(_feeds) for sid, _ in manager.get_participants(name, None)}
        return {(name, sid) for name, sid in joined if manager.is_connected(sid, name)}


_feeds: dict[str, Feed] = {}
_still_valid: list[Callable[[Session, set[Actor]], set[Actor]]] = []


def register(feed: Feed) -> Feed:
    """Add a namespace; called when a slice's `live.py` is imported."""
    _feeds[feed.namespace] = feed
    return feed


def recheck_with(still_valid: Callable[[Session, set[Actor]], set[Actor]]) -> None:
    """Set the function that returns the actors whose access is still valid (of the accounts slice)."""
    _still_valid[:] = [still_valid]


def init_app(app: Flask) -> None:
    socketio.init_app(
        app,
        async_mode="gevent" if db.gevent_is_patched() else "threading",
        manage_session=False,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
        max_http_buffer_size=10_000,
        cors_allowed_origins=origins.may_listen(app.extensions["ampera.settings"]),
        namespaces=list(_feeds),  # not `/`, which anybody could join
        async_handlers=False,  # no task for each message
        logger=silence,
        engineio_logger=silence,
    )
    pump = app.extensions["ampera.pump"] = Pump(app)
    door = Door(socketio, app.wsgi_app, _feeds, app.extensions["ampera.known_clients"].has)
    app.wsgi_app = app.extensions["ampera.door"] = door  # type: ignore[method-assign]
    for feed in _feeds.values():
        socketio.on_namespace(Listener(feed, pump, door))


def news(namespace: str, *rooms: str) -> None:
    """Announce news for these rooms and the rooms below them. Returns at once; the pump sends the newest state soon."""
    pump = _pump()
    topics = [(namespace, room) for room in rooms]
    if pump.relay:
        pump.relay.publish(topics)
    pump.mark(topics)


def news_in(seconds: float, namespace: str, room: str) -> None:
    """Announce news for a later time, when a state changes without an action: a call that waits for its turn."""
    pump = _pump()
    pump.later[namespace, room] = time.monotonic() + clock.true_seconds(seconds)
    pump.wake.set()


def recheck() -> None:
    """Check all listeners now, because some access has ended."""
    _pump().recheck.set()


def listeners(app: Flask) -> int:
    """How many sockets listen in this process."""
    return len(app.extensions["ampera.pump"].tickets)


def _pump() -> Pump:
    return current_app.extensions["ampera.pump"]


def _concerns(due: set[tuple[str, str]], room: tuple[str, str]) -> bool:
    """Whether one of these topics is the room or a parent of the room."""
    namespace, path = room
    while path:
        if (namespace, path) in due:
            return True
        path = path.rpartition("/")[0]
    return False
