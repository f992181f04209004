"""The steps of every change of an office: lock its row, raise its revision, audit, and publish an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit
from ampera.offices.calendar.hours import Span
from ampera.offices.events import DeadlinesChanged, OfficeChanged
from ampera.offices.models import Lane, Office, OpeningHours

MOVES_DEADLINES = {"collection_limit", "deadline_extended_until"}
Entry = tuple[str, dict[str, Any]]  # what the audit keeps of one change: the action and its details


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
    return changed_together(unit, actor, office, [(action, details)])


def changed_together(unit: Unit, actor: Actor, office: Office, entries: Sequence[Entry]) -> Changed:
    """Like `changed`, for several changes: an audit entry for each, but one revision and one event.

    With an event after each change, a booking could lose its slot to a state that the office was never in.
    """
    unit.session.flush()
    Office.raise_revision(unit.conn, office.id)
    for action, details in entries:
        audit.record(unit, actor, action, f"office:{office.id}", **details)
    happened = OfficeChanged(office.id)
    unit.emit(happened)
    return Changed(office.id, office.code, office.revision + 1, sum(happened.vehicles_off))


def put_options(unit: Unit, office: Office, values: Mapping[str, object]) -> list[Entry]:
    """Set options whose values have been checked."""
    before, office.options = office.options, {**office.options, **values}
    if MOVES_DEADLINES & values.keys():
        unit.session.flush()
        unit.emit(DeadlinesChanged(office.id, before))
    return [("office.option_set", {"option": name, "value": value}) for name, value in values.items()]


def put_hours(unit: Unit, office: Office, weekday: int, spans: Sequence[Span]) -> Entry:
    """Replace the hours of one weekday by spans that have been checked."""
    unit.session.execute(
        delete(OpeningHours).where(OpeningHours.office_id == office.id, OpeningHours.weekday == weekday)
    )
    unit.session.add_all(
        OpeningHours(office_id=office.id, weekday=weekday, opens=span.opens, closes=span.closes) for span in spans
    )
    return "office.hours_set", {"weekday": weekday, "hours": [f"{span.opens}-{span.closes}" for span in spans]}
