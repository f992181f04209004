"""Who listens to what: screens, tablets, desk, applicants. The room comes from a verified right, not a message."""

from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock, db, events, realtime
from ampera.board import desk_queries, lane_queries, pickup_queries, places, queries
from ampera.board.places import Place
from ampera.board.screens.live import watcher
from ampera.board.screens.registry import Screens
from ampera.bookings.events import BookingMade, BookingMoved, BookingReturned
from ampera.handovers.events import HandoverVoided
from ampera.live import snapshot_cache
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Office
from ampera.offices.queries import lane_numbered
from ampera.passports.events import BookChanged
from ampera.pickups.events import PickupChanged
from ampera.pickups.models import PickupCode
from ampera.realtime import Feed, Ticket
from ampera.security import LANE, STAFF, of_handshake
from ampera.visits.events import ArrivalChanged, BooksPicked, VisitChanged

Auth = dict[str, Any]


def screens() -> Screens:
    """What the displays of this installation say they show."""
    kept = current_app.extensions
    return kept.get("ampera.screens") or kept.setdefault("ampera.screens", Screens(kept["ampera.settings"].redis_url))


def board_state(session: Session, place: Place) -> dict[str, Any]:
    """What a screen is told that asks: after a restart of the server all of them do."""
    office, at = session.get_one(Office, place.office_id), clock.now()
    shown = place.office_id, place.lane_id, place.whole_site
    boards = snapshot_cache.shared("boards")
    return boards.get(shown, office.revision, at, lambda: queries.screen_state(session, *shown))


@events.after(VisitChanged)
def visit_changed(happened: VisitChanged) -> None:
    office = str(happened.office_id)
    for namespace in ("/board", "/lane", "/desk"):
        realtime.news(namespace, office)
    realtime.news("/pickup", *map(str, happened.pickup_ids))


@events.after(BooksPicked)
def books_picked(happened: BooksPicked) -> None:
    realtime.news("/desk", str(happened.office_id))
    realtime.news("/lane", str(happened.office_id))


@events.after(BookChanged)
def book_changed(happened: BookChanged) -> None:
    realtime.news("/desk", str(happened.office_id))
    realtime.news("/lane", str(happened.office_id))


@events.after(PickupChanged)
def pickup_changed(happened: PickupChanged) -> None:
    realtime.news("/lane", str(happened.office_id))
    realtime.news("/pickup", str(happened.pickup_id))


@events.after(ArrivalChanged)
def arrival_changed(happened: ArrivalChanged) -> None:
    realtime.news("/desk", str(happened.office_id))
    realtime.news("/pickup", str(happened.pickup_id))


@events.after(BookingMade)
@events.after(BookingMoved)
@events.after(BookingReturned)
def booking_changed(happened: BookingMade | BookingMoved | BookingReturned) -> None:
    realtime.news("/desk", str(happened.office_id))


@events.after(HandoverVoided)
def handover_voided(happened: HandoverVoided) -> None:
    realtime.news("/desk", str(happened.office_id))
    realtime.news("/pickup", str(happened.pickup_id))


@events.after(OfficeChanged)
def office_changed(happened: OfficeChanged) -> None:
    realtime.news("/board", str(happened.office_id))
    realtime.news("/lane", str(happened.office_id))


def _admit_screen(auth: Auth) -> Ticket | None:
    """A display's token says by itself what it watches; others name the office and the lane of their page."""
    asker = of_handshake(auth)
    with db.reading() as session:
        place = places.asked(session, auth) if "office" in auth else asker and places.place_of(session, asker)
    who = watcher(place, asker) if place else None
    return Ticket(place.room, who) if place and who else None


def _screen(session: Session, room: str) -> dict[str, Any]:
    seconds = queries.seconds_until_change(session, *places.of_room(room))
    if seconds is not None:
        realtime.news_in(seconds, "/board", room)
    return queries.screen_state(session, *places.of_room(room))


def _shown(ticket: Ticket, revision: int) -> None:
    if ticket.actor and ticket.actor.kind == "display":
        screens().seen(ticket.actor.device_id, revision)


def _admit_tablet(auth: Auth) -> Ticket | None:
    who, number = of_handshake({}), auth.get("lane")
    if who is None or who.role not in LANE or not isinstance(number, int):
        return None
    with db.reading() as session:
        lane = lane_numbered(session, who.office_id, number)
    return Ticket(f"{who.office_id}/{lane.id}/{who.staff_id}", who) if lane else None


def _tablet(session: Session, room: str) -> dict[str, Any]:
    office_id, lane_id, staff_id = map(int, room.split("/"))
    return lane_queries.lane_state(session, office_id, lane_id, screens(), staff_id)


def _admit_desk(_auth: Auth) -> Ticket | None:
    who = of_handshake({})
    return Ticket(str(who.office_id), who) if who and who.role in STAFF else None


def _admit_applicant(auth: Auth) -> Ticket | None:
    link = auth.get("link")
    with db.reading() as session:
        code = places.code_of_link(session, link) if isinstance(link, str) else None
        return Ticket(f"{code.pickup_id}/{code.generation}", None) if code else None


def _applicant(session: Session, room: str) -> dict[str, Any] | None:
    """Silence once the link was replaced by a newer one."""
    pickup_id, generation = _ids(room)
    of_code = select(PickupCode.state).where(PickupCode.pickup_id == pickup_id, PickupCode.generation == generation)
    if session.scalar(of_code) == "revoked":
        return None
    seconds = pickup_queries.seconds_until_change(session, pickup_id)
    if seconds is not None:
        realtime.news_in(seconds, "/pickup", room)
    return pickup_queries.pickup_state(session, pickup_id, snapshot_cache.shared("streets"))


def _ids(room: str) -> tuple[int, int | None]:
    first, _, second = room.partition("/")
    return int(first), int(second) if second else None


realtime.register(Feed("/board", _admit_screen, _screen, _shown))
realtime.register(Feed("/lane", _admit_tablet, _tablet))
realtime.register(Feed("/desk", _admit_desk, lambda session, room: desk_queries.desk_state(session, int(room))))
realtime.register(Feed("/pickup", _admit_applicant, _applicant))
