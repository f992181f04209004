"""What to do with the notices that piled up while an office had no channel: a person decides before they leave."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, long_transaction
from ampera.notices.delivery.schedule import EXPIRED, HELD_AFTER
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Notice

ALL, DAY, NONE = "all", "day", "none"


@dataclass(frozen=True)
class Decided:
    """The number of notices that may leave now, and of those that never will."""

    released: int
    dropped: int


def held(session: Session, office_id: int, now: datetime) -> int:
    """The notices of the office that wait for a decision."""
    return session.scalar(_HELD, {"office": office_id, "before": now - HELD_AFTER}) or 0


@long_transaction
def decide(unit: Unit, actor: Actor, choice: str) -> Decided:
    """`all`: send what waits. `day`: drop what is older than a day. `none`: drop everything that is due."""
    before = unit.at if choice == NONE else unit.at - HELD_AFTER
    change = _RELEASE if choice == ALL else _DROP
    chosen = {"of": actor.office_id, "before": before}
    count = unit.conn.execute(change, chosen | ({"now": unit.at} if choice == ALL else {})).rowcount
    result = Decided(count, 0) if choice == ALL else Decided(0, count)
    audit.record(unit, actor, "notices.backlog_decided", f"office:{actor.office_id}", choice=choice, notices=count)
    if result.released:
        unit.emit(NoticesWritten())
    return result


_due_since = func.coalesce(Notice.due_at, Notice.created_at)
_HELD = select(func.count()).where(
    Notice.office_id == bindparam("office"), Notice.state == "waiting", _due_since <= bindparam("before")
)
_CHOSEN = (Notice.office_id == bindparam("of"), Notice.state == "waiting", _due_since <= bindparam("before"))
_RELEASE = update(Notice).where(*_CHOSEN).values(due_at=bindparam("now"))
_DROP = update(Notice).where(*_CHOSEN).values(state=EXPIRED)
