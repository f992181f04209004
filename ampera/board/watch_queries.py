"""What a screen watches: an office, one site of it, or one lane. An address, a display or a socket names it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ampera.audit import Actor, AuditHead
from ampera.offices.models import Lane, Office
from ampera.offices.queries import lane_numbered, office_by_code
from ampera.pickups.codes import fingerprint, is_link
from ampera.pickups.models import Pickup, PickupCode
from ampera.pickups.queries import CardCode, by_link

SITE = "site:"


@dataclass(frozen=True)
class Watch:
    """An office, one site of it, or one lane; of a lane, `site` is where the lane is."""

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
        """The site when the screen shows all of it."""
        return self.site if self.site and self.lane_id is None else None

    def admits(self, actor: Actor | None) -> bool:
        """Staff and keys of the office, and a display that is enrolled for this watch or for one that contains it."""
        if actor is None or actor.office_id != self.office_id:
            return False
        if actor.kind != "display":
            return True
        return actor.lane_id == self.lane_id if actor.lane_id else actor.site in (None, "", self.site)


def named_watch(session: Session, code: str, number: int | None = None, site: str | None = None) -> Watch | None:
    """The watch at `/board/<code>[/<number>][?site=…]`. The site of a lane is not part of its address."""
    office = office_by_code(session, code)
    if office is None:
        return None
    if number is not None:
        lane = lane_numbered(session, office.id, number)
        return Watch(office.id, office.code, lane.id, lane.number, lane.site) if lane else None
    if site and site not in sites_of(session, office.id):
        return None
    return Watch(office.id, office.code, site=site or "")


def requested_watch(session: Session, auth: dict[str, Any]) -> Watch | None:
    """The watch that a page names when it opens its socket."""
    code, number, site = auth["office"], auth.get("lane"), auth.get("site")
    if not isinstance(code, str) or not isinstance(number, int | None) or not isinstance(site, str | None):
        return None
    return named_watch(session, code, number, site)


def watch_of(session: Session, actor: Actor) -> Watch:
    """The watch that a display is enrolled for; for other actors their office."""
    office = session.get_one(Office, actor.office_id)
    if actor.lane_id is None:
        return Watch(office.id, office.code, site=actor.site or "")
    lane = session.get_one(Lane, actor.lane_id)
    return Watch(office.id, office.code, lane.id, lane.number, lane.site)


def parts_of_room(room: str) -> tuple[int, int | None, str | None]:
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
    """The code behind an applicant's link; None when the link is unknown or a newer one replaced it."""
    code = by_link(session, link)
    return code if code and code.state != "revoked" else None


def room_of_link(session: Session, link: str) -> tuple[str, int] | None:
    """The room of an applicant's page and its office; None when the link is unknown or a newer one replaced it."""
    code = session.execute(_OF_LINK, {"link": fingerprint(link)}).first() if is_link(link) else None
    return (f"{code.pickup_id}/{code.generation}", code.office_id) if code else None


def revoked_codes(session: Session, pickup_ids: set[int]) -> set[str]:
    """The rooms of these pickups whose link a newer one has replaced."""
    return {f"{row.pickup_id}/{row.generation}" for row in session.execute(_REVOKED, {"pickups": list(pickup_ids)})}


def marks_of(session: Session, office_id: int | None = None) -> dict[int, tuple[int, int]]:
    """By office, or of this one: its revision and the length of its history, where every change leaves an entry."""
    rows = session.execute(_MARKS) if office_id is None else session.execute(_MARK, {"office_id": office_id})
    return {row.id: (row.revision, row.seq or 0) for row in rows}


_OF_LINK = (
    select(PickupCode.pickup_id, PickupCode.generation, Pickup.office_id)
    .join(Pickup, Pickup.id == PickupCode.pickup_id)
    .where(PickupCode.link_hash == bindparam("link"), PickupCode.state != "revoked")
)
_REVOKED = select(PickupCode.pickup_id, PickupCode.generation).where(
    PickupCode.pickup_id.in_(bindparam("pickups", expanding=True)), PickupCode.state == "revoked"
)
_MARKS = select(Office.id, Office.revision, AuditHead.seq).outerjoin(AuditHead, AuditHead.chain == Office.id)
_MARK = _MARKS.where(Office.id == bindparam("office_id"))
