"""Who was refused at a sign-in because of the browser, and a tablet that is locked while nobody touches it."""

from sqlalchemy import update

from ampera import audit
from ampera.accounts.events import AccessEnded
from ampera.accounts.models import SignIn
from ampera.accounts.sign_in import writes
from ampera.accounts.sign_in.tries import Tries
from ampera.audit import Actor
from ampera.db import Unit, transaction


@transaction
def record_refusal(unit: Unit, actor: Actor, tries: Tries | None, why: str) -> None:
    """Record that this person's password, factor or PIN was right, but not in this browser; the tries are forgiven."""
    writes.forgive(unit, tries)
    audit.record(unit, actor, "staff.browser_refused", f"staff:{actor.staff_id}", why=why)


@transaction
def lock(unit: Unit, actor: Actor) -> None:
    """End the session. What was typed stays in the browser, for the same member of staff only."""
    unit.session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(ended_at=unit.at))
    audit.record(unit, actor, "staff.locked", f"staff:{actor.staff_id}")
    unit.emit(AccessEnded(actor.office_id))
