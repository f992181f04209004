"""Steps of the outbox: tell, expand, and let a channel send until nothing is due."""

import time
from typing import Any

from flask import current_app
from sqlalchemy import select

from ampera import db
from ampera.notices import outbox
from ampera.notices.channels.base import EMAIL, PHONE, Channel, Failed, Message, Sent
from ampera.notices.delivery import fan_out
from ampera.notices.delivery.tasks import Expander, Sender
from ampera.notices.models import Delivery, Notice
from ampera.passports.models import Passport
from tests import builders

MAIL = {"mail": EMAIL}
BOTH = {"whatsapp": PHONE, "mail": EMAIL}
MOMENT = 0.05  # seconds
SENDER = "paspor@contoh.go.id"


def family(*books: dict[str, Any], first: int = 1) -> int:
    """A pickup with these books (fields of each); its id."""
    ids = [builders.passport(first + n, **fields) for n, fields in enumerate(books)]
    builders.pickup(*ids)
    with db.reading() as session:
        return session.get_one(Passport, ids[0]).pickup_id


def tell(pickup_id: int, kind: str = "ready", facts: dict[str, Any] | None = None, **more: Any) -> None:
    db.current().write(lambda unit: outbox.write(unit, 1, pickup_id, kind, facts or {}, **more))


def expand(ways: dict[str, str] = MAIL) -> None:
    """Everything that is due."""
    with db.reading() as session:
        offices = fan_out.reachable(session, ways)
    while fan_out.expand(offices, ways):
        pass


def deliveries(state: str = "") -> list[Delivery]:
    with db.reading() as session:
        found = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    return [one for one in found if state in ("", one.state)]


def notice_states() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Notice.state).order_by(Notice.id)))


def sender(channel: Channel, ways: dict[str, str] = MAIL) -> Sender:
    return Sender(channel, ways, current_app.extensions["ampera.settings"])


def send_all(*senders: Sender, ways: dict[str, str] = MAIL) -> None:
    """As the server's loops do, until all of them would rest."""
    expander = Expander(ways)
    loops = [expander, *senders]
    while any(_has_more(loop) for loop in loops):
        pass


def _has_more(loop: Expander | Sender) -> bool:
    """After one step; a moment between two messages is no rest."""
    rest = loop.step()
    if 0 < rest < MOMENT:
        time.sleep(rest)
    return rest < MOMENT


class Postman:
    """A channel whose other side is this list of answers, used one after the other; without one it takes anything."""

    def __init__(self, name: str, needs: str, *answers: Sent | Failed, rate: float = 0) -> None:
        self.name, self.needs, self.rate = name, needs, rate
        self.answers = list(answers)
        self.tried: list[tuple[str, str]] = []
        self.messages: list[Message] = []

    def send(self, address: str, message: Message, key: str) -> Sent | Failed:
        self.tried.append((address, key))
        self.messages.append(message)
        return self.answers.pop(0) if self.answers else Sent(f"id-{len(self.tried)}")

    def close(self) -> None:
        """Nothing is kept."""


REFUSED = Failed("smtp 550", is_permanent=True)


def mailbox(*answers: Any, **more: Any) -> "Postman":
    return Postman("mail", EMAIL, *answers, **more)


def one_message(**book: Any) -> None:
    tell(family({"email": "satu@contoh.id", **book}))


def states() -> list[tuple[str, str]]:
    return [(one.channel, one.state) for one in deliveries()]
