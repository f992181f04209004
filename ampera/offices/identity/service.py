"""Who an office is: its name in two languages, its address, its time zone. Papers, screens and messages show them."""

from dataclasses import dataclass

from ampera.audit import Actor
from ampera.clock import ZONES
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.offices.changes import Changed, changed, office_of, unchanged
from ampera.offices.events import TimezoneChanging
from ampera.offices.models import Office
from ampera.offices.refusals import OfficeRefusal

NAME_LENGTH, ADDRESS_LENGTH = 80, 200


@dataclass(frozen=True)
class Identity:
    """What to change; None stays as it is. Only the name may not be empty."""

    name: str | None = None
    name_en: str | None = None
    address: str | None = None
    timezone: str | None = None


@transaction
def set_identity(unit: Unit, actor: Actor, wanted: Identity) -> Changed | Refused:
    """Change the identity of the actor's office.

    Refused: `office_name_missing`, `bad_timezone`, and `timezone_in_use` once the office has visits or bookings:
    their days and times were written on the clock of the zone.
    """
    office = office_of(unit, actor)
    given = {name: value for name, value in _clean(wanted).items() if value is not None}
    new = {name: value for name, value in given.items() if value != getattr(office, name)}
    if refused := _unfit(unit, office, new):
        return refused
    if not new:
        return unchanged(office)
    before = {name: getattr(office, name) for name in new}
    for name, value in new.items():
        setattr(office, name, value)
    return changed(unit, actor, office, "office.identity_set", before=before, after=new)


def _clean(wanted: Identity) -> dict[str, str | None]:
    return {
        "name": _line(wanted.name, NAME_LENGTH),
        "name_en": _line(wanted.name_en, NAME_LENGTH),
        "address": _line(wanted.address, ADDRESS_LENGTH),
        "timezone": wanted.timezone,
    }


def _line(text: str | None, longest: int) -> str | None:
    """On one line: papers have one for it."""
    return None if text is None else " ".join(text.replace("\0", "").split())[:longest].strip()


def _unfit(unit: Unit, office: Office, new: dict[str, str]) -> Refused | None:
    if new.get("name") == "":
        return Refused(OfficeRefusal.OFFICE_NAME_MISSING, 422, {"name": OfficeRefusal.OFFICE_NAME_MISSING})
    if "timezone" not in new:
        return None
    if new["timezone"] not in ZONES:
        return Refused(OfficeRefusal.BAD_TIMEZONE, 422, {"timezone": OfficeRefusal.BAD_TIMEZONE})
    changing = TimezoneChanging(office.id)
    unit.emit(changing)
    if changing.in_use_by:
        return Refused(OfficeRefusal.TIMEZONE_IN_USE, 409, {"timezone": OfficeRefusal.TIMEZONE_IN_USE})
    return None
