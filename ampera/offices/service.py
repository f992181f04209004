"""Changes of an office: lanes, hours, special days, options. Each change is audited and shown at once.

An actor with an office changes that office; a command on the server names its office.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import delete, select

from ampera.audit import Actor
from ampera.clock import WIB
from ampera.db import Unit, long_transaction, transaction
from ampera.errors import ErrorCode, Refusal, Refused
from ampera.offices import queries
from ampera.offices.calendar.hours import Span
from ampera.offices.changes import (
    Changed,
    changed,
    changed_together,
    lane_of,
    office_of,
    put_hours,
    put_options,
    unchanged,
)
from ampera.offices.models import Lane, Office, SpecialDay, SpecialHours
from ampera.offices.options.defaults import option
from ampera.offices.options.validation import KINDS, are_spans, is_code, is_option, is_quota
from ampera.offices.refusals import OfficeRefusal

TITLE_LENGTH = 80
MOST_WINDOWS = 9


@dataclass(frozen=True)
class LaneSettings:
    """A lane's kind of vehicle, its name for staff, its site ("" is the office itself), and its windows (1-9)."""

    kind: str = "mixed"
    name: str = ""
    site: str = ""
    windows: int = 1


@transaction
def create_office(
    unit: Unit, actor: Actor, code: str, name: str, lanes: int = 1, timezone: str = WIB, address: str = ""
) -> Changed | Refused:
    """A new office with mixed lanes and no hours yet, so it is closed. Refused: `bad_code`, `code_taken`."""
    if not is_code(code):
        return Refused(OfficeRefusal.BAD_CODE, 422, {"code": OfficeRefusal.BAD_CODE})
    if unit.session.scalar(select(Office.id).where(Office.code == code)):
        return Refused(OfficeRefusal.CODE_TAKEN, 422, {"code": OfficeRefusal.CODE_TAKEN})
    office = Office(code=code, name=name, timezone=timezone, address=" ".join(address.split()), options={})
    unit.session.add(office)
    unit.session.flush()
    unit.session.add_all(Lane(office_id=office.id, number=number) for number in range(1, lanes + 1))
    return changed(unit, replace(actor, office_id=office.id), office, "office.created", lanes=lanes)


@transaction
def add_lane(unit: Unit, actor: Actor, number: int, wanted: LaneSettings) -> Changed | Refused:
    """One more lane. Refused: `unknown_kind`, `bad_windows`, `lane_taken`."""
    office = office_of(unit, actor)
    if refused := _unfit(wanted):
        return refused
    if number < 1 or lane_of(unit, office, number):
        return Refused(OfficeRefusal.LANE_TAKEN, 422, {"number": OfficeRefusal.LANE_TAKEN})
    lane = Lane(office_id=office.id, number=number, **asdict(_shortened(wanted)))
    unit.session.add(lane)
    return changed(unit, actor, office, "lane.added", lane=number, kind=lane.kind, site=lane.site, windows=lane.windows)


@transaction
def set_lane(unit: Unit, actor: Actor, number: int, wanted: LaneSettings) -> Changed | Refused:
    """Change a lane; a vehicle in the lane stays. Refused: `unknown_lane`, `unknown_kind`, `bad_windows`."""
    office = office_of(unit, actor)
    lane = lane_of(unit, office, number)
    if lane is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 404)
    if refused := _unfit(wanted):
        return refused
    for field, value in asdict(_shortened(wanted)).items():
        setattr(lane, field, value)
    if not unit.session.is_modified(lane):
        return unchanged(office)
    return changed(unit, actor, office, "lane.set", lane=number, kind=lane.kind, site=lane.site, windows=lane.windows)


@transaction
def set_lane_open(unit: Unit, actor: Actor, number: int, is_open: bool) -> Changed | Refused:
    """Open or close a lane. A vehicle in the lane is still served. Refused: `unknown_lane`."""
    office = office_of(unit, actor)
    lane = lane_of(unit, office, number)
    if lane is None:
        return Refused(OfficeRefusal.UNKNOWN_LANE, 404)
    if lane.is_open == is_open:
        return unchanged(office)
    lane.is_open = is_open
    return changed(unit, actor, office, "lane.opened" if is_open else "lane.closed", lane=number)


@long_transaction
def set_option(unit: Unit, actor: Actor, name: str, value: object) -> Changed | Refused:
    """Set one of `options.OPTIONS`, the screens' `message` among them. Refused: `bad_option`."""
    office = office_of(unit, actor)
    if not is_option(name, value):
        return Refused(OfficeRefusal.BAD_OPTION, 422, {name: OfficeRefusal.BAD_OPTION})
    return changed_together(unit, actor, office, put_options(unit, office, {name: value}))


@transaction
def set_hours(unit: Unit, actor: Actor, weekday: int, spans: Sequence[Span]) -> Changed | Refused:
    """The hours of one weekday (0 = Monday); none means closed. Refused: `bad_hours`."""
    office = office_of(unit, actor)
    if not _is_day(weekday, spans):
        return Refused(OfficeRefusal.BAD_HOURS, 422, {"hours": OfficeRefusal.BAD_HOURS})
    return changed_together(unit, actor, office, [put_hours(unit, office, weekday, spans)])


@long_transaction
def save_settings(
    unit: Unit, actor: Actor, options: Mapping[str, object], week: Mapping[int, Sequence[Span]]
) -> Changed | Refused:
    """All of these options and weekdays' hours, or none of them. What is so already is no change.

    Refused, by option or `hours.WEEKDAY`: `bad_option`, `bad_hours`.
    """
    office = office_of(unit, actor)
    wrong: dict[str, ErrorCode] = {
        **{name: OfficeRefusal.BAD_OPTION for name, value in options.items() if not is_option(name, value)},
        **{f"hours.{day}": OfficeRefusal.BAD_HOURS for day, spans in week.items() if not _is_day(day, spans)},
    }
    if wrong:
        return Refused(next(iter(wrong.values())), 422, wrong)
    different = {name: value for name, value in options.items() if value != option(office.options, name)}
    entries = put_options(unit, office, different)
    present = queries.week_of(unit.session, office.id)
    entries += [
        put_hours(unit, office, day, spans) for day, spans in week.items() if list(spans) != present.get(day, [])
    ]
    return changed_together(unit, actor, office, entries) if entries else unchanged(office)


@transaction
def set_special_day(
    unit: Unit, actor: Actor, day: date, title: str, spans: Sequence[Span], quota: int | None = None, title_en: str = ""
) -> Changed | Refused:
    """Give a day its own hours (none: closed) instead of its weekday's, and its own quota instead of the office's.

    English pages show the title where `title_en` is empty. Refused: `bad_hours`, `bad_quota`, `title_missing`.
    """
    office = office_of(unit, actor)
    if not are_spans(spans):
        return Refused(OfficeRefusal.BAD_HOURS, 422, {"hours": OfficeRefusal.BAD_HOURS})
    if not is_quota(quota):
        return Refused(OfficeRefusal.BAD_QUOTA, 422, {"quota": OfficeRefusal.BAD_QUOTA})
    if not _short(title):
        return Refused(OfficeRefusal.TITLE_MISSING, 422, {"title": OfficeRefusal.TITLE_MISSING})
    _forget_day(unit, office, day)
    hours = [SpecialHours(opens=span.opens, closes=span.closes) for span in spans]
    titles = {"title": _short(title), "title_en": _short(title_en)}
    unit.session.add(SpecialDay(office_id=office.id, day=day, **titles, quota=quota, hours=hours))
    written = [f"{span.opens}-{span.closes}" for span in spans]
    return changed(unit, actor, office, "office.special_day_set", day=day, hours=written, quota=quota)


@transaction
def drop_special_day(unit: Unit, actor: Actor, day: date) -> Changed | Refused:
    """Remove a special day, so that the weekday's hours apply. Refused: `not_found`."""
    office = office_of(unit, actor)
    if not _forget_day(unit, office, day):
        return Refused(Refusal.NOT_FOUND, 404)
    return changed(unit, actor, office, "office.special_day_dropped", day=day)


def _is_day(weekday: int, spans: Sequence[Span]) -> bool:
    return weekday in range(7) and are_spans(spans)


def _forget_day(unit: Unit, office: Office, day: date) -> int:
    chosen = delete(SpecialDay).where(SpecialDay.office_id == office.id, SpecialDay.day == day)
    return unit.session.connection().execute(chosen).rowcount


def _shortened(wanted: LaneSettings) -> LaneSettings:
    return replace(wanted, name=_short(wanted.name), site=_short(wanted.site))


def _unfit(wanted: LaneSettings) -> Refused | None:
    if wanted.kind not in KINDS:
        return Refused(OfficeRefusal.UNKNOWN_KIND, 422, {"kind": OfficeRefusal.UNKNOWN_KIND})
    if wanted.windows not in range(1, MOST_WINDOWS + 1):
        return Refused(OfficeRefusal.BAD_WINDOWS, 422, {"windows": OfficeRefusal.BAD_WINDOWS})
    return None


def _short(text: str) -> str:
    """On one line, as long as a sign on a wall."""
    return " ".join(text.split())[:TITLE_LENGTH].strip()
