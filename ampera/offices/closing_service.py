"""A supervisor closes the office, opens it again, and shows a banner for a while.

A closure and a banner end by themselves at their `until`.
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
    """Take no new vehicle until `until`, or until the office is opened again. The audit keeps the reason.

    Vehicles in the queue are still served. Refused: `reason_missing`, `bad_line`, `bad_until`.
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
    """End a closure by hand, so that the hours apply again. Without a closure nothing changes."""
    office = office_of(unit, actor)
    if option(office.options, "closed_by_hand") is None:
        return unchanged(office)
    _set(office, "closed_by_hand", None)
    return changed(unit, actor, office, "office.opened")


@transaction
def set_banner(unit: Unit, actor: Actor, text: str, until: datetime) -> Changed | Refused:
    """Show a banner instead of the standing message until `until`. Refused: `bad_line`, `bad_until`."""
    office = office_of(unit, actor)
    if not _is_ahead(unit, until):
        return Refused(OfficeRefusal.BAD_UNTIL, 422, {"until": OfficeRefusal.BAD_UNTIL})
    banner = {"text": text, "until": clock.iso(until)}
    if not text or not is_option("notice", banner):
        return Refused(OfficeRefusal.BAD_LINE, 422, {"message": OfficeRefusal.BAD_LINE})
    _set(office, "notice", banner)
    return changed(unit, actor, office, "office.notice_set", text=text, until=banner["until"])


@transaction
def drop_banner(unit: Unit, actor: Actor) -> Changed:
    """Show the standing message again at once."""
    office = office_of(unit, actor)
    if option(office.options, "notice") is None:
        return unchanged(office)
    _set(office, "notice", None)
    return changed(unit, actor, office, "office.notice_dropped")


def _is_ahead(unit: Unit, until: datetime) -> bool:
    return unit.at < until <= unit.at + LONGEST


def _set(office: Office, name: str, value: dict[str, Any] | None) -> None:
    others = {other: kept for other, kept in office.options.items() if other != name}
    office.options = others if value is None else {**others, name: value}
