"""What an address, a device or a link stands for, and who may watch it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ampera.audit import Actor
from ampera.offices.models import Lane, Office
from ampera.offices.queries import lane_numbered, office_by_code
from ampera.pickups.queries import CodeLine, by_link


@dataclass(frozen=True)
class Place:
    """What a screen stands for: an office, or one lane of it."""

    office_id: int
    office: str
    lane_id: int | None = None
    lane: int | None = None

    @property
    def room(self) -> str:
        return f"{self.office_id}/{self.lane_id}" if self.lane_id else str(self.office_id)

    def may_be_watched_by(self, who: Actor | None) -> bool:
        """By staff and keys of the office, and by a display enrolled for this place or for the whole office."""
        if who is None or who.office_id != self.office_id:
            return False
        return who.kind != "display" or who.lane_id in (None, self.lane_id)


def place_named(session: Session, code: str, number: int | None = None) -> Place | None:
    """The place at `/board/<code>[/<number>]`."""
    office = office_by_code(session, code)
    if office is None or number is None:
        return Place(office.id, office.code) if office else None
    lane = lane_numbered(session, office.id, number)
    return Place(office.id, office.code, lane.id, lane.number) if lane else None


def place_of(session: Session, who: Actor) -> Place:
    """The place a display was enrolled for; for anybody else their office."""
    office = session.get_one(Office, who.office_id)
    if who.lane_id is None:
        return Place(office.id, office.code)
    lane = session.get_one(Lane, who.lane_id)
    return Place(office.id, office.code, lane.id, lane.number)


def code_of_link(session: Session, link: str) -> CodeLine | None:
    """The code whose page has this link; None when a newer one replaced it, or when it never existed."""
    code = by_link(session, link)
    return code if code and code.state != "revoked" else None
