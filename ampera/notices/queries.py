"""What waits in the outbox: conditions that the page of an office and the metrics of the server share."""

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.notices.models import Delivery, Notice

NOTICE_WAITS = and_(Notice.state == "waiting", func.coalesce(Notice.due_at, Notice.created_at) <= bindparam("now"))
DELIVERY_IS_DUE = and_(Delivery.state.in_(("waiting", "sending")), Delivery.due_at <= bindparam("now"))


def waiting_everywhere(session: Session) -> int:
    """The number of notices and deliveries of all offices that are due but not sent."""
    due = {"now": clock.now()}
    return (session.scalar(_ALL_NOTICES, due) or 0) + (session.scalar(_ALL_DELIVERIES, due) or 0)


_ALL_NOTICES = select(func.count()).select_from(Notice).where(NOTICE_WAITS)
_ALL_DELIVERIES = (
    select(func.count())
    .select_from(Delivery)
    .where(Delivery.channel.in_(("whatsapp", "mail", "apprise")), DELIVERY_IS_DUE)
)
