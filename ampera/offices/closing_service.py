"""What a supervisor does in the middle of a day: close the line, open it again, put a message up for a while.

Both end by themselves at their `until`; nobody has to remember them.
"""

from datetime import datetime, timedelta
from typing import Any

from ampera import clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.changes import Changed, changed, office_of, unchanged
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.offices.options.validation import is_option
from ampera.offices.refusals import OfficeRefusal

LONGEST = timedelta(days=366)


@transaction
def close_now(unit: Unit, actor: Actor, reason: str, until: datetime | None = None) -> Changed | Refused:
    """The line takes no new vehicle until `until`, or until somebody opens it again. The reason stays in the history.

    Vehicles that are in the line are still served. Refused: `reason_missing`, `bad_line`, `bad_until`.
    """
    office = office_of(unit, actor)
    if not reason.strip():
        return Refused(Refusal.REASON_MISSING, 422, {"reason": Refusal.REASON_MISSING})
    if until is not None and not _is_ahead(unit, until):
        return Refused(OfficeRefusal.BAD_UNTIL, 422, {"until": OfficeRefusal.BAD_UNTIL})
    closing = {"since": clock.iso(unit.at), "reason": " ".join(reason.split()), "until": clock.iso(until)}
    if not is_option("closed_by_hand", closing):
        return Refused(OfficeRefusal.BAD_LINE, 422, {"reason": OfficeRefusal.BAD_LINE})
    _set(office, "closed_by_hand", closing)
    return changed(unit, actor, office, "office.closed", reason=closing["reason"], until=closing["until"])


@transaction
def open_again(unit: Unit, actor: Actor) -> Changed:
    """The hours hold again. Opening a line that nobody closed changes nothing."""
    office = office_of(unit, actor)
    if option(office.options, "closed_by_hand") is None:
        return unchanged(office)
    _set(office, "closed_by_hand", None)
    return changed(unit, actor, office, "office.opened")


@transaction
def set_notice(unit: Unit, actor: Actor, text: str, until: datetime) -> Changed | Refused:
    """A line on the screens instead of the standing message, until `until`. Refused: `bad_line`, `bad_until`."""
    office = office_of(unit, actor)
    if not _is_ahead(unit, until):
        return Refused(OfficeRefusal.BAD_UNTIL, 422, {"until": OfficeRefusal.BAD_UNTIL})
    notice = {"text": text, "until": clock.iso(until)}
    if not text or not is_option("notice", notice):
        return Refused(OfficeRefusal.BAD_LINE, 422, {"message": OfficeRefusal.BAD_LINE})
    _set(office, "notice", notice)
    return changed(unit, actor, office, "office.notice_set", text=text, until=notice["until"])


@transaction
def drop_notice(unit: Unit, actor: Actor) -> Changed:
    """The standing message is shown again at once."""
    office = office_of(unit, actor)
    if option(office.options, "notice") is None:
        return unchanged(office)
    _set(office, "notice", None)
    return changed(unit, actor, office, "office.notice_dropped")


def _is_ahead(unit: Unit, until: datetime) -> bool:
    return unit.at < until <= unit.at + LONGEST


def _set(office: Office, name: str, value: dict[str, Any] | None) -> None:
    kept = {one: kept for one, kept in office.options.items() if one != name}
    office.options = kept if value is None else {**kept, name: value}
