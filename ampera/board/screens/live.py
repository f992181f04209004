"""Which display a browser is enrolled as, and what is pushed to that display alone: its name, watch and voice.

The right is a cookie that scripts cannot read. Each watch has its own: one computer may drive several screens.
"""

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from ampera import clock, db, events, realtime
from ampera.accounts.events import DeviceChanged
from ampera.accounts.models import Device
from ampera.accounts.queries import actor_of_device, display_wherever
from ampera.audit import Actor
from ampera.board.watch_queries import Watch, requested_watch
from ampera.offices.models import Lane, Office
from ampera.realtime import Feed, Ticket
from ampera.security import of_handshake, token_hash
from ampera.web import cookies

COOKIES = "ampera_screen_"
MOST_COOKIES = 16  # of one browser that are tried


def screen_cookie(office_id: int, lane_id: int | None, site: str = "") -> str:
    """The name of the cookie for a watch. The site is hashed: its name may hold characters that a cookie's may not."""
    part = f"s{hashlib.sha256(site.encode()).hexdigest()[:12]}" if site and not lane_id else lane_id or 0
    return f"{COOKIES}{office_id}_{part}"


def cookie_of(watch: Watch) -> str:
    return screen_cookie(watch.office_id, watch.lane_id, watch.site)


def watcher(watch: Watch, asker: Actor | None) -> Actor | None:
    """The actor of this request who may watch: the caller, or the display that its browser is enrolled as."""
    return asker if watch.admits(asker) else display_at(watch)


def display_at(watch: Watch) -> Actor | None:
    """The display of this browser for the watch: of the lane, else of its site, else of the office."""
    office, site = screen_cookie(watch.office_id, None), screen_cookie(watch.office_id, None, watch.site)
    displays = (_display(name) for name in dict.fromkeys((cookie_of(watch), site, office)))
    return next((display for display in displays if watch.admits(display)), None)


def moved_from(watch: Watch | None) -> tuple[Actor, str] | None:
    """The display that was enrolled at this address and has another watch now, with its token.

    Without a watch (`/board`): the first display that the browser is enrolled as.
    """
    names = cookies.names(COOKIES)
    for name in [cookie_of(watch)] if watch else names[:MOST_COOKIES]:
        if display := _display(name):
            return display, cookies.read(name)
    return None


def _display(cookie: str) -> Actor | None:
    token = cookies.read(cookie)
    if not token or len(token) > 200:
        return None
    with db.reading() as session:
        return actor_of_device(session, token_hash(token))


@events.after(DeviceChanged)
def publish(event: DeviceChanged) -> None:
    realtime.news("/screen", f"{event.office_id}/{event.device_id}")


def _admit(auth: dict[str, Any]) -> Ticket | None:
    """The display itself, by its token or by the cookie of its page. It stays connected when its watch changes."""
    asker = of_handshake(auth) if "token" in auth else None
    if asker is None and "office" in auth:
        with db.reading() as session:
            watch = requested_watch(session, auth)
        asker = display_at(watch) if watch else None
    if asker is None or asker.kind != "display":
        return None
    return Ticket(f"{asker.office_id}/{asker.device_id}", display_wherever(asker), asker.office_id)


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
