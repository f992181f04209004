"""What an office changes about itself: lanes, hours, special days, options. Each change is audited and shown at once.

An actor with an office changes that one; a command on the server acts for the office it names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from ampera import audit
from ampera.audit import Actor
from ampera.clock import WIB
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.offices.checks import KINDS, are_spans, is_code, is_option
from ampera.offices.events import OfficeChanged
from ampera.offices.hours import Span
from ampera.offices.models import Lane, Office, OpeningHours, SpecialDay, SpecialHours

TITLE_LENGTH = 80


@dataclass(frozen=True)
class Changed:
    """The office as it is now: its id, code and revision."""

    office_id: int
    code: str
    revision: int


@transaction
def create_office(
    unit: Unit, actor: Actor, code: str, name: str, lanes: int = 1, timezone: str = WIB
) -> Changed | Refused:
    """A new office with mixed lanes and no hours yet, so it is closed. Refused: `bad_code`, `code_taken`."""
    if not is_code(code):
        return Refused("bad_code", 422, {"code": "bad_code"})
    if unit.session.scalar(select(Office.id).where(Office.code == code)):
        return Refused("code_taken", 422, {"code": "code_taken"})
    office = Office(code=code, name=name, timezone=timezone, options={})
    unit.session.add(office)
    unit.session.flush()
    unit.session.add_all(Lane(office_id=office.id, number=number) for number in range(1, lanes + 1))
    return _changed(unit, replace(actor, office_id=office.id), office, "office.created", lanes=lanes)


@transaction
def add_lane(unit: Unit, actor: Actor, number: int, kind: str, name: str = "") -> Changed | Refused:
    """One more lane. Refused: `unknown_kind`, `lane_taken`."""
    office = _office(unit, actor)
    if kind not in KINDS:
        return Refused("unknown_kind", 422, {"kind": "unknown_kind"})
    if number < 1 or _lane(unit, office, number):
        return Refused("lane_taken", 422, {"number": "lane_taken"})
    unit.session.add(Lane(office_id=office.id, number=number, kind=kind, name=name[:TITLE_LENGTH]))
    return _changed(unit, actor, office, "lane.added", lane=number, kind=kind)


@transaction
def set_lane_open(unit: Unit, actor: Actor, number: int, is_open: bool) -> Changed | Refused:
    """Open or close a lane. A vehicle that is already there is still served. Refused: `unknown_lane`."""
    office = _office(unit, actor)
    lane = _lane(unit, office, number)
    if lane is None:
        return Refused("unknown_lane", 404)
    if lane.is_open == is_open:
        return Changed(office.id, office.code, office.revision)
    lane.is_open = is_open
    return _changed(unit, actor, office, "lane.opened" if is_open else "lane.closed", lane=number)


@transaction
def set_option(unit: Unit, actor: Actor, name: str, value: Any) -> Changed | Refused:
    """Set one of `options.OPTIONS`, the screens' `message` among them. Refused: `bad_option`."""
    office = _office(unit, actor)
    if not is_option(name, value):
        return Refused("bad_option", 422, {name: "bad_option"})
    office.options = {**office.options, name: value}
    return _changed(unit, actor, office, "office.option_set", option=name, value=value)


@transaction
def set_hours(unit: Unit, actor: Actor, weekday: int, spans: Sequence[Span]) -> Changed | Refused:
    """The hours of one weekday (0 = Monday); none means closed. Refused: `bad_hours`."""
    office = _office(unit, actor)
    if weekday not in range(7) or not are_spans(spans):
        return Refused("bad_hours", 422, {"hours": "bad_hours"})
    unit.session.execute(
        delete(OpeningHours).where(OpeningHours.office_id == office.id, OpeningHours.weekday == weekday)
    )
    unit.session.add_all(
        OpeningHours(office_id=office.id, weekday=weekday, opens=span.opens, closes=span.closes) for span in spans
    )
    hours = [f"{span.opens}-{span.closes}" for span in spans]
    return _changed(unit, actor, office, "office.hours_set", weekday=weekday, hours=hours)


@transaction
def set_special_day(
    unit: Unit, actor: Actor, day: date, title: str, spans: Sequence[Span], quota: int | None = None
) -> Changed | Refused:
    """A day with its own hours, or closed (none), instead of its weekday's. Refused: `bad_hours`, `reason_missing`."""
    office = _office(unit, actor)
    if not are_spans(spans):
        return Refused("bad_hours", 422, {"hours": "bad_hours"})
    if not title.strip():
        return Refused("reason_missing", 422, {"title": "reason_missing"})
    _forget_day(unit, office, day)
    hours = [SpecialHours(opens=span.opens, closes=span.closes) for span in spans]
    unit.session.add(
        SpecialDay(office_id=office.id, day=day, title=title.strip()[:TITLE_LENGTH], quota=quota, hours=hours)
    )
    told = [f"{span.opens}-{span.closes}" for span in spans]
    return _changed(unit, actor, office, "office.special_day_set", day=day, hours=told, quota=quota)


@transaction
def drop_special_day(unit: Unit, actor: Actor, day: date) -> Changed | Refused:
    """The weekday's hours hold again. Refused: `not_found`."""
    office = _office(unit, actor)
    if not _forget_day(unit, office, day):
        return Refused("not_found", 404)
    return _changed(unit, actor, office, "office.special_day_dropped", day=day)


def _office(unit: Unit, actor: Actor) -> Office:
    return unit.session.get_one(Office, actor.office_id, with_for_update=True)


def _lane(unit: Unit, office: Office, number: int) -> Lane | None:
    return unit.session.scalar(select(Lane).where(Lane.office_id == office.id, Lane.number == number))


def _forget_day(unit: Unit, office: Office, day: date) -> int:
    chosen = delete(SpecialDay).where(SpecialDay.office_id == office.id, SpecialDay.day == day)
    return unit.session.connection().execute(chosen).rowcount


def _changed(unit: Unit, actor: Actor, office: Office, action: str, **details: Any) -> Changed:
    unit.session.flush()
    Office.raise_revision(unit.conn, office.id)
    audit.record(unit, actor, action, f"office:{office.id}", **details)
    unit.emit(OfficeChanged(office.id))
    return Changed(office.id, office.code, office.revision + 1)
