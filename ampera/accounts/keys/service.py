"""API keys are made, replaced and revoked. The key itself is shown once by the caller; here is only its hash."""

from datetime import timedelta

from ampera import audit
from ampera.accounts.events import AccessEnded
from ampera.accounts.keys.limits import Wish, stored
from ampera.accounts.models import ApiKey
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.roles import may_hold
from ampera.accounts.writes import Named, notify, own_staff
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused

OVERLAP_HOURS = 24  # in which a replaced key still works
MOST_OVERLAP_HOURS = 168


@transaction
def create(unit: Unit, actor: Actor, staff_id: int, wish: Wish, key_hash: str) -> Named | Refused:
    """An API key that acts as this member of staff within the limits of the wish.

    Refused: `not_found`, `role_above_owner`, or the first of the fields that cannot be so, with all of them.
    """
    if wrong := wish.wrong():
        return Refused(next(iter(wrong.values())), 422, wrong)
    staff = own_staff(unit, actor, staff_id)
    if staff is None or not staff.is_active:
        return Refused(Refusal.NOT_FOUND, 404)
    if not may_hold(staff.role, wish.role):
        return Refused(AccountRefusal.ROLE_ABOVE_OWNER, 422, {"role": AccountRefusal.ROLE_ABOVE_OWNER})
    key = ApiKey(
        staff_id=staff.id,
        role=wish.role,
        name=wish.name,
        key_hash=key_hash,
        created_at=unit.at,
        expires_at=unit.at + wish.length,
        scopes=stored(wish.scopes),
        networks=stored(wish.networks),
    )
    _add(unit, key)
    limits = {"scopes": key.scopes, "networks": key.networks}
    audit.record(
        unit, actor, "key.created", f"key:{key.id}", role=wish.role, staff=staff.id, days=wish.days,
        **{name: value for name, value in limits.items() if value is not None},
    )  # fmt: skip
    notify(unit, actor, staff, "key_created")
    return Named(key.id, key.name)


@transaction
def rotate(unit: Unit, actor: Actor, key_id: int, key_hash: str, hours: int = OVERLAP_HOURS) -> Named | Refused:
    """A new key with the limits of this one, which ends after so many hours: until then its program may change over.

    Refused: `not_found`; `key_ended` for a key that works no more; `invalid` (the hours); `role_above_owner`.
    """
    if not 0 <= hours <= MOST_OVERLAP_HOURS:
        return Refused(Refusal.INVALID, 422, {"hours": Refusal.INVALID})
    old = _own_key(unit, actor, key_id)
    if old is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if old.revoked_at or not old.staff.is_active or (old.expires_at and old.expires_at <= unit.at):
        return Refused(AccountRefusal.KEY_ENDED, 409)
    if not may_hold(old.staff.role, old.role):
        return Refused(AccountRefusal.ROLE_ABOVE_OWNER, 422)
    length = old.expires_at - old.created_at if old.expires_at else Wish(old.role, old.name).length
    new = ApiKey(
        staff_id=old.staff_id,
        role=old.role,
        name=old.name,
        key_hash=key_hash,
        created_at=unit.at,
        expires_at=unit.at + length,
        scopes=old.scopes,
        networks=old.networks,
    )
    _add(unit, new)
    end = unit.at + timedelta(hours=hours)
    old.expires_at = min(old.expires_at or end, end)
    audit.record(unit, actor, "key.rotated", f"key:{new.id}", before=old.id, hours=hours)
    notify(unit, actor, old.staff, "key_created")
    unit.emit(AccessEnded(old.staff.office_id))
    return Named(new.id, new.name)


@transaction
def revoke(unit: Unit, actor: Actor, key_id: int) -> Named | Refused:
    """It stops working at once. Refused: `not_found`."""
    key = _own_key(unit, actor, key_id)
    if key is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if key.revoked_at is None:
        key.revoked_at = unit.at
        audit.record(unit, actor, "key.revoked", f"key:{key.id}")
        unit.emit(AccessEnded(key.staff.office_id))
    return Named(key.id, key.name)


def _add(unit: Unit, key: ApiKey) -> None:
    unit.session.add(key)
    unit.session.flush()


def _own_key(unit: Unit, actor: Actor, key_id: int) -> ApiKey | None:
    """The key if it belongs to the actor's office; a command on the server reaches every office."""
    key = unit.session.get(ApiKey, key_id)
    return key if key and actor.office_id in (None, key.staff.office_id) else None
