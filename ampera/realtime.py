"""Live news over Socket.IO: each namespace pushes one event named like it, with the whole small state and a revision.

Sockets carry news, never commands. All emitting happens in the pump (`live/pump.py`). Rooms are paths: news about `1`
reaches the rooms `1`, `1/7` and `1/7/33`.
"""

import time
from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from ampera import clock, db
from ampera.audit import Actor
from ampera.live.door import Door, silence
from ampera.live.fan_out import FanOut
from ampera.live.listener import Feed, Listener, Ticket
from ampera.live.pump import Pump, feeds, marks_of, socketio, still_valid
from ampera.live.rooms import Marks
from ampera.web import origins

PING_INTERVAL, PING_TIMEOUT = 5, 3  # seconds; a frozen server is noticed within 8

__all__ = ["Feed", "Ticket", "compare_with", "news", "news_in", "recheck", "recheck_with", "register", "socketio"]


def register(feed: Feed) -> Feed:
    """Add a namespace; called when a slice's `live.py` is imported."""
    feeds[feed.namespace] = feed
    return feed


def recheck_with(valid: Callable[[Session, set[Actor]], set[Actor]]) -> None:
    """Set the function that returns the actors whose access is still valid (of the accounts slice)."""
    still_valid[:] = [valid]


def compare_with(marks: Marks) -> None:
    """Set the function that returns what the database counts for an office, or for all (of the board slice)."""
    marks_of[:] = [marks]


def init_app(app: Flask) -> None:
    # Processes that share a port would get each other's polls. Pages without a socket ask for the state.
    transports = ["websocket"] if app.extensions["ampera.settings"].redis_url else ["websocket", "polling"]
    app.jinja_env.globals["transports"] = transports
    manager = FanOut()
    socketio.init_app(
        app,
        client_manager=manager,
        async_mode="gevent" if db.gevent_is_patched() else "threading",
        manage_session=False,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
        max_http_buffer_size=10_000,
        transports=transports,
        cors_allowed_origins=origins.may_listen(app.extensions["ampera.settings"]),
        namespaces=list(feeds),  # not `/`, which anybody could join
        async_handlers=False,  # no task for each message
        logger=silence,
        engineio_logger=silence,
    )
    pump = app.extensions["ampera.pump"] = Pump(app)
    door = Door(socketio, app.wsgi_app, feeds, app.extensions["ampera.known_clients"].has)
    manager.guest_of = door.guest_of
    manager.check()
    app.wsgi_app = app.extensions["ampera.door"] = door  # type: ignore[method-assign]
    for feed in feeds.values():
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
