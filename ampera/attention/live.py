"""Pushes the counts to every open page of who may act on them. A scan names no room here: the heartbeat is enough.

The counts of an office are read once for the rooms of all roles. What changes without an event is read within two
seconds where the history tells it, and else in the next minute.
"""

from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock, db, events, realtime, tasks
from ampera.accounts.events import DeviceChanged
from ampera.attention import memory, queries
from ampera.attention.kind import Place
from ampera.attention.kinds.registry import KINDS, kinds_of
from ampera.board.screens import registry
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Office
from ampera.passports.events import BookChanged
from ampera.realtime import Feed, Ticket
from ampera.security import of_handshake
from ampera.visits.events import BooksPicked, SupervisorCallChanged

ROLES = tuple(sorted({role for kind in KINDS for role in kind.roles}))


def place_of(office: Office) -> Place:
    """The office as the kinds see it at this moment, with what is known about its screens."""
    extensions, at = current_app.extensions, clock.now()
    today = clock.local(at, office.timezone).date()
    prepared = memory.of_app(extensions).of(office.id)
    return Place(office, at, today, extensions["ampera.settings"], registry.of_app(extensions), prepared)


def prepared_place(office: Office) -> Place:
    """The same, with the slow kinds read where that was not done yet or long ago."""
    if memory.of_app(current_app.extensions).is_old(office.id):
        _prepare(office)
    return place_of(office)


def _prepare(office: Office) -> None:
    db.long_read_in_thread(memory.refresh, place_of(office), memory.of_app(current_app.extensions))


def publish(event: Any) -> None:
    realtime.news("/attention", str(event.office_id))


for kind in (BookChanged, BooksPicked, SupervisorCallChanged, DeviceChanged, OfficeChanged):
    events.after(kind)(publish)


def _admit(_auth: dict[str, Any]) -> Ticket | None:
    actor = of_handshake({})
    if actor is None or actor.role not in ROLES:
        return None
    return Ticket(f"{actor.office_id}/{actor.role}", actor, actor.office_id)


def _states(session: Session, rooms: list[str]) -> dict[str, dict[str, Any] | None]:
    """The counts of one office for these roles."""
    roles = {room: room.partition("/")[2] for room in rooms}
    place = place_of(session.get_one(Office, int(rooms[0].partition("/")[0])))
    found = queries.counts(session, place, {kind for role in roles.values() for kind in kinds_of(role)})
    return {room: queries.state(place, role, found) for room, role in roles.items()}


@tasks.every(memory.KEPT_SECONDS)
def prepare() -> None:
    """Read what takes longer than a count again, beside the requests."""
    with db.reading() as session:
        offices = list(session.scalars(select(Office)))
    for office in offices:
        _prepare(office)
        realtime.news("/attention", str(office.id))


realtime.register(Feed("/attention", _admit, states=_states))
