"""What an administrator can do with messages that nobody could deliver: try again, with the addresses of today."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.notices.channels import registry
from ampera.notices.delivery import recipients, schedule
from ampera.notices.delivery.outcomes import DEAD, PASSED, WAITING, new_row
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Delivery, Notice
from ampera.notices.outbox import insert_new
from ampera.notices.refusals import NoticeRefusal
from ampera.offices.models import Office

AT_ONCE = 500


@dataclass(frozen=True)
class Retried:
    """So many messages are on their way again."""

    count: int


@transaction
def retry(unit: Unit, actor: Actor, delivery_id: int) -> Retried | Refused:
    """Try a dead message again, from the first channel on. Refused: `not_found`, `wrong_state`, `no_address`."""
    row = unit.conn.execute(_ONE, {"id": delivery_id, "office": actor.office_id}).one_or_none()
    if row is None or row.state != DEAD:
        return _refuse(
            unit, actor, delivery_id, Refused(Refusal.NOT_FOUND, 404) if row is None else Refused(Refusal.WRONG_STATE)
        )
    if not _again(unit, row, registry.ways(unit.settings)):
        return _refuse(unit, actor, delivery_id, Refused(NoticeRefusal.NO_ADDRESS))
    audit.record(unit, actor, "notice.retried", f"pickup:{row.pickup_id}", delivery=delivery_id, kind=row.kind)
    unit.emit(NoticesWritten())
    return Retried(1)


@transaction
def retry_all_dead(unit: Unit, actor: Actor) -> Retried:
    """The same for every dead message of the actor's office, at most 500 at once; those without an address stay."""
    ways = registry.ways(unit.settings)
    rows = unit.conn.execute(_ALL_DEAD, {"office": actor.office_id}).all()
    count = sum(_again(unit, row, ways) for row in rows)
    audit.record(unit, actor, "notices.retried", f"office:{actor.office_id}", messages=count)
    if count:
        unit.emit(NoticesWritten())
    return Retried(count)


def _again(unit: Unit, row: Any, ways: Mapping[str, str]) -> bool:
    """Let it leave for whoever it was for; False when there is no address to send it to."""
    generation = recipients.generations(unit.conn, [row.pickup_id]).get(row.pickup_id, 0)
    due_at = schedule.not_before(row.kind, row.options, row.timezone, unit.at)
    targets = recipients.targets(_books(unit, row), recipients.order_of(row.options, ways), ways)
    wanted = [new_row(unit, row, generation, target, due_at) for target in targets]
    if not wanted:
        return False
    onces = {one["once"] for one in wanted}
    insert_new(unit.conn, Delivery, [one for one in wanted if one["once"] != row.delivery_once])
    unit.conn.execute(_WAKE, {"onces": sorted(onces), "due": due_at, "now": unit.at})
    if row.delivery_once not in onces:
        unit.conn.execute(update(Delivery).where(Delivery.id == row.delivery_id).values(state=PASSED))
    return True


def _books(unit: Unit, row: Any) -> list[recipients.Contact]:
    """The books that the address stood for; when it was corrected meanwhile, those of the same first name."""
    found = recipients.contacts(unit.conn, [row.pickup_id])[row.pickup_id]
    books = recipients.concerned(row, found)
    by_address = [book for book in books if row.address in (book.email, book.phone)]
    return by_address or [book for book in books if book.first_name == row.first_name]


def _refuse(unit: Unit, actor: Actor, delivery_id: int, refusal: Refused) -> Refused:
    audit.record(unit, actor, "notice.retry_refused", f"delivery:{delivery_id}", reason=refusal.code)
    return refusal


_DEAD_ONES = (
    select(
        *recipients.WHOLE,
        Delivery.id.label("delivery_id"),
        Delivery.once.label("delivery_once"),
        Delivery.channel,
        Delivery.address,
        Delivery.first_name,
        Delivery.state,
    )
    .join(Notice, Notice.id == Delivery.notice_id)
    .join(Office, Office.id == Delivery.office_id)
    .where(Delivery.office_id == bindparam("office"))
)
_ONE = _DEAD_ONES.where(Delivery.id == bindparam("id"))
_ALL_DEAD = _DEAD_ONES.where(Delivery.state == DEAD).order_by(Delivery.id).limit(AT_ONCE)
_WAKE = (
    update(Delivery)
    .where(Delivery.once.in_(bindparam("onces", expanding=True)), Delivery.state == DEAD)
    .values(state=WAITING, tries=0, due_at=bindparam("due"), created_at=bindparam("now"), reason=None, ended_at=None)
)
