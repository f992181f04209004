"""What the services of accounts, factors and keys share: whose account it is, and who learns of a change."""

from dataclasses import dataclass

from sqlalchemy import select, update

from ampera import audit
from ampera.accounts.badges.writes import forget_badge
from ampera.accounts.events import AccessEnded
from ampera.accounts.models import AccountNotice, ApiKey, SignIn, Staff
from ampera.accounts.pins.writes import forget_pins
from ampera.accounts.roles import may_hold
from ampera.audit import Actor
from ampera.db import Unit


@dataclass(frozen=True)
class Named:
    """The id and the name of an account or a key."""

    id: int
    name: str


def own_staff(unit: Unit, actor: Actor, staff_id: int) -> Staff | None:
    """The account if it belongs to the actor's office; a command on the server reaches every office."""
    staff = unit.session.get(Staff, staff_id)
    return staff if staff and actor.office_id in (None, staff.office_id) else None


def notify(unit: Unit, actor: Actor, staff: Staff, kind: str) -> None:
    """Let the owner know, and the supervisors and administrators of the office: nobody takes over an account alone."""
    watchers = select(Staff.id).where(
        Staff.office_id == staff.office_id, Staff.role.in_(("supervisor", "admin")), Staff.is_active
    )
    for staff_id in {staff.id, *unit.session.scalars(watchers)} - {actor.staff_id}:
        if not (kind == "created" and staff_id == staff.id):
            unit.session.add(
                AccountNotice(staff_id=staff_id, about_id=staff.id, kind=kind, by_name=actor.name, at=unit.at)
            )


def end_other_sessions(unit: Unit, actor: Actor) -> None:
    """End every session of the account but this one, and its PINs on all browsers."""
    forget_pins(unit, actor.staff_id)
    others = update(SignIn).where(SignIn.staff_id == actor.staff_id, SignIn.id != actor.sign_in_id)
    unit.session.execute(others.where(SignIn.ended_at.is_(None)).values(ended_at=unit.at))


def end_access(unit: Unit, actor: Actor, staff: Staff, role: str = "") -> None:
    """End the account's sessions, PINs, badge and keys; with `role` only the keys that this role may not hold."""
    unit.session.execute(
        update(SignIn).where(SignIn.staff_id == staff.id, SignIn.ended_at.is_(None)).values(ended_at=unit.at)
    )
    forget_pins(unit, staff.id)
    forget_badge(unit, staff.id)
    for key in unit.session.scalars(select(ApiKey).where(ApiKey.staff_id == staff.id, ApiKey.revoked_at.is_(None))):
        if not may_hold(role, key.role):
            key.revoked_at = unit.at
            audit.record(unit, actor, "key.revoked", f"key:{key.id}", staff=staff.id)
    unit.emit(AccessEnded(staff.office_id))
