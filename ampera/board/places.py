"""What an address, a device or a link stands for, and who may watch it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.audit import Actor
from ampera.offices.models import Lane, Office
from ampera.offices.queries import lane_numbered, office_by_code
from ampera.pickups.queries import CardCode, by_link

SITE = "site:"


@dataclass(frozen=True)
class Place:
    """What a screen stands for: an office, one site of it, or one lane (`site` is then where the lane is)."""

    office_id: int
    office: str
    lane_id: int | None = None
    lane: int | None = None
    site: str = ""

    @property
    def room(self) -> str:
        if self.lane_id:
            return f"{self.office_id}/{self.lane_id}"
        return f"{self.office_id}/{SITE}{quote(self.site, safe='')}" if self.site else str(self.office_id)

    @property
    def path(self) -> str:
        """The address of its page."""
        if self.lane is not None:
            return f"/board/{quote(self.office)}/{self.lane}"
        return f"/board/{quote(self.office)}" + (f"?site={quote(self.site)}" if self.site else "")

    @property
    def whole_site(self) -> str | None:
        """The site when the screen stands for all of it."""
        return self.site if self.site and self.lane_id is None else None

    def may_be_watched_by(self, who: Actor | None) -> bool:
        """By staff and keys of the office, and by a display enrolled for this place or for one that it is a part of."""
        if who is None or who.office_id != self.office_id:
            return False
        if who.kind != "display":
            return True
        return who.lane_id == self.lane_id if who.lane_id else who.site in (None, "", self.site)


def place_named(session: Session, code: str, number: int | None = None, site: str | None = None) -> Place | None:
    """The place at `/board/<code>[/<number>][?site=…]`; a lane's own site needs no naming."""
    office = office_by_code(session, code)
    if office is None:
        return None
    if number is not None:
        lane = lane_numbered(session, office.id, number)
        return Place(office.id, office.code, lane.id, lane.number, lane.site) if lane else None
    if site and site not in sites_of(session, office.id):
        return None
    return Place(office.id, office.code, site=site or "")


def asked(session: Session, auth: dict[str, Any]) -> Place | None:
    """The place that a page names when it opens its socket."""
    code, number, site = auth["office"], auth.get("lane"), auth.get("site")
    if not isinstance(code, str) or not isinstance(number, int | None) or not isinstance(site, str | None):
        return None
    return place_named(session, code, number, site)


def place_of(session: Session, who: Actor) -> Place:
    """The place a display was enrolled for; for anybody else their office."""
    office = session.get_one(Office, who.office_id)
    if who.lane_id is None:
        return Place(office.id, office.code, site=who.site or "")
    lane = session.get_one(Lane, who.lane_id)
    return Place(office.id, office.code, lane.id, lane.number, lane.site)


def of_room(room: str) -> tuple[int, int | None, str | None]:
    """Office, lane and site of a room's path: at most one of the last two."""
    office, _, part = room.partition("/")
    if part.startswith(SITE):
        return int(office), None, unquote(part.removeprefix(SITE))
    return int(office), int(part) if part else None, None


def sites_of(session: Session, office_id: int) -> list[str]:
    """The named sites of an office that have lanes."""
    query = select(Lane.site).where(Lane.office_id == office_id, Lane.site != "").distinct().order_by(Lane.site)
    return list(session.scalars(query))


def code_of_link(session: Session, link: str) -> CardCode | None:
    """The code whose page has this link; None when a newer one replaced it, or when it never existed."""
    code = by_link(session, link)
    return code if code and code.state != "revoked" else None
