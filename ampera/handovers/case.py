"""The visit at the window and the books of it that one request is about, loaded and authorized."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from ampera import clock
from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import Refusal, Refused
from ampera.handovers.evidence import Holder
from ampera.handovers.refusals import HandoverRefusal
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport
from ampera.pickups.models import Pickup
from ampera.visits import queries, states
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.refusals import VisitRefusal


@dataclass(frozen=True)
class AtWindow:
    """A visit of the actor's office with its office's options, and the books asked for, in the order asked."""

    visit: Any
    options: dict[str, Any]
    books: list[Any]

    def tries_left(self, pickup_id: int) -> int:
        misses = next(book.misses for book in self.books if book.pickup_id == pickup_id)
        return max(0, option(self.options, "identity_tries") - misses)


def load(unit: Unit, actor: Actor, visit_id: int, passport_ids: Sequence[int]) -> AtWindow | Refused:
    """Refused: `not_found`, `already_collected`, `not_serving`, `claimed_elsewhere`, `locked`, or a book that is not
    of this visit (`passports.N.passport_id`)."""
    visit = unit.conn.execute(_VISIT, {"visit_id": visit_id, "office_id": actor.office_id}).one_or_none()
    if visit is None:
        return Refused(Refusal.NOT_FOUND, 404, {"visit_id": Refusal.NOT_FOUND})
    rows = unit.conn.execute(_BOOKS, {"visit_id": visit_id, "ids": list(passport_ids)})
    found = {row.id: row for row in rows}
    foreign = {
        f"passports.{n}.passport_id": Refusal.NOT_FOUND for n, one in enumerate(passport_ids) if one not in found
    }
    if foreign:
        return Refused(Refusal.INVALID, 422, foreign)
    books = [found[one] for one in passport_ids]
    return _refusal(unit, actor, visit, books) or AtWindow(visit, visit.options, books)


def renew(unit: Unit, window: AtWindow) -> None:
    """A sign of life of the officer: the lease starts again."""
    until = queries.lease_end(unit.at, window.options)
    unit.conn.execute(_RENEW, {"v": window.visit.id, "claim_until": until})


def holder(book: Any) -> Holder:
    return Holder(book.nik, book.birth_date, book.document_no)


def _refusal(unit: Unit, actor: Actor, visit: Any, books: list[Any]) -> Refused | None:
    if collected := {
        f"passports.{n}": HandoverRefusal.ALREADY_COLLECTED for n, book in enumerate(books) if book.state == "collected"
    }:
        return Refused(HandoverRefusal.ALREADY_COLLECTED, 409, collected)
    if visit.state != states.SERVING:
        return Refused(HandoverRefusal.NOT_SERVING, 409, detail={"state": visit.state})
    if visit.claim_staff_id != actor.staff_id:
        return Refused(VisitRefusal.CLAIMED_ELSEWHERE, 409)
    if any(book.locked_at for book in books):
        return Refused(HandoverRefusal.LOCKED, 409)
    return _not_releasable(unit, actor, visit, books)


def _not_releasable(unit: Unit, actor: Actor, visit: Any, books: list[Any]) -> Refused | None:
    """Held and cancelled books go to the inside counter; an overdue one only leaves by a supervisor's hand."""
    today = clock.local(unit.at, visit.timezone).date()
    told: dict[str, str] = {}
    for n, book in enumerate(books):
        status = queries.status_of(book, visit.options, today)
        if status == "overdue" and actor.role != "supervisor":
            told[f"passports.{n}"] = HandoverRefusal.OVERDUE
        elif status in ("held", "cancelled"):
            told[f"passports.{n}"] = VisitRefusal.NOT_READY
    if not told:
        return None
    is_ready = VisitRefusal.NOT_READY not in told.values()
    return Refused(HandoverRefusal.OVERDUE if is_ready else VisitRefusal.NOT_READY, 409, told)


_VISIT = (
    select(Visit.__table__, Office.options, Office.timezone)
    .join(Office, Office.id == Visit.office_id)
    .where(Visit.id == bindparam("visit_id"), Visit.office_id == bindparam("office_id"))
    .with_for_update(of=Visit)
)
_BOOKS = (
    select(Passport.__table__, Pickup.misses, Pickup.locked_at)
    .join(Pickup, Pickup.id == Passport.pickup_id)
    .join(VisitPickup, VisitPickup.pickup_id == Pickup.id)
    .where(
        VisitPickup.visit_id == bindparam("visit_id"),
        VisitPickup.out_at.is_(None),
        Passport.id.in_(bindparam("ids", expanding=True)),
    )
)
_RENEW = update(Visit).where(Visit.id == bindparam("v"))
