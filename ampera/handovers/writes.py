"""The writes of one handover, inside its transaction: books, rows, visit, pickups, stored answer.

A book leaves by a conditional update of its state, and the unique index on live handovers has the last word.
"""

from collections import Counter
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import Problem
from ampera.handovers import case, evidence
from ampera.handovers.digest import digest
from ampera.handovers.events import HandedOver
from ampera.handovers.models import RECORDED, Handover, HandoverKey, Signature
from ampera.handovers.refusals import HandoverRefusal
from ampera.handovers.submission import BookInHand, Request
from ampera.offices.models import Lane, Office
from ampera.passports.models import Passport
from ampera.pickups.models import Pickup, PickupCode
from ampera.visits import queries, states
from ampera.visits.events import VisitChanged
from ampera.visits.models import Visit, VisitPickup


def record(unit: Unit, actor: Actor, window: case.AtWindow, request: Request, body_hash: str) -> dict[str, Any]:
    """Write everything one handover changes and return its answer. Raises Problem 409 when a book is already gone."""
    lane = unit.conn.execute(select(Lane.number).where(Lane.id == window.visit.claim_lane_id)).scalar_one()
    for book in window.books:
        _take_off_the_shelf(unit, book, lane, request.collector.kind)
    # The answer is stored under the key at the end of this transaction; the rows below point at it.
    keep(unit, actor, request.key, body_hash, RECORDED, {})
    rows = _write_rows(unit, actor, window, request)
    _settle_visit(unit, actor, window)
    _settle_pickups(unit, window)
    Office.raise_revision(unit.conn, window.visit.office_id)
    _tell(unit, window, request)
    body = {
        "key": request.key,
        "handovers": [
            {"id": row["id"], "number": row["number"], "passport_id": row["passport_id"], "at": clock.iso(unit.at)}
            for row in rows
        ],
        "visit": queries.visit_card(unit.conn, window.visit.id, actor.staff_id),
    }
    keep(unit, actor, request.key, body_hash, RECORDED, body)
    return body


def _take_off_the_shelf(unit: Unit, book: Any, lane: int, collector_class: str) -> None:
    """The move that only one request can make. Raises Problem 409 (and rolls back) when another one made it."""
    moved = unit.conn.execute(
        _COLLECT,
        {"p": book.id, "at": unit.at, "collected_lane": lane, "collected_by": collector_class},
    )
    if moved.rowcount != 1:
        raise Problem(HandoverRefusal.ALREADY_COLLECTED, 409)


def _write_rows(unit: Unit, actor: Actor, window: case.AtWindow, request: Request) -> list[dict[str, Any]]:
    first = unit.conn.execute(_NUMBERS, {"o": window.visit.office_id, "n": len(window.books)}).scalar_one()
    first -= len(window.books)
    signature_id = None
    if request.signature:
        drawn = {"sha256": request.signature.sha256, "png": request.signature.png}
        signature_id = unit.conn.execute(_SIGNATURE, drawn).scalar_one()
    rows = []
    for n, (one, book) in enumerate(zip(request.books, window.books, strict=True)):
        row = _row(unit, actor, window, request, one, book) | {"number": first + n, "signature_id": signature_id}
        row["id"] = unit.conn.execute(_HANDOVER, row).scalar_one()
        audit.record(
            unit, actor, "handover.recorded", f"passport:{book.id}", handover=row["id"], number=row["number"],
            visit=window.visit.id, collector=request.collector.kind, digest=digest(row),
        )  # fmt: skip
        rows.append(row)
    return rows


def _row(
    unit: Unit, actor: Actor, window: case.AtWindow, request: Request, one: BookInHand, book: Any
) -> dict[str, Any]:
    by = request.collector
    return {
        "office_id": window.visit.office_id,
        "key": request.key,
        "passport_id": book.id,
        "pickup_id": book.pickup_id,
        "visit_id": window.visit.id,
        "lane_id": window.visit.claim_lane_id,
        "officer_id": actor.staff_id,
        "at": unit.at,
        "collector_class": by.kind,
        "collector_name": by.name.strip() if by.kind != "self" else book.holder_name,
        "collector_document": by.document.strip() or None,
        "collector_last4": by.document_last4.strip() or None,
        "shown": sorted(by.shown),
        "identity_by": evidence.identity_by(case.holder(book), one.identity),
        "book_by": evidence.book_by(one.book),
        "signature_sha256": request.signature.sha256 if request.signature else None,
        "unsigned_reason": None if request.signature else (request.unsigned_reason or "").strip() or None,
    }


def _settle_visit(unit: Unit, actor: Actor, window: case.AtWindow) -> None:
    """Done when nothing of the visit is left to hand over; else the claim goes on."""
    unit.conn.execute(_BOOKS_OUT, {"v": window.visit.id, "n": len(window.books)})
    if unit.conn.execute(_LEFT_TO_GIVE, {"v": window.visit.id}).first():
        case.renew(unit, window)
    else:
        Visit.close(unit.conn, window.visit.id, states.DONE, unit.at)
        audit.record(unit, actor, "visit.done", f"visit:{window.visit.id}", reason="")


def _settle_pickups(unit: Unit, window: case.AtWindow) -> None:
    """Misses are forgiven; a code whose last book went out is used up."""
    for pickup_id in {book.pickup_id for book in window.books}:
        unit.conn.execute(update(Pickup).where(Pickup.id == pickup_id).values(misses=0))
        if not unit.conn.execute(_STILL_ON_SHELF, {"p": pickup_id}).first():
            unit.conn.execute(_USE_UP, {"p": pickup_id, "ended_at": unit.at})


def _tell(unit: Unit, window: case.AtWindow, request: Request) -> None:
    visit = window.visit
    unit.emit(
        HandedOver(
            visit.office_id,
            visit.id,
            unit.at,
            request.collector.kind,
            dict(Counter(book.pickup_id for book in window.books)),
            tuple(book.id for book in window.books),
        )
    )
    unit.emit(VisitChanged(visit.office_id, visit.id, queries.pickup_ids(unit.conn, visit.id)))


def keep(unit: Unit, actor: Actor, key: str, body_hash: str, status: int, answer: Any) -> None:
    """Store the answer under the request's key (again, when a corrected body follows a mismatch)."""
    values = {"office_id": actor.office_id, "body_hash": body_hash, "status": status, "answer": answer, "at": unit.at}
    if not unit.conn.execute(_KEEP_AGAIN, {"k": key, **values}).rowcount:
        unit.conn.execute(insert(HandoverKey), {"key": key, **values})


_KEEP_AGAIN = update(HandoverKey).where(HandoverKey.key == bindparam("k"))
_COLLECT = (
    update(Passport)
    .where(Passport.id == bindparam("p"), Passport.state == "ready")
    .values(state="collected", collected_at=bindparam("at"), updated_at=bindparam("at"))
)
_NUMBERS = (
    update(Office)
    .where(Office.id == bindparam("o"))
    .values(next_handover=Office.next_handover + bindparam("n"))
    .returning(Office.next_handover)
)
_SIGNATURE = insert(Signature).returning(Signature.id)
_HANDOVER = insert(Handover).returning(Handover.id)
_BOOKS_OUT = (
    update(Visit)
    .where(Visit.id == bindparam("v"))
    .values(books_out=Visit.books_out + bindparam("n"), undo=None, undo_by_id=None, undo_until=None)
)
_LEFT_TO_GIVE = (
    select(Passport.id)
    .join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
    .where(VisitPickup.visit_id == bindparam("v"), VisitPickup.out_at.is_(None), Passport.state == "ready")
    .limit(1)
)
_STILL_ON_SHELF = (
    select(Passport.id).where(Passport.pickup_id == bindparam("p"), Passport.state.in_(("ready", "held"))).limit(1)
)
_USE_UP = (
    update(PickupCode).where(PickupCode.pickup_id == bindparam("p"), PickupCode.state == "current").values(state="used")
)
