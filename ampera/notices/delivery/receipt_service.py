"""Receipts: a channel reports that a message was delivered, or that it could not be delivered after all.

The first final report counts. Repeated, late or reordered reports change nothing.
"""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.notices.channels import registry
from ampera.notices.delivery import outcome_service
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Delivery

DELIVERED = "delivered"


@dataclass(frozen=True)
class MessageReference:
    """A message, by the channel's id and by the key of the delivery.

    The key identifies a message whose `provider_id` is not stored yet: a report may arrive before the try ends.
    """

    channel: str
    provider_id: str
    key: str

    def values(self) -> dict[str, str]:
        return {"of_channel": self.channel, "provider": self.provider_id, "key": self.key}


class OpenDelivery(NamedTuple):
    """A delivery that has no final report yet."""

    delivery_id: int
    office_id: int


def delivery_of(session: Session, message: MessageReference) -> OpenDelivery | None:
    """The delivery of this message; None when it is unknown or has a final report."""
    row = session.execute(_FOUND, message.values()).first()
    return OpenDelivery(*row) if row else None


def channel_actor(delivery: OpenDelivery, channel: str) -> Actor:
    """The channel as the actor of a report."""
    return Actor(kind="channel", name=channel, role="channel", office_id=delivery.office_id)


@transaction
def record_delivered(unit: Unit, actor: Actor, delivery_id: int, message: MessageReference) -> bool:
    """The message was delivered or read; False when a final report exists."""
    return _finish(unit, delivery_id, message, DELIVERED)


@transaction
def record_failure(unit: Unit, actor: Actor, delivery_id: int, message: MessageReference, reason: str) -> str | None:
    """Pass the message to the next channel; returns the new state, or None when a final report exists."""
    if not _finish(unit, delivery_id, message, outcome_service.DEAD):
        return None
    state = outcome_service.fail_over(unit, delivery_id, reason, registry.available(unit.settings))
    unit.emit(NoticesWritten())
    return state


def _finish(unit: Unit, delivery_id: int, message: MessageReference, state: str) -> bool:
    values = {"of": delivery_id, "to": state, "at": unit.at}
    return unit.conn.execute(_FINISH, {**message.values(), **values}).rowcount == 1


# A row in the state "sending" may hold the provider id of an earlier try. Reports about that try are outdated.
_IS_MESSAGE = (
    Delivery.channel == bindparam("of_channel"),
    or_(
        (Delivery.state == "sent") & (Delivery.provider_id == bindparam("provider")),
        (Delivery.state == "sending")
        & (Delivery.once == bindparam("key"))
        & (func.coalesce(Delivery.provider_id, "") != bindparam("provider")),
    ),
)
_FOUND = select(Delivery.id, Delivery.office_id).where(*_IS_MESSAGE)
_FINISH = (
    update(Delivery)
    .where(Delivery.id == bindparam("of"), *_IS_MESSAGE)
    .values(
        state=bindparam("to"),
        provider_id=bindparam("provider"),
        ended_at=bindparam("at"),
        lease_until=None,
        claimed_by=None,
    )
)
