"""Checking and handing over: the key first, then every check again, then the record, in one transaction."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, select, update

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.handovers import case, collectors, evidence, writes
from ampera.handovers.evidence import Identity
from ampera.handovers.models import RECORDED, HandoverKey
from ampera.handovers.refusals import HandoverRefusal
from ampera.handovers.submission import Answer, Request
from ampera.offices.options.defaults import option
from ampera.pickups.models import Pickup


@transaction
def check(
    unit: Unit, actor: Actor, visit_id: int, passport_id: int, book: str | None, identity: Identity | None
) -> dict[str, Any] | Refused:
    """The answer beside one row of the form: `{book, identity, tries_left}`. An identity miss counts and is audited."""
    window = case.load(unit, actor, visit_id, [passport_id])
    if isinstance(window, Refused):
        return window
    row = window.books[0]
    told: dict[str, Any] = {"book": None, "identity": None}
    if book is not None:
        told["book"] = _yes_or_no(evidence.check_book(row.passport_no, book))
    if identity is not None:
        told["identity"] = _yes_or_no(evidence.check_identity(case.holder(row), identity))
    if "mismatch" in told.values():
        audit.record(unit, actor, "handover.mismatch", f"passport:{row.id}", **told)
    missed = int(told["identity"] == evidence.MISMATCH)
    if missed:
        _count_misses(unit, actor, window, Counter({row.pickup_id: 1}))
    case.renew(unit, window)
    return {**told, "tries_left": max(0, window.tries_left(row.pickup_id) - missed)}


@transaction
def hand_over(unit: Unit, actor: Actor, request: Request) -> Answer | Refused:
    """Record that these books went to this collector: all of them or none.

    Refused: `key_reused`; what `claims.load` refuses; `evidence_missing`, `signature_missing`, `identity_mismatch`,
    `book_mismatch` (422 by field). The same key and body again gives the stored answer, whatever has changed since.
    """
    body_hash = request.body_hash(actor.office_id)
    known = unit.conn.execute(_KEY, {"key": request.key}).one_or_none()
    if known and known.body_hash == body_hash:
        return Answer(known.answer, False) if known.status == RECORDED else Refused(**known.answer)
    if known and (known.status == RECORDED or known.office_id != actor.office_id):
        return Refused(Refusal.KEY_REUSED, 422, {"key": Refusal.KEY_REUSED})
    window = case.load(unit, actor, request.visit_id, [one.passport_id for one in request.books])
    if isinstance(window, Refused):
        audit.record(unit, actor, "handover.refused", f"visit:{request.visit_id}", why=window.code)
        return window
    if refusal := _refusal(window, request):
        return _refuse(unit, actor, window, request, body_hash, refusal)
    return Answer(writes.record(unit, actor, window, request, body_hash), True)


def _yes_or_no(told: str) -> str | None:
    """`match` or `mismatch`; None when too little was typed to decide, which is no miss."""
    return None if told == evidence.MISSING else told


def _refusal(window: case.AtWindow, request: Request) -> Refused | None:
    """The first kind of problem, with every place where it occurs."""
    lacking: dict[str, Any] = dict(collectors.missing(request.collector, option(window.options, "checklists")))
    identity: dict[str, Any] = {}
    book: dict[str, Any] = {}
    for n, (one, row) in enumerate(zip(request.books, window.books, strict=True)):
        told = evidence.check_identity(case.holder(row), one.identity)
        if told == evidence.MISSING:
            lacking[f"passports.{n}.identity"] = HandoverRefusal.EVIDENCE_MISSING
        elif told == evidence.MISMATCH:
            identity[f"passports.{n}.identity"] = HandoverRefusal.IDENTITY_MISMATCH
        if evidence.check_book(row.passport_no, one.book) != evidence.MATCH:
            book[f"passports.{n}.book"] = HandoverRefusal.BOOK_MISMATCH
    if identity:
        return Refused(HandoverRefusal.IDENTITY_MISMATCH, 422, identity | book)
    if book:
        return Refused(HandoverRefusal.BOOK_MISMATCH, 422, book)
    if lacking:
        return Refused(HandoverRefusal.EVIDENCE_MISSING, 422, lacking)
    return _signature_refusal(window.options, request)


def _signature_refusal(options: dict[str, Any], request: Request) -> Refused | None:
    if request.signature or not option(options, "signature_required"):
        return None
    if option(options, "may_be_unsigned") and (request.unsigned_reason or "").strip():
        return None
    return Refused(HandoverRefusal.SIGNATURE_MISSING, 422, {"signature": HandoverRefusal.SIGNATURE_MISSING})


def _refuse(
    unit: Unit, actor: Actor, window: case.AtWindow, request: Request, body_hash: str, refusal: Refused
) -> Refused:
    """Audit the refusal. A mismatch is stored under the key, so that asking again after a cut counts no second miss."""
    audit.record(
        unit, actor, "handover.refused", f"visit:{request.visit_id}", why=refusal.code, fields=sorted(refusal.fields)
    )
    if refusal.code != HandoverRefusal.IDENTITY_MISMATCH:
        return refusal
    missed = Counter(
        window.books[int(place.split(".")[1])].pickup_id
        for place, told in refusal.fields.items()
        if told == HandoverRefusal.IDENTITY_MISMATCH
    )
    _count_misses(unit, actor, window, missed)
    left = min(max(0, window.tries_left(pickup_id) - count) for pickup_id, count in missed.items())
    told = {**asdict(refusal), "detail": {"tries_left": left}}
    writes.keep(unit, actor, request.key, body_hash, refusal.status, told)
    return Refused(**told)


def _count_misses(unit: Unit, actor: Actor, window: case.AtWindow, missed: Counter[int]) -> None:
    for pickup_id, count in missed.items():
        is_locked = window.tries_left(pickup_id) <= count
        locked_at = unit.at if is_locked else None
        unit.conn.execute(_MISS, {"p": pickup_id, "n": count, "locked_at": locked_at})
        if is_locked:
            audit.record(unit, actor, "pickup.locked", f"pickup:{pickup_id}")


_KEY = select(HandoverKey.__table__).where(HandoverKey.key == bindparam("key"))
_MISS = update(Pickup).where(Pickup.id == bindparam("p")).values(misses=Pickup.misses + bindparam("n"))
