"""Which display a browser was enrolled as, and what is pushed to that display alone: its name, place and voice.

The right is a cookie that scripts cannot read, one per place: one small computer may drive several screens.
"""

import hashlib
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from ampera import clock, db, events, realtime
from ampera.accounts.events import DeviceChanged
from ampera.accounts.models import Device
from ampera.accounts.queries import actor_of_device, display_wherever
from ampera.audit import Actor
from ampera.board import places
from ampera.board.places import Place
from ampera.offices.models import Lane, Office
from ampera.realtime import Feed, Ticket
from ampera.security import of_handshake, token_hash

COOKIES = "ampera_screen_"
MOST_COOKIES = 16  # of one browser that are looked at


def screen_cookie(office_id: int, lane_id: int | None, site: str = "") -> str:
    """A site's name may hold anything, a cookie's may not."""
    named = f"s{hashlib.sha256(site.encode()).hexdigest()[:12]}" if site and not lane_id else lane_id or 0
    return f"{COOKIES}{office_id}_{named}"


def cookie_of(place: Place) -> str:
    return screen_cookie(place.office_id, place.lane_id, place.site)


def watcher(place: Place, asker: Actor | None) -> Actor | None:
    """Who of this request may watch the place: the one who asks, or the display that its browser was enrolled as."""
    return asker if place.may_be_watched_by(asker) else display_at(place)


def display_at(place: Place) -> Actor | None:
    """The display of this browser that shows the place: of the lane, of its site, of the office."""
    office, site = screen_cookie(place.office_id, None), screen_cookie(place.office_id, None, place.site)
    found = (_display(name) for name in dict.fromkeys((cookie_of(place), site, office)))
    return next((one for one in found if place.may_be_watched_by(one)), None)


def moved_from(place: Place | None) -> tuple[Actor, str] | None:
    """The display that was enrolled at this address and shows another place now, with its token.

    An address without a place (`/board`) stands for whatever the browser was enrolled as.
    """
    every = sorted(name for name in request.cookies if name.startswith(COOKIES))
    for name in [cookie_of(place)] if place else every[:MOST_COOKIES]:
        if found := _display(name):
            return found, request.cookies[name]
    return None


def _display(cookie: str) -> Actor | None:
    token = request.cookies.get(cookie, "")
    if not token or len(token) > 200:
        return None
    with db.reading() as session:
        return actor_of_device(session, token_hash(token))


@events.after(DeviceChanged)
def device_changed(happened: DeviceChanged) -> None:
    realtime.news("/screen", f"{happened.office_id}/{happened.device_id}")


def _admit(auth: dict[str, Any]) -> Ticket | None:
    """The display itself, by its token or by the cookie of its page's place. It goes on listening when it is moved."""
    asker = of_handshake(auth) if "token" in auth else None
    if asker is None and "office" in auth:
        with db.reading() as session:
            place = places.asked(session, auth)
        asker = display_at(place) if place else None
    if asker is None or asker.kind != "display":
        return None
    return Ticket(f"{asker.office_id}/{asker.device_id}", display_wherever(asker))


def _screen(session: Session, room: str) -> dict[str, Any] | None:
    device = session.get(Device, int(room.rpartition("/")[2]))
    if device is None or device.revoked_at:
        return None
    lane = session.get(Lane, device.lane_id) if device.lane_id else None
    return {
        "revision": session.get_one(Office, device.office_id).revision,
        "at": clock.iso(clock.now()),
        "name": device.name,
        "lane": lane and lane.number,
        "site": device.site,
        "speaks": device.speaks,
        "volume": device.volume,
        "tested_at": clock.iso(device.tested_at),
    }


realtime.register(Feed("/screen", _admit, _screen, beats=False))
