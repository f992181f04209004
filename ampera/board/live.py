"""Pushes the small states to screens, tablets, the desk and applicants.

NEWS says which namespaces an event concerns. The room of a client comes from a verified right, never from a message.
"""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from ampera import clock, db, events, realtime
from ampera.accounts.events import DeviceChanged
from ampera.board import desk_queries, lane_queries, pace_queries, pickup_queries, queries, watch_queries
from ampera.board.screens import registry
from ampera.board.screens.live import watcher
from ampera.board.screens.registry import Screens
from ampera.board.watch_queries import Watch
from ampera.bookings.events import BookingMade, BookingMoved, BookingReturned
from ampera.handovers.events import HandoverVoided
from ampera.live import snapshot_cache
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Office
from ampera.offices.queries import lane_numbered
from ampera.passports.events import BookChanged
from ampera.pickups.events import PickupChanged
from ampera.realtime import Feed, Ticket
from ampera.security import LANE, STAFF, SUPERVISOR, of_handshake
from ampera.visits.events import ArrivalChanged, BooksPicked, SupervisorCallChanged, VisitChanged

Auth = dict[str, Any]

NEWS: dict[type, tuple[str, ...]] = {
    VisitChanged: ("/board", "/lane", "/desk", "/pace", "/pickup"),
    BooksPicked: ("/desk", "/lane"),
    BookChanged: ("/desk", "/lane"),
    PickupChanged: ("/lane", "/pickup"),
    SupervisorCallChanged: ("/lane",),
    ArrivalChanged: ("/desk", "/pickup"),
    BookingMade: ("/desk",),
    BookingMoved: ("/desk",),
    BookingReturned: ("/desk",),
    HandoverVoided: ("/desk", "/lane", "/pace", "/pickup"),
    OfficeChanged: ("/board", "/lane", "/pace"),
    DeviceChanged: ("/lane",),
}


def publish(event: object) -> None:
    """Announce the event in the room of its office; in `/pickup`, in the rooms of its pickups."""
    for namespace in NEWS[type(event)]:
        realtime.news(namespace, *(_pickups(event) if namespace == "/pickup" else (str(event.office_id),)))


for kind in NEWS:
    events.after(kind)(publish)


def screens() -> Screens:
    """The registry of the revisions that the displays of this installation show."""
    return registry.of_app(current_app.extensions)


def board_state(session: Session, shown: Watch) -> dict[str, Any]:
    """The state of a screen that asks over HTTP, from the cache: after a restart of the server all screens ask."""
    office, at = session.get_one(Office, shown.office_id), clock.now()
    parts = shown.office_id, shown.lane_id, shown.whole_site
    boards = snapshot_cache.shared("boards")
    return boards.get(parts, office.revision, at, lambda: queries.screen_state(session, *parts))


def _pickups(event: object) -> tuple[str, ...]:
    ids = event.pickup_ids if isinstance(event, VisitChanged) else (event.pickup_id,)
    return tuple(map(str, ids))


def _admit_screen(auth: Auth) -> Ticket | None:
    """The token of a display is enough. Other clients name the office and the lane of their page."""
    asker = of_handshake(auth)
    with db.reading() as session:
        shown = (
            watch_queries.requested_watch(session, auth)
            if "office" in auth
            else asker and watch_queries.watch_of(session, asker)
        )
    actor = watcher(shown, asker) if shown else None
    return Ticket(shown.room, actor, shown.office_id) if shown and actor else None


def _screen(session: Session, room: str) -> dict[str, Any]:
    parts = watch_queries.parts_of_room(room)
    _plan("/board", room, queries.seconds_until_change(session, *parts))
    return queries.screen_state(session, *parts)


def _plan(namespace: str, room: str, seconds: float | None) -> None:
    if seconds is not None:
        realtime.news_in(seconds, namespace, room)


def _shown(ticket: Ticket, revision: int) -> None:
    if ticket.actor and ticket.actor.kind == "display":
        screens().seen(ticket.actor.device_id, revision)


def _admit_tablet(auth: Auth) -> Ticket | None:
    actor, number = of_handshake({}), auth.get("lane")
    if actor is None or actor.role not in LANE or not isinstance(number, int):
        return None
    with db.reading() as session:
        lane = lane_numbered(session, actor.office_id, number)
    return Ticket(f"{actor.office_id}/{lane.id}/{actor.staff_id}", actor, actor.office_id) if lane else None


def _tablet(session: Session, room: str) -> dict[str, Any]:
    office_id, lane_id, staff_id = map(int, room.split("/"))
    _plan("/lane", room, lane_queries.seconds_until_change(session, office_id))
    return lane_queries.lane_state(session, office_id, lane_id, screens(), staff_id)


def _with_screen(room: str, state: dict[str, Any]) -> dict[str, Any]:
    """How the lane's screen keeps up now: its acknowledgements are not in the database."""
    lane_id = int(room.split("/")[1])
    return {**state, "screen": screens().of_lane_again(lane_id, state["revision"])}


def _admit_desk(_auth: Auth) -> Ticket | None:
    actor = of_handshake({})
    return Ticket(str(actor.office_id), actor, actor.office_id) if actor and actor.role in STAFF else None


def _desk(session: Session, room: str) -> dict[str, Any]:
    _plan("/desk", room, desk_queries.seconds_until_change(session, int(room)))
    return desk_queries.desk_state(session, int(room))


def _admit_supervisor(_auth: Auth) -> Ticket | None:
    """In person: how much an officer serves is nobody else's, and no key's."""
    actor = of_handshake({})
    is_supervisor = actor is not None and actor.kind == "staff" and actor.role in SUPERVISOR
    return Ticket(str(actor.office_id), actor, actor.office_id) if actor and is_supervisor else None


def _pace(session: Session, room: str) -> dict[str, Any]:
    return pace_queries.pace_state(session, int(room))


def _admit_applicant(auth: Auth) -> Ticket | None:
    link = auth.get("link")
    with db.reading() as session:
        found = watch_queries.room_of_link(session, link) if isinstance(link, str) else None
    return Ticket(found[0], None, found[1]) if found else None


def _applicants(session: Session, rooms: list[str]) -> dict[str, dict[str, Any] | None]:
    """The states of phones; None once a newer link has replaced the one of the room."""
    pickups = {room: int(room.partition("/")[0]) for room in rooms}
    revoked = watch_queries.revoked_codes(session, set(pickups.values()))
    states = pickup_queries.pickup_states(session, set(pickups.values()), snapshot_cache.shared("streets"))
    for room, pickup_id in pickups.items():
        _plan("/pickup", room, pickup_queries.seconds_until_change(states[pickup_id]))
    return {room: None if room in revoked else states[pickup_id] for room, pickup_id in pickups.items()}


realtime.register(Feed("/board", _admit_screen, _screen, seen=_shown, is_crowded=True))
realtime.register(Feed("/lane", _admit_tablet, _tablet, refresh=_with_screen))
realtime.register(Feed("/desk", _admit_desk, _desk))
realtime.register(Feed("/pace", _admit_supervisor, _pace))
realtime.register(Feed("/pickup", _admit_applicant, states=_applicants))
realtime.compare_with(watch_queries.marks_of)
