"""An administrator retries dead messages with the current addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select, update

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, long_transaction, transaction
from ampera.errors import Refusal, Refused
from ampera.notices.channels import registry
from ampera.notices.delivery import recipient_queries, schedule
from ampera.notices.delivery.outcome_service import DEAD, PASSED, WAITING, delivery_row
from ampera.notices.delivery.recipient_queries import Contact, NoticeRow
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Delivery, Notice
from ampera.notices.outbox import insert_new
from ampera.notices.refusals import NoticeRefusal
from ampera.offices.models import Office

AT_ONCE = 500


@dataclass(frozen=True)
class Retried:
    """The number of messages that are waiting to be sent again."""

    count: int


class DeadDelivery(NamedTuple):
    """A dead delivery with its notice."""

    notice: NoticeRow
    id: int
    once: str
    channel: str
    address: str
    first_name: str
    state: str


@transaction
def retry(unit: Unit, actor: Actor, delivery_id: int) -> Retried | Refused:
    """Send a dead message again by the first channel. Refused: `not_found`, `wrong_state`, `no_address`."""
    row = unit.conn.execute(_BY_ID, {"id": delivery_id, "office": actor.office_id}).one_or_none()
    if row is None:
        return _refuse(unit, actor, delivery_id, Refused(Refusal.NOT_FOUND, 404))
    delivery = _delivery(row)
    if delivery.state != DEAD:
        return _refuse(unit, actor, delivery_id, Refused(Refusal.WRONG_STATE))
    if not _resend(unit, delivery, registry.available(unit.settings)):
        return _refuse(unit, actor, delivery_id, Refused(NoticeRefusal.NO_ADDRESS))
    notice = delivery.notice
    audit.record(unit, actor, "notice.retried", f"pickup:{notice.pickup_id}", delivery=delivery_id, kind=notice.kind)
    unit.emit(NoticesWritten())
    return Retried(1)


@long_transaction
def retry_all_dead(unit: Unit, actor: Actor) -> Retried:
    """Send the dead messages of the actor's office again, at most AT_ONCE; messages without an address stay dead."""
    available = registry.available(unit.settings)
    rows = unit.conn.execute(_ALL_DEAD, {"office": actor.office_id}).all()
    count = sum(_resend(unit, _delivery(row), available) for row in rows)
    audit.record(unit, actor, "notices.retried", f"office:{actor.office_id}", messages=count)
    if count:
        unit.emit(NoticesWritten())
    return Retried(count)


def _delivery(row: Row[Any]) -> DeadDelivery:
    columns = len(recipient_queries.NOTICE_COLUMNS)
    return DeadDelivery(NoticeRow._make(row[:columns]), *row[columns:])


def _resend(unit: Unit, delivery: DeadDelivery, available: Mapping[str, str]) -> bool:
    """Make deliveries to the current recipients due; False when there is no address."""
    notice = delivery.notice
    generation = recipient_queries.generations(unit.conn, [notice.pickup_id]).get(notice.pickup_id, 0)
    due_at = schedule.not_before(notice.kind, notice.options, notice.timezone, unit.at)
    order = recipient_queries.order_of(notice.options, available)
    found = recipient_queries.recipients(_books(unit, delivery), order, available)
    if notice.kind == recipient_queries.DETAILS_CHANGED:  # never to the addresses of after the change
        found = [recipient_queries.Recipient(delivery.channel, delivery.address, delivery.first_name)]
    rows = [delivery_row(unit, notice, generation, recipient, due_at) for recipient in found]
    if not rows:
        return False
    onces = {row["once"] for row in rows}
    insert_new(unit.conn, Delivery, [row for row in rows if row["once"] != delivery.once])
    unit.conn.execute(_WAKE, {"onces": sorted(onces), "due": due_at, "now": unit.at})
    if delivery.once not in onces:
        unit.conn.execute(update(Delivery).where(Delivery.id == delivery.id).values(state=PASSED))
    return True


def _books(unit: Unit, delivery: DeadDelivery) -> list[Contact]:
    """The books behind the address. When the address was corrected since, the books of the same first name."""
    pickup_id = delivery.notice.pickup_id
    books = recipient_queries.concerned(delivery.notice, recipient_queries.contacts(unit.conn, [pickup_id])[pickup_id])
    by_address = [book for book in books if delivery.address in (book.email, book.phone)]
    return by_address or [book for book in books if book.first_name == delivery.first_name]


def _refuse(unit: Unit, actor: Actor, delivery_id: int, refusal: Refused) -> Refused:
    audit.record(unit, actor, "notice.retry_refused", f"delivery:{delivery_id}", reason=refusal.code)
    return refusal


_DELIVERIES = (
    select(
        *recipient_queries.NOTICE_COLUMNS,
        Delivery.id,
        Delivery.once,
        Delivery.channel,
        Delivery.address,
        Delivery.first_name,
        Delivery.state,
    )
    .join(Notice, Notice.id == Delivery.notice_id)
    .join(Office, Office.id == Delivery.office_id)
    .where(Delivery.office_id == bindparam("office"))
)
_BY_ID = _DELIVERIES.where(Delivery.id == bindparam("id"))
_ALL_DEAD = _DELIVERIES.where(Delivery.state == DEAD).order_by(Delivery.id).limit(AT_ONCE)
_WAKE = (
    update(Delivery)
    .where(Delivery.once.in_(bindparam("onces", expanding=True)), Delivery.state == DEAD)
    .values(state=WAITING, tries=0, due_at=bindparam("due"), created_at=bindparam("now"), reason=None, ended_at=None)
)
