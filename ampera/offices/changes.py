"""The steps of every change of an office: lock its row, raise its revision, audit, and publish an event."""

from dataclasses import dataclass

from sqlalchemy import select

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Lane, Office


@dataclass(frozen=True)
class Changed:
    """The office after a change: id, code, revision, and the number of bookings that lose their slot."""

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
    """The result of a change that changed nothing."""
    return Changed(office.id, office.code, office.revision)


def changed(unit: Unit, actor: Actor, office: Office, action: str, **details: object) -> Changed:
    """Record a change of the office and publish it. Screens fetch the new state after the commit."""
    unit.session.flush()
    Office.raise_revision(unit.conn, office.id)
    audit.record(unit, actor, action, f"office:{office.id}", **details)
    happened = OfficeChanged(office.id)
    unit.emit(happened)
    return Changed(office.id, office.code, office.revision + 1, sum(happened.vehicles_off))
