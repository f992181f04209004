"""The reads of a scan and their rows. The statements are built once, because a vehicle waits for every scan."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from ampera.offices.models import Lane, Office
from ampera.pickups.models import Pickup, PickupCode
from ampera.sql.statements import TypedSelect
from ampera.visits.cards import ScanAnswer
from ampera.visits.models import Scan, Visit, VisitPickup
from ampera.visits.rows import Options


class ScanLane(NamedTuple):
    """The lane that scans, with its office; `body_hash` and `answer` when this scan id was answered before."""

    id: int
    number: int
    kind: str
    is_open: bool
    office_id: int
    site: str
    options: Options
    timezone: str
    body_hash: str | None
    answer: ScanAnswer | None


class FoundCode(NamedTuple):
    """The pickup of a code, the office that keeps its books, and the open visit of this office that holds it.

    `found_by` is how the pickup was found for that visit.
    """

    pickup_id: int
    state: str
    office_id: int
    office_name: str
    options: Options
    visit_id: int | None
    visit_day: date | None
    visit_state: str | None
    visit_kind: str | None
    claim_staff_id: int | None
    claim_lane_id: int | None
    claim_since: datetime | None
    claim_until: datetime | None
    parked_at: datetime | None
    found_by: str | None


class LastVisit(NamedTuple):
    """The last visit of a pickup on one day, and how the pickup was found for it."""

    id: int
    state: str
    kind: str
    found_by: str | None


class SeenScan(NamedTuple):
    scan_id: str


# One statement where two would do: each statement costs about a fifth of the durable commit.
LANE_AND_STORED = TypedSelect(
    ScanLane,
    select(
        Lane.id,
        Lane.number,
        Lane.kind,
        Lane.is_open,
        Lane.office_id,
        Lane.site,
        Office.options,
        Office.timezone,
        Scan.body_hash,
        Scan.answer,
    )
    .join(Office, Office.id == Lane.office_id)
    .outerjoin(Scan, Scan.scan_id == bindparam("scan_id"))
    .where(Lane.office_id == bindparam("office_id"), Lane.number == bindparam("number")),
)
_FOUND = TypedSelect(
    FoundCode,
    select(
        PickupCode.pickup_id,
        PickupCode.state,
        Pickup.office_id,
        Office.name.label("office_name"),
        Office.options,
        Visit.id.label("visit_id"),
        Visit.day.label("visit_day"),
        Visit.state.label("visit_state"),
        Visit.kind.label("visit_kind"),
        Visit.claim_staff_id,
        Visit.claim_lane_id,
        Visit.claim_since,
        Visit.claim_until,
        Visit.parked_at,
        VisitPickup.found_by,
    )
    .join(Pickup, Pickup.id == PickupCode.pickup_id)
    .join(Office, Office.id == Pickup.office_id)
    .outerjoin(VisitPickup, (VisitPickup.pickup_id == Pickup.id) & VisitPickup.is_open)
    .outerjoin(Visit, (Visit.id == VisitPickup.visit_id) & (Visit.office_id == bindparam("here"))),
)
BY_CODE = _FOUND.where(PickupCode.code_hash == bindparam("code_hash"))
BY_SHORT_CODE = _FOUND.where(PickupCode.booking_code == bindparam("short_code"))
BY_PICKUP = (  # by its newest code: a lookup opens nothing that a revoked code would not
    _FOUND.where(PickupCode.pickup_id == bindparam("pickup")).order_by(PickupCode.generation.desc()).limit(1)
)
LAST_VISIT = TypedSelect(
    LastVisit,
    select(Visit.id, Visit.state, Visit.kind, VisitPickup.found_by)
    .join(VisitPickup, VisitPickup.visit_id == Visit.id)
    .where(
        VisitPickup.pickup_id == bindparam("pickup_id"),
        VisitPickup.out_at.is_(None),
        Visit.office_id == bindparam("office_id"),
        Visit.day == bindparam("day"),
    )
    .order_by(Visit.id.desc())
    .limit(1),
)
SCANNED_HERE = TypedSelect(
    SeenScan,
    select(Scan.scan_id)
    .where(
        Scan.pickup_id == bindparam("pickup_id"),
        Scan.lane_id == bindparam("lane_id"),
        Scan.at > bindparam("since"),
        Scan.verdict.in_(("ok", "repeat")),
    )
    .limit(1),
)
