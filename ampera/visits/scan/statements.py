"""The statements that a scan reads by, built once: a scan is on the way of a waiting car."""

from sqlalchemy import bindparam, select

from ampera.offices.models import Lane, Office
from ampera.pickups.models import Pickup, PickupCode
from ampera.visits.models import Scan, Visit, VisitPickup

# One statement where two would do: each costs as much as a fifth of the durable commit.
LANE_AND_STORED = (
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
    .where(Lane.office_id == bindparam("office_id"), Lane.number == bindparam("number"))
)
FOUND = (
    select(
        PickupCode.pickup_id,
        PickupCode.state,
        Pickup.office_id,
        Pickup.locked_at,
        Office.name.label("office_name"),
        Office.options,
        Visit.id.label("visit_id"),
        Visit.day.label("visit_day"),
        Visit.state.label("visit_state"),
        Visit.claim_lane_id,
        Visit.claim_since,
        Visit.claim_until,
    )
    .join(Pickup, Pickup.id == PickupCode.pickup_id)
    .join(Office, Office.id == Pickup.office_id)
    .outerjoin(VisitPickup, (VisitPickup.pickup_id == Pickup.id) & VisitPickup.is_open)
    .outerjoin(Visit, (Visit.id == VisitPickup.visit_id) & (Visit.office_id == bindparam("here")))
)
BY_CODE = FOUND.where(PickupCode.code_hash == bindparam("code_hash"))
BY_BOOKING = FOUND.where(PickupCode.booking_code == bindparam("booking_code"))
LAST_VISIT = (
    select(Visit.id, Visit.state)
    .join(VisitPickup, VisitPickup.visit_id == Visit.id)
    .where(
        VisitPickup.pickup_id == bindparam("pickup_id"),
        VisitPickup.out_at.is_(None),
        Visit.office_id == bindparam("office_id"),
        Visit.day == bindparam("day"),
    )
    .order_by(Visit.id.desc())
    .limit(1)
)
OPEN_LANES = (
    select(Lane.number, Lane.kind)
    .where(Lane.office_id == bindparam("office_id"), Lane.site == bindparam("site"), Lane.is_open)
    .order_by(Lane.number)
)
SCANNED_HERE = (
    select(Scan.scan_id)
    .where(
        Scan.pickup_id == bindparam("pickup_id"),
        Scan.lane_id == bindparam("lane_id"),
        Scan.at > bindparam("since"),
        Scan.verdict.in_(("ok", "repeat")),
    )
    .limit(1)
)
