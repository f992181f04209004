"""Who looked at whose record, and who took the register out of the system (UU 27/2022: access is logged)."""

from typing import Any

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction


@transaction
def note_access(unit: Unit, actor: Actor, action: str, subject: str, what: dict[str, Any]) -> None:
    """Write down that personal data was shown or given out: `what` names fields and counts, never their content."""
    audit.record(unit, actor, action, subject, **what)
