"""The request of one scan: what a tablet sends, and the hash by which a repeated request is recognised."""

import hashlib
from dataclasses import dataclass, replace

from ampera.errors import Refused
from ampera.visits import plates
from ampera.visits.refusals import VisitRefusal


@dataclass(frozen=True)
class Vehicle:
    """What the officer entered about a new vehicle. Without a `kind` the lane decides; `priority` is a reason."""

    kind: str | None = None
    priority: str | None = None
    plate: str | None = None

    def normalised(self) -> "Vehicle | Refused":
        """The vehicle with its plate in normal form. Refused: `bad_plate`."""
        if not self.plate:
            return self
        plate = plates.normal(self.plate)
        if plate is None:
            return Refused(VisitRefusal.BAD_PLATE, 422, {"plate": VisitRefusal.BAD_PLATE})
        return replace(self, plate=plate)


NOT_ENTERED = Vehicle()


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
        return hashlib.sha256("\0".join(values).encode("utf-8", "replace")).hexdigest()
