"""Reissue or revoke the code of a pickup, and unlock a pickup. Refusals are audited like changes."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from ampera import audit, events
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.passports import queries
from ampera.passports.events import BookChanged
from ampera.passports.fields import MAX_REASON
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups.events import BookCameBack, CodeReissued, PickupChanged
from ampera.pickups.issuance_service import add_codes, end_current
from ampera.pickups.models import Pickup, PickupCode


@dataclass(frozen=True)
class Done:
    """The pickup that was changed."""

    pickup_id: int


@transaction
def reissue(unit: Unit, actor: Actor, pickup_id: int, reason: str = "") -> Done | Refused:
    """Make a new code, link and short code and revoke the old ones. A locked pickup stays locked.

    Refused: `not_found`; `wrong_state` when no book of the pickup is on the shelf.
    """
    if _office(unit, actor, pickup_id) is None:
        return _refuse(unit, actor, pickup_id, "reissue", Refused(Refusal.NOT_FOUND, 404))
    if not _has_books(unit, pickup_id):
        return _refuse(unit, actor, pickup_id, "reissue", Refused(Refusal.WRONG_STATE, 409))
    return _renew(unit, actor, pickup_id, reason)


@transaction
def revoke(unit: Unit, actor: Actor, pickup_id: int, reason: str = "") -> Done | Refused:
    """Revoke the current code, link and short code. Refused: `not_found`, `wrong_state` (no current code)."""
    if _office(unit, actor, pickup_id) is None:
        return _refuse(unit, actor, pickup_id, "revoke", Refused(Refusal.NOT_FOUND, 404))
    if not end_current(unit, pickup_id):
        return _refuse(unit, actor, pickup_id, "revoke", Refused(Refusal.WRONG_STATE, 409))
    return _done(unit, actor, pickup_id, "code_revoked", reason=_line(reason))


@transaction
def unlock(unit: Unit, actor: Actor, pickup_id: int, reason: str = "") -> Done | Refused:
    """Unlock the books of a pickup that misses locked, each at most `queries.UNLOCKS_A_DAY` times in 24 hours.

    Refused: `forbidden`, `not_found`, `wrong_state` (no book is locked), `too_many_requests`.
    """
    if actor.role != "supervisor":
        return _refuse(unit, actor, pickup_id, "unlock", Refused(Refusal.FORBIDDEN, 403))
    if _office(unit, actor, pickup_id) is None:
        return _refuse(unit, actor, pickup_id, "unlock", Refused(Refusal.NOT_FOUND, 404))
    locked = list(unit.conn.scalars(_LOCKED, {"pickup": pickup_id}))
    opened = [book for book in locked if queries.may_unlock(unit.conn, book, unit.at)]
    if not opened:
        refusal = Refused(Refusal.TOO_MANY_REQUESTS, 429) if locked else Refused(Refusal.WRONG_STATE, 409)
        return _refuse(unit, actor, pickup_id, "unlock", refusal)
    for book in opened:
        Passport.unlock(unit.conn, book)
        audit.record(unit, actor, "passport.unlocked", f"passport:{book}", reason=_line(reason))
        unit.emit(BookChanged(actor.office_id or 0, book))
    return _done(unit, actor, pickup_id, "unlocked", reason=_line(reason), passports=opened)


@events.during(BookCameBack)
def renew(unit: Unit, back: BookCameBack) -> None:
    """After a void the old code must not work again: the holder of that code was already served."""
    _renew(unit, back.actor, back.pickup_id, back.reason)


def _renew(unit: Unit, actor: Actor, pickup_id: int, reason: str) -> Done:
    end_current(unit, pickup_id)
    newest = unit.conn.scalar(select(func.max(PickupCode.generation)).where(PickupCode.pickup_id == pickup_id))
    generation = (newest or 0) + 1
    add_codes(unit, [(pickup_id, generation)])
    unit.emit(CodeReissued(_office(unit, actor, pickup_id) or 0, pickup_id, generation))
    return _done(unit, actor, pickup_id, "code_reissued", generation=generation, reason=_line(reason))


def _has_books(unit: Unit, pickup_id: int) -> bool:
    on_shelf = select(Passport.id).where(Passport.pickup_id == pickup_id, Passport.state.in_(ON_SHELF))
    return unit.conn.scalar(on_shelf.limit(1)) is not None


def _office(unit: Unit, actor: Actor, pickup_id: int) -> int | None:
    """The office of the pickup, or None when the actor may not act there. A command may act in every office."""
    office_id = unit.conn.scalar(select(Pickup.office_id).where(Pickup.id == pickup_id))
    return office_id if actor.office_id in (None, office_id) else None


def _done(unit: Unit, actor: Actor, pickup_id: int, action: str, **details: object) -> Done:
    audit.record(unit, actor, f"pickup.{action}", f"pickup:{pickup_id}", **details)
    unit.emit(PickupChanged(_office(unit, actor, pickup_id) or 0, pickup_id))
    return Done(pickup_id)


def _refuse(unit: Unit, actor: Actor, pickup_id: int, verb: str, refusal: Refused) -> Refused:
    audit.record(unit, actor, f"pickup.{verb}_refused", f"pickup:{pickup_id}", code=refusal.code)
    return refusal


def _line(reason: str) -> str:
    """The reason as one line with single spaces."""
    return " ".join(reason.split())[:MAX_REASON]


_LOCKED = select(Passport.id).where(
    Passport.pickup_id == bindparam("pickup"), Passport.locked_at.is_not(None), Passport.state.in_(ON_SHELF)
)
