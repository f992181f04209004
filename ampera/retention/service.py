"""Deletes personal data whose period is over, a batch in each transaction, so that the lane never waits.

The register, with its own copies of names and numbers, and the history stay: the law asks for them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from ampera import audit
from ampera.audit import Actor
from ampera.bookings.models import AnnouncedCollector
from ampera.db import Unit, transaction
from ampera.handovers.models import HandoverKey
from ampera.notices.models import Delivery
from ampera.passports.corrections.models import Correction
from ampera.passports.models import Passport
from ampera.reports.persons.models import PersonRequest
from ampera.retention.periods import ERASED, without_persons
from ampera.retention.queries import ANSWERS, ids, key_of
from ampera.visits.models import Scan

Eraser = Callable[[Unit, Sequence[Any]], None]


@transaction
def erase(unit: Unit, actor: Actor, kind: str, before: datetime, some: Sequence[int | str]) -> int:
    """Erase one kind of data in these rows of the actor's office, as far as they are still due; returns their number.

    The history keeps the number only.
    """
    row = _KEYS.get(kind, Passport.id)
    found = list(unit.session.scalars(ids(kind, actor.office_id or 0, before).where(row.in_(some))))
    if found:
        ERASERS[kind](unit, found)
        audit.record(unit, actor, "retention.erased", f"office:{actor.office_id}", kind=kind, rows=len(found))
    return len(found)


def _identity(unit: Unit, books: Sequence[int]) -> None:
    unit.session.execute(update(Passport).where(Passport.id.in_(books)).values(nik=None, document_no=None))
    values = update(Correction).where(Correction.passport_id.in_(books))
    unit.session.execute(values.values(proposed={}, before=None))


def _contacts(unit: Unit, books: Sequence[int]) -> None:
    unit.session.execute(update(Passport).where(Passport.id.in_(books)).values(phone=None, email=None))
    waiting = select(Passport.pickup_id).where(Passport.state.in_(("ready", "held")), Passport.pickup_id.is_not(None))
    of_these = select(Passport.pickup_id).where(Passport.id.in_(books))
    announced = delete(AnnouncedCollector).where(
        AnnouncedCollector.pickup_id.in_(of_these), AnnouncedCollector.pickup_id.not_in(waiting)
    )
    unit.session.execute(announced)


def _messages(unit: Unit, deliveries: Sequence[int]) -> None:
    unit.session.execute(update(Delivery).where(Delivery.id.in_(deliveries)).values(address="", first_name=""))


def _requests(unit: Unit, requests: Sequence[int]) -> None:
    """The kind of request, its clock and its outcome stay: the office answers for them."""
    unit.session.execute(update(PersonRequest).where(PersonRequest.id.in_(requests)).values(asked="", answer=""))


def _answers_of(model: type[Scan] | type[HandoverKey], name: str) -> Eraser:
    """The stored answer stays, so that the same request is not done twice; the people in it go."""

    def erase_answers(unit: Unit, keys: Sequence[Any]) -> None:
        rows = unit.session.execute(select(key_of(model), model.answer).where(key_of(model).in_(keys))).all()
        blank = [{name: key, "answer": without_persons(answer) | {ERASED: True}} for key, answer in rows]
        unit.session.execute(update(model), blank)

    return erase_answers


ERASERS: dict[str, Eraser] = {
    "identity": _identity,
    "contacts": _contacts,
    "messages": _messages,
    "requests": _requests,
    "scan_answers": _answers_of(Scan, "scan_id"),
    "handover_answers": _answers_of(HandoverKey, "key"),
}
_KEYS: dict[str, InstrumentedAttribute[Any]] = {
    "messages": Delivery.id,
    "requests": PersonRequest.id,
    **{kind: key_of(model) for kind, model in ANSWERS.items()},
}
