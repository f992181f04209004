"""Whether this installation's keys are those that made the codes of its database. They are compared by value.

A key that was lost and made again under the same id would show codes and links that the database does not know.
"""

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from ampera.monitoring import health
from ampera.pickups.codes import CodeKeys, fingerprint
from ampera.pickups.models import PickupCode
from ampera.settings import Settings


def unfit_keys(session: Session, keys: CodeKeys) -> list[str]:
    """The ids of keys that current codes were made with, and that are missing here or have another value."""
    return sorted(row.key_id for row in _examples(session) if not _fits(row, keys))


@health.at_start
def refuse_unfit_keys(session: Session, settings: Settings) -> str:
    """With another key the server would show codes that no scan knows, and send links that lead nowhere."""
    unfit = unfit_keys(session, CodeKeys.parse(settings.code_keys))
    if not unfit:
        return ""
    lost = (
        f"AMPERA_CODE_KEYS lacks the key {', '.join(unfit)} that made the present codes, or has another value for it."
    )
    return f"{lost} Set the old key, or make new codes: ampera pickup reissue --lost"


def _examples(session: Session) -> list[Row[tuple[int, int, str, bytes, str]]]:
    """The newest current code of each key."""
    newest = select(func.max(PickupCode.id)).where(PickupCode.state == "current").group_by(PickupCode.key_id)
    columns = (PickupCode.pickup_id, PickupCode.generation, PickupCode.key_id, PickupCode.nonce, PickupCode.code_hash)
    return list(session.execute(select(*columns).where(PickupCode.id.in_(newest))))


def _fits(row: Row[tuple[int, int, str, bytes, str]], keys: CodeKeys) -> bool:
    return keys.can_derive(row) and fingerprint(keys.code(row)) == row.code_hash
