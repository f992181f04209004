"""What every change of an office does: its row is locked, its revision grows, the history knows, screens hear of it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Lane, Office


@dataclass(frozen=True)
class Changed:
    """The office as it is now: its id, code and revision; and how many booked vehicles lose their window by this."""

    office_id: int
    code: str
    revision: int
    vehicles_off: int = 0


def office_of(unit: Unit, actor: Actor) -> Office:
    """The actor's office, locked until the commit."""
    return unit.session.get_one(Office, actor.office_id, with_for_update=True)


def lane_of(unit: Unit, office: Office, number: int) -> Lane | None:
    return unit.session.scalar(select(Lane).where(Lane.office_id == office.id, Lane.number == number))


def unchanged(office: Office) -> Changed:
    """The answer when everything was so already."""
    return Changed(office.id, office.code, office.revision)


def changed(unit: Unit, actor: Actor, office: Office, action: str, **details: Any) -> Changed:
    """Write down what was done to the office; screens fetch it after the commit."""
    unit.session.flush()
    Office.raise_revision(unit.conn, office.id)
    audit.record(unit, actor, action, f"office:{office.id}", **details)
    happened = OfficeChanged(office.id)
    unit.emit(happened)
    return Changed(office.id, office.code, office.revision + 1, sum(happened.vehicles_off))
