"""Counts a typed password before it is judged, so that many at once cannot all be judged."""

from sqlalchemy import delete, or_

from ampera import audit
from ampera.accounts.models import SignInTry
from ampera.accounts.sign_in import writes
from ampera.accounts.sign_in.tries import FORGOTTEN, Tries, lock
from ampera.audit import Actor
from ampera.db import Unit, transaction

NOBODY = Actor("stranger", "stranger", "stranger")


@transaction
def reserve(unit: Unit, tries: Tries) -> bool:
    """Count one miss in advance. False when the account or the place rests; then nothing is counted."""
    if tries.place and writes.count_place(unit, tries.place, tries.most) is None:
        return False
    misses = writes.count_account(unit, tries.account)
    if misses is None:
        writes.take_back(unit, tries.place)
        return False
    if (rest := lock(misses)) is not None:
        writes.let_rest(unit, tries.account, unit.at + rest)
    return True


@transaction
def record_miss(unit: Unit, subject: str, staff_id: int | None, place: str, is_known_device: bool) -> None:
    """Record a wrong password. All go into the same chain, so that an unknown login takes as long as a known one."""
    audit.record(
        unit, NOBODY, "staff.sign_in_refused", subject, staff=staff_id, place=place[:24], known_device=is_known_device
    )


@transaction
def record_vouched(unit: Unit, actor: Actor, tries: Tries | None) -> None:
    """Record that this person's password was right on the device of a colleague; the tries are forgiven."""
    writes.forgive(unit, tries)
    audit.record(unit, actor, "staff.vouched", f"staff:{actor.staff_id}")


@transaction
def delete_old(unit: Unit) -> int:
    """Delete the counters that no rule needs any more; returns their number."""
    is_old = SignInTry.since < unit.at - FORGOTTEN
    return unit.conn.execute(
        delete(SignInTry).where(is_old, or_(SignInTry.locked_until.is_(None), SignInTry.locked_until < unit.at))
    ).rowcount
