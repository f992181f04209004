"""Makes and revokes badges. The caller draws the value; the database keeps its hash."""

from ampera import audit
from ampera.accounts.badges.models import Badge
from ampera.accounts.badges.writes import forget_badge
from ampera.accounts.writes import Named, notify, own_staff
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused


@transaction
def make(unit: Unit, actor: Actor, staff_id: int, value_hash: str) -> Named | Refused:
    """A badge for this account of the office; an earlier one ends. Refused: `not_found`, also when it is disabled."""
    staff = own_staff(unit, actor, staff_id)
    if staff is None or not staff.is_active:
        return Refused(Refusal.NOT_FOUND, 404)
    forget_badge(unit, staff.id)
    unit.session.add(Badge(staff_id=staff.id, value_hash=value_hash, made_at=unit.at))
    audit.record(unit, actor, "staff.badge_made", f"staff:{staff.id}")
    if staff.id != actor.staff_id:
        notify(unit, actor, staff, "badge_made")
    return Named(staff.id, staff.name)


@transaction
def revoke(unit: Unit, actor: Actor, staff_id: int) -> Named | Refused:
    """The badge ends at once. Refused: `not_found`."""
    staff = own_staff(unit, actor, staff_id)
    if staff is None or not forget_badge(unit, staff.id):
        return Refused(Refusal.NOT_FOUND, 404)
    audit.record(unit, actor, "staff.badge_revoked", f"staff:{staff.id}")
    return Named(staff.id, staff.name)
