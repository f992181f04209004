"""What may be listened to: the namespaces, each with who is admitted and what is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ampera.audit import Actor


@dataclass(frozen=True)
class Ticket:
    """The right to listen to one room. An `actor` is checked again while the socket is open; None means public."""

    room: str
    actor: Actor | None


@dataclass(frozen=True)
class Feed:
    """One namespace: who may listen to which room, and what its state is.

    `admit(auth)` runs in the connecting request and returns a Ticket or None; `state(session, room)` gives the state
    or None when there is nothing to send; `seen(ticket, revision)` receives the revision that a screen shows. With
    `beats=False` the state does not age, so the heartbeat skips the namespace. With `is_crowded=True` the clients of a
    room may share a first state that is up to KEPT_FOR old; the first state of all others is read from the database.
    """

    namespace: str
    admit: Callable[[dict[str, Any]], Ticket | None]
    state: Callable[[Session, str], dict[str, Any] | None]
    seen: Callable[[Ticket, int], None] | None = None
    beats: bool = True
    is_crowded: bool = False
