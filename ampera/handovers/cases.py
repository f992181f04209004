"""The case that one submission is about: a visit that is served, and books of it, loaded and authorized."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from ampera import clock
from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import Refusal, Refused
from ampera.handovers.evidence import Holder
from ampera.handovers.refusals import HandoverRefusal
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport
from ampera.sql.statements import TypedSelect, Write
from ampera.visits import queries, states
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.refusals import VisitRefusal
from ampera.visits.rows import Options, VisitRow
from ampera.visits.scan.ways import LOOKUP


class CaseBook(NamedTuple):
    """A book of the visit with what proves its holder, its misses and its lock, and how its pickup was found."""

    id: int
    pickup_id: int
    holder_name: str
    name_key: str
    passport_no: str
    nik: str | None
    birth_date: date
    document_no: str | None
    state: str
    issued_on: date
    late_until: date | None
    misses: int
    locked_at: datetime | None
    found_by: str | None

    @property
    def holder(self) -> Holder:
        return Holder(self.nik, self.birth_date, self.document_no, self.found_by == LOOKUP)


@dataclass(frozen=True)
class HandoverCase:
    """A visit that the actor serves, and the requested books in the order of the request."""

    visit: VisitRow
    books: list[CaseBook]

    @property
    def options(self) -> Options:
        """The options of the office."""
        return self.visit.options

    def tries_left(self, book: CaseBook) -> int:
        """The number of misses, of the identity or of the book number, that are still allowed to this book."""
        return max(0, option(self.options, "identity_tries") - book.misses)


def load(unit: Unit, actor: Actor, visit_id: int, passport_ids: Sequence[int]) -> HandoverCase | Refused:
    """Load the case and lock its visit (PostgreSQL).

    Refused: `not_found`, `already_collected`, `not_serving`, `claimed_elsewhere`, `parked`, `locked`, `not_ready`,
    `overdue`, or `invalid` for books that are not of this visit (`passports.N.passport_id`).
    """
    visit = _VISIT.first(unit.conn, visit_id=visit_id, office_id=actor.office_id)
    if visit is None:
        return Refused(Refusal.NOT_FOUND, 404, {"visit_id": Refusal.NOT_FOUND})
    found = {book.id: book for book in _BOOKS.all(unit.conn, visit_id=visit_id, ids=list(passport_ids))}
    foreign = [n for n, passport_id in enumerate(passport_ids) if passport_id not in found]
    if foreign:
        return Refused(Refusal.INVALID, 422, {f"passports.{n}.passport_id": Refusal.NOT_FOUND for n in foreign})
    case = HandoverCase(visit, [found[passport_id] for passport_id in passport_ids])
    return _refusal(unit, actor, case) or case


def renew_claim(unit: Unit, case: HandoverCase) -> None:
    """The officer is at work on the case: the lease of the claim starts again."""
    until = queries.lease_end(unit.at, case.options)
    _RENEW.run(unit.conn, v=case.visit.id, claim_until=until)


def _refusal(unit: Unit, actor: Actor, case: HandoverCase) -> Refused | None:
    visit = case.visit
    collected = [n for n, book in enumerate(case.books) if book.state == "collected"]
    if collected:
        fields = {f"passports.{n}": HandoverRefusal.ALREADY_COLLECTED for n in collected}
        return Refused(HandoverRefusal.ALREADY_COLLECTED, 409, fields)
    if visit.state != states.SERVING:
        return Refused(HandoverRefusal.NOT_SERVING, 409, detail={"state": visit.state})
    if visit.claim_staff_id != actor.staff_id:
        return Refused(VisitRefusal.CLAIMED_ELSEWHERE, 409)
    if visit.parked_at:  # the people are not at the window: nobody could be looked at, and nothing be taken
        return Refused(VisitRefusal.PARKED, 409)
    locked = [n for n, book in enumerate(case.books) if book.locked_at]
    if locked:
        return Refused(HandoverRefusal.LOCKED, 409, {f"passports.{n}": HandoverRefusal.LOCKED for n in locked})
    return _not_releasable(unit, actor, case)


def _not_releasable(unit: Unit, actor: Actor, case: HandoverCase) -> Refused | None:
    """Held and cancelled books go to the inside counter. Only a supervisor may hand over an overdue book."""
    today = clock.local(unit.at, case.visit.timezone).date()
    fields: dict[str, str] = {}
    for n, book in enumerate(case.books):
        status = queries.status_of(book, case.options, today)
        if status == "overdue" and actor.role != "supervisor":
            fields[f"passports.{n}"] = HandoverRefusal.OVERDUE
        elif status in ("held", "cancelled"):
            fields[f"passports.{n}"] = VisitRefusal.NOT_READY
    if not fields:
        return None
    code = VisitRefusal.NOT_READY if VisitRefusal.NOT_READY in fields.values() else HandoverRefusal.OVERDUE
    return Refused(code, 409, fields)


_VISIT = queries.VISIT_OF_OFFICE.locked(Visit)
_COLUMNS = [VisitPickup.found_by if name == "found_by" else getattr(Passport, name) for name in CaseBook._fields]
_BOOKS = TypedSelect(
    CaseBook,
    select(*_COLUMNS)
    .join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
    .where(
        VisitPickup.visit_id == bindparam("visit_id"),
        VisitPickup.out_at.is_(None),
        Passport.id.in_(bindparam("ids", expanding=True)),
    ),
)
_RENEW = Write(update(Visit).where(Visit.id == bindparam("v")))
