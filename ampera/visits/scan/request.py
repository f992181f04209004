"""The request of one scan or lookup: what a tablet sends, and by what a repeated request is recognised."""

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date

from ampera.errors import Refused
from ampera.typed_text import typed
from ampera.visits import plates
from ampera.visits.refusals import VisitRefusal


@dataclass(frozen=True)
class Vehicle:
    """What the officer entered about a new vehicle. Without a `kind` the lane decides; `priority` is a reason."""

    kind: str | None = None
    priority: str | None = None
    plate: str | None = None
    look: str | None = field(default=None, repr=False)

    def normalised(self) -> "Vehicle | Refused":
        """The vehicle with its plate and its look in normal form. Refused: `bad_plate`, `bad_look`."""
        plate = plates.normal(self.plate) if self.plate else None
        if self.plate and plate is None:
            return Refused(VisitRefusal.BAD_PLATE, 422, {"plate": VisitRefusal.BAD_PLATE})
        look = plates.look(self.look) if self.look else None
        if self.look and look is None:
            return Refused(VisitRefusal.BAD_LOOK, 422, {"look": VisitRefusal.BAD_LOOK})
        return replace(self, plate=plate, look=look)


NOT_ENTERED = Vehicle()
LAST = 6  # digits of an application number that people read out in place of the whole
_SEPARATORS = re.compile(r"[\s./\u2010-\u2015-]+")
_NUMBER = re.compile(rf"[0-9]{{{LAST}}}|[0-9]{{8,20}}")


def application_digits(text: str) -> str | None:
    """A whole application number or its last digits, without separators; None for any other text."""
    digits = _SEPARATORS.sub("", typed(text))
    return digits if _NUMBER.fullmatch(digits) else None


@dataclass(frozen=True)
class ScanRequest:
    """One scan at lane number `lane`. The client makes `scan_id`; `visit_id` names a vehicle to add the code to.

    `for_supervisor`: a vehicle whose books are overdue is let in, to wait for a supervisor's decision.
    """

    scan_id: str
    lane: int
    input: str
    visit_id: int | None = None
    vehicle: Vehicle = NOT_ENTERED
    for_supervisor: bool = False

    def body_hash(self, office_id: int | None) -> str:
        """SHA-256 of the whole request. Stored hashes are compared with it for ever: never change the order."""
        vehicle = (self.vehicle.kind or "", self.vehicle.priority or "", self.vehicle.plate or "")
        values: tuple[str, ...] = (str(office_id), str(self.lane), str(self.visit_id or ""), *vehicle, self.input)
        values += ("for_supervisor",) if self.for_supervisor else ()
        values += ("look", self.vehicle.look) if self.vehicle.look else ()
        return hashlib.sha256("\0".join(values).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class LookupRequest:
    """One lookup without a code at lane number `lane`: an application number or its end, and the holder's birth date.

    Neither is part of `repr`, so no log line contains it.
    """

    lookup_id: str
    lane: int
    application_no: str = field(repr=False)
    birth_date: date = field(repr=False)
    visit_id: int | None = None
    vehicle: Vehicle = NOT_ENTERED
    for_supervisor: bool = False

    def content(self, office_id: int | None) -> dict[str, object]:
        """The whole request for a keyed mark: a plain hash would give the birth date to anybody who tries all dates."""
        vehicle = [self.vehicle.kind, self.vehicle.priority, self.vehicle.plate]
        vehicle += [self.vehicle.look] if self.vehicle.look else []
        asked = [office_id, self.lane, self.visit_id, self.application_no, self.birth_date.isoformat()]
        return {"asked": asked, "vehicle": vehicle, "for_supervisor": self.for_supervisor}
