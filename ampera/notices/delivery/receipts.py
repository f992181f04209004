"""News about a message after it left: it arrived, or the channel says only now that it could not deliver it.

The first final word counts: whatever comes again, later or in another order changes nothing.
"""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.notices.channels import registry
from ampera.notices.delivery import outcomes
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Delivery

DELIVERED = "delivered"


@dataclass(frozen=True)
class About:
    """Which message some news is about: the channel, its name for the message, and our own key.

    The key counts while the name is not written down yet: news may be quicker than the end of our own try.
    """

    channel: str
    provider_id: str
    key: str

    def values(self) -> dict[str, str]:
        return {"way": self.channel, "provider": self.provider_id, "key": self.key}


class Found(NamedTuple):
    """The delivery that it is, while its end is open."""

    delivery_id: int
    office_id: int


def delivery_of(session: Session, about: About) -> Found | None:
    row = session.execute(_FOUND, about.values()).first()
    return Found(*row) if row else None


def teller(found: Found, channel: str) -> Actor:
    """The channel, as it tells something about a message of this office."""
    return Actor(kind="channel", name=channel, role="channel", office_id=found.office_id)


@transaction
def arrived(unit: Unit, actor: Actor, delivery_id: int, about: About) -> bool:
    """It was delivered or read; False when its end was known before."""
    return _end(unit, delivery_id, about, DELIVERED)


@transaction
def failed(unit: Unit, actor: Actor, delivery_id: int, about: About, reason: str) -> str | None:
    """The next channel takes over, as after a permanent failure; the delivery's new state, None when it had ended."""
    if not _end(unit, delivery_id, about, outcomes.DEAD):
        return None
    state = outcomes.fail(unit, delivery_id, reason, registry.ways(unit.settings))
    unit.emit(NoticesWritten())
    return state


def _end(unit: Unit, delivery_id: int, about: About, state: str) -> bool:
    ends = {"of": delivery_id, "to": state, "at": unit.at}
    return unit.conn.execute(_END, {**about.values(), **ends}).rowcount == 1


# A row that is being sent carries the name of an earlier try at most: news about that is old.
_IS_ABOUT = (
    Delivery.channel == bindparam("way"),
    or_(
        (Delivery.state == "sent") & (Delivery.provider_id == bindparam("provider")),
        (Delivery.state == "sending")
        & (Delivery.once == bindparam("key"))
        & (func.coalesce(Delivery.provider_id, "") != bindparam("provider")),
    ),
)
_FOUND = select(Delivery.id, Delivery.office_id).where(*_IS_ABOUT)
_END = (
    update(Delivery)
    .where(Delivery.id == bindparam("of"), *_IS_ABOUT)
    .values(
        state=bindparam("to"),
        provider_id=bindparam("provider"),
        ended_at=bindparam("at"),
        lease_until=None,
        claimed_by=None,
    )
)
