"""The writes of one handover, inside its transaction: books, rows, visit, pickups, stored answer.

A book leaves by a conditional update of its state. The unique index on live handovers is the last protection.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import Problem
from ampera.handovers import answers, cases
from ampera.handovers.cases import CaseBook, HandoverCase
from ampera.handovers.collectors.checklists import SELF, Capacity, collector_name
from ampera.handovers.copies.queries import copies
from ampera.handovers.digest import VERSION, digest
from ampera.handovers.events import HandedOver
from ampera.handovers.evidence import Proof
from ampera.handovers.models import RECORDED, Handover, Signature
from ampera.handovers.refusals import HandoverRefusal
from ampera.handovers.submission import Submission
from ampera.offices.models import Lane, Office
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode
from ampera.sql.statements import ColumnSelect, Write
from ampera.visits import queries, states
from ampera.visits.cards import stored
from ampera.visits.events import VisitChanged
from ampera.visits.models import Visit, VisitPickup


def record(
    unit: Unit,
    actor: Actor,
    case: HandoverCase,
    submission: Submission,
    proofs: Sequence[Proof],
    key: answers.AnswerKey,
) -> dict[str, Any]:
    """Write everything that one handover changes, and return its answer.

    `proofs` belong to the books in their order. Raises Problem 409 when a book was handed over already.
    """
    visit = case.visit
    lane = _LANE_NUMBER.required(unit.conn, id=visit.claim_lane_id)
    classes = [capacity.kind for capacity in submission.capacities()]
    for book, collector_class in zip(case.books, classes, strict=True):
        _take_off_the_shelf(unit, book, lane, collector_class)
    answers.reserve(unit, actor, key)
    rows = _write_rows(unit, actor, case, submission, proofs)
    _settle_visit(unit, actor, case)
    _settle_pickups(unit, case)
    Office.raise_revision(unit.conn, visit.office_id)
    _emit(unit, case, classes)
    answer = {
        "key": submission.key,
        "handovers": [
            {"id": row["id"], "number": row["number"], "passport_id": row["passport_id"], "at": clock.iso(unit.at)}
            for row in rows
        ],
        "visit": stored(queries.visit_card(unit.conn, visit.id, actor.staff_id)),
    }
    answers.store(unit, actor, key, RECORDED, answer)
    return answer


def _take_off_the_shelf(unit: Unit, book: CaseBook, lane: int, collector_class: str) -> None:
    """The move that only one request can make. Raises Problem 409 (and rolls back) when another request made it."""
    moved = _COLLECT.run(unit.conn, p=book.id, at=unit.at, collected_lane=lane, collected_by=collector_class)
    if moved != 1:
        raise Problem(HandoverRefusal.ALREADY_COLLECTED, 409)


def _write_rows(
    unit: Unit, actor: Actor, case: HandoverCase, submission: Submission, proofs: Sequence[Proof]
) -> list[dict[str, Any]]:
    """One row of the register per book, with consecutive numbers, each audited with its digest."""
    next_number = _NUMBERS.returned(unit.conn, o=case.visit.office_id, n=len(case.books))
    first = next_number - len(case.books)
    common = _common_columns(unit, actor, case, submission)
    copied = copies(unit.conn, [book.id for book in case.books], actor.staff_id, case.visit.claim_lane_id)
    rows = []
    capacities = submission.capacities()
    name = collector_name(submission.collector, capacities, [book.holder_name for book in case.books])
    judged = zip(case.books, proofs, capacities, strict=True)
    for number, (book, proof, capacity) in enumerate(judged, first):
        row = {**common, **_book_columns(book, proof, capacity, name), **copied[book.id], "number": number}
        row["id"] = _HANDOVER.returned(unit.conn, **row)
        audit.record(
            unit, actor, "handover.recorded", f"passport:{book.id}", handover=row["id"], number=number,
            visit=case.visit.id, collector=capacity.kind, digest=digest(row), version=VERSION,
            found_by=book.found_by,
        )  # fmt: skip
        rows.append(row)
    return rows


def _common_columns(unit: Unit, actor: Actor, case: HandoverCase, submission: Submission) -> dict[str, Any]:
    """What all rows of one submission share: who, when, where, the collector, and the signature (stored once)."""
    collector, signature = submission.collector, submission.signature
    signature_id = None
    if signature:
        signature_id = _SIGNATURE.returned(unit.conn, sha256=signature.sha256, png=signature.png)
    return {
        "office_id": case.visit.office_id,
        "key": submission.key,
        "visit_id": case.visit.id,
        "lane_id": case.visit.claim_lane_id,
        "officer_id": actor.staff_id,
        "device_id": actor.tablet.id if actor.tablet else None,
        "digest_version": VERSION,
        "at": unit.at,
        "collector_document": collector.document.strip() or None,
        "collector_last4": collector.document_last4.strip() or None,
        "signature_id": signature_id,
        "signature_sha256": signature.sha256 if signature else None,
        "unsigned_reason": None if signature else (submission.unsigned_reason or "").strip() or None,
    }


def _book_columns(book: CaseBook, proof: Proof, capacity: Capacity, name: str) -> dict[str, Any]:
    """What only this book's row says. `name` is the collector's, in all capacities the same person's."""
    return {
        "passport_id": book.id,
        "pickup_id": book.pickup_id,
        "collector_class": capacity.kind,
        "collector_name": book.holder_name if capacity.kind == SELF else name,
        "shown": sorted(capacity.shown),
        "identity_by": proof.identity_by,
        "book_by": proof.book_by,
        "found_by": book.found_by,
    }


def _settle_visit(unit: Unit, actor: Actor, case: HandoverCase) -> None:
    """The visit is done when no ready book of it is left; else the claim is renewed."""
    visit_id = case.visit.id
    _BOOKS_OUT.run(unit.conn, v=visit_id, n=len(case.books))
    if _LEFT_TO_GIVE.all(unit.conn, v=visit_id):
        cases.renew_claim(unit, case)
    else:
        Visit.close(unit.conn, visit_id, states.DONE, unit.at)
        audit.record(unit, actor, "visit.done", f"visit:{visit_id}", reason="")


def _settle_pickups(unit: Unit, case: HandoverCase) -> None:
    """Use up the code of a pickup whose last book was handed over."""
    for pickup_id in {book.pickup_id for book in case.books}:
        if not _STILL_ON_SHELF.all(unit.conn, p=pickup_id):
            _USE_UP.run(unit.conn, p=pickup_id, ended_at=unit.at)


def _emit(unit: Unit, case: HandoverCase, classes: Sequence[str]) -> None:
    visit = case.visit
    by_pickup: dict[int, list[str]] = defaultdict(list)
    for book, collector_class in zip(case.books, classes, strict=True):
        by_pickup[book.pickup_id].append(collector_class)
    unit.emit(HandedOver(visit.office_id, visit.id, unit.at, by_pickup, tuple(book.id for book in case.books)))
    unit.emit(VisitChanged(visit.office_id, visit.id, queries.pickup_ids(unit.conn, visit.id)))


_LANE_NUMBER = ColumnSelect(select(Lane.number).where(Lane.id == bindparam("id")))
_COLLECT = Write(
    update(Passport)
    .where(Passport.id == bindparam("p"), Passport.state == "ready", Passport.locked_at.is_(None))
    .values(state="collected", misses=0, collected_at=bindparam("at"), updated_at=bindparam("at"))
)
_NUMBERS = Write(
    update(Office)
    .where(Office.id == bindparam("o"))
    .values(next_handover=Office.next_handover + bindparam("n"))
    .returning(Office.next_handover)
)
_SIGNATURE = Write(insert(Signature).returning(Signature.id))
_HANDOVER = Write(insert(Handover).returning(Handover.id))
_BOOKS_OUT = Write(
    update(Visit)
    .where(Visit.id == bindparam("v"))
    .values(books_out=Visit.books_out + bindparam("n"), undo=None, undo_by_id=None, undo_until=None)
)
_LEFT_TO_GIVE = ColumnSelect(
    select(Passport.id)
    .join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
    .where(VisitPickup.visit_id == bindparam("v"), VisitPickup.out_at.is_(None), Passport.state == "ready")
    .limit(1)
)
_STILL_ON_SHELF = ColumnSelect(
    select(Passport.id).where(Passport.pickup_id == bindparam("p"), Passport.state.in_(("ready", "held"))).limit(1)
)
_USE_UP = Write(
    update(PickupCode).where(PickupCode.pickup_id == bindparam("p"), PickupCode.state == "current").values(state="used")
)
