"""Steps of the outbox: write notices, fan out, and let a channel send until nothing is due."""

import time
from typing import Any

from flask import current_app
from sqlalchemy import select

from ampera import db
from ampera.notices import outbox as notices_outbox
from ampera.notices.channels.base import EMAIL, PHONE, Channel, Failed, Message, Sent
from ampera.notices.delivery import fan_out_service as delivery_fan_out
from ampera.notices.delivery.tasks import ChannelWorker, FanOutWorker
from ampera.notices.models import Delivery, Notice
from ampera.passports.models import Passport
from tests import builders

MAIL = {"mail": EMAIL}
BOTH = {"whatsapp": PHONE, "mail": EMAIL}
MOMENT = 0.05  # seconds
SENDER = "paspor@contoh.go.id"


def family(*books: dict[str, Any], first: int = 1) -> int:
    """A pickup with books of these fields; returns the id of the pickup."""
    ids = [builders.passport(first + n, **fields) for n, fields in enumerate(books)]
    builders.pickup(*ids)
    with db.reading() as session:
        return session.get_one(Passport, ids[0]).pickup_id


def write(pickup_id: int, kind: str = "ready", facts: dict[str, Any] | None = None, **more: Any) -> None:
    """Write a notice of office 1; `once` and `due_at` as in NoticeDraft."""
    draft = notices_outbox.NoticeDraft(pickup_id, facts or {}, **more)
    db.current().write(lambda unit: notices_outbox.write(unit, 1, kind, [draft]))


def fan_out(available: dict[str, str] = MAIL) -> None:
    """Fan out all due notices."""
    with db.reading() as session:
        offices = delivery_fan_out.reachable(session, available)
    while delivery_fan_out.fan_out(offices, available):
        pass


def deliveries(state: str = "") -> list[Delivery]:
    with db.reading() as session:
        found = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    return [delivery for delivery in found if state in ("", delivery.state)]


def notice_states() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Notice.state).order_by(Notice.id)))


def worker(channel: Channel, available: dict[str, str] = MAIL) -> ChannelWorker:
    return ChannelWorker(channel, available, current_app.extensions["ampera.settings"])


def send_all(*workers: ChannelWorker, available: dict[str, str] = MAIL) -> None:
    """Run the workers as the server does, until all of them would rest."""
    fan_out_worker = FanOutWorker(available)
    while any(_has_more(worker) for worker in (fan_out_worker, *workers)):
        pass


def _has_more(worker: FanOutWorker | ChannelWorker) -> bool:
    """Run one step. A short gap between two messages is no rest."""
    rest = worker.step()
    if 0 < rest < MOMENT:
        time.sleep(rest)
    return rest < MOMENT


class FakeChannel:
    """A channel that returns these answers one after the other, and then sends everything."""

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
        """Nothing is kept open."""


REFUSED = Failed("smtp 550", is_permanent=True)


def fake_mail(*answers: Any, **more: Any) -> FakeChannel:
    return FakeChannel("mail", EMAIL, *answers, **more)


def one_message(**book: Any) -> None:
    write(family({"email": "satu@contoh.id", **book}))


def states() -> list[tuple[str, str]]:
    return [(delivery.channel, delivery.state) for delivery in deliveries()]
