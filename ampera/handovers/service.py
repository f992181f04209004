"""Checking and handing over: the key first, then every check again, then the record, in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.handovers import answers, cases, evidence, signatures, writes
from ampera.handovers.cases import CaseBook, HandoverCase
from ampera.handovers.collectors import checklists, class_refusals
from ampera.handovers.evidence import Identity, Proof
from ampera.handovers.refusals import HandoverRefusal
from ampera.handovers.submission import Answer, Submission
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport
from ampera.visits.supervisor_calls.queries import Permit, unsigned_permit


@dataclass(frozen=True)
class CheckResult:
    """`match` or `mismatch` for the book and for the identity; None when too little was typed to decide."""

    book: str | None
    identity: str | None
    tries_left: int


@transaction
def check(
    unit: Unit, actor: Actor, visit_id: int, passport_id: int, book: str | None, identity: Identity | None
) -> CheckResult | Refused:
    """Compare what was typed in one row of the form. A mismatch is audited, and counts as one miss of the book.

    Refused: the reasons of `cases.load`. The result never contains the expected values.
    """
    case = cases.load(unit, actor, visit_id, [passport_id])
    if isinstance(case, Refused):
        return case
    row = case.books[0]
    book_result = None if book is None else _decided(evidence.check_book(row.passport_no, book))
    identity_result = None if identity is None else _decided(evidence.check_identity(row.holder, identity))
    if evidence.MISMATCH in (book_result, identity_result):
        subject = f"passport:{row.id}"
        audit.record(unit, actor, "handover.mismatch", subject, book=book_result, identity=identity_result)
        _count_miss(unit, actor, case, row)
    cases.renew_claim(unit, case)
    missed = int(evidence.MISMATCH in (book_result, identity_result))
    return CheckResult(book_result, identity_result, max(0, case.tries_left(row) - missed))


@transaction
def hand_over(unit: Unit, actor: Actor, submission: Submission) -> Answer | Refused:
    """Record that these books were handed to this collector: all of them or none.

    The same key and body again gives the stored answer, whatever has changed since. Refused: `key_reused`; the reasons
    of `cases.load`; `identity_mismatch`, `book_mismatch`, `not_the_holder`, `evidence_missing`, `signature_missing`
    (422 by field).
    """
    body_hash = submission.body_hash(actor.office_id)
    stored = answers.stored_answer(unit, submission.key)
    if stored and (answer := answers.repeated(stored, body_hash, actor.office_id)):
        return answer
    case = cases.load(unit, actor, submission.visit_id, [book.passport_id for book in submission.books])
    if isinstance(case, Refused):
        concerned = _concerned([book.passport_id for book in submission.books], case)
        audit.record(
            unit, actor, "handover.refused", f"visit:{submission.visit_id}", why=case.code, passports=concerned
        )
        return case
    proofs = [
        evidence.prove(row.holder, row.passport_no, book.identity, book.book)
        for row, book in zip(case.books, submission.books, strict=True)
    ]
    key = answers.AnswerKey(submission.key, body_hash, stored is not None)
    permit = None if submission.signature else unsigned_permit(unit.conn, case.visit.id, actor.staff_id)
    if refusal := _refusal(case, submission, proofs, permit):
        return _refuse(unit, actor, case, proofs, key, refusal)
    if permit:
        submission = replace(submission, unsigned_reason=f"{permit.reason} ({permit.supervisor})")
    if submission.signature and submission.signed_text:
        signature = signatures.with_text(submission.signature, submission.signed_text)
        submission = replace(submission, signature=signature)
    return Answer(writes.record(unit, actor, case, submission, proofs, key), True)


def _decided(result: str) -> str | None:
    """Too little typed to decide is no miss."""
    return None if result == evidence.MISSING else result


def _refusal(
    case: HandoverCase, submission: Submission, proofs: Sequence[Proof], permit: Permit | None
) -> Refused | None:
    """The first kind of problem, with every place where it occurs."""
    lists = option(case.options, "checklists")
    lacking: dict[str, Any] = dict(checklists.missing(submission.collector, submission.capacities(), lists))
    identity: dict[str, Any] = {}
    book: dict[str, Any] = {}
    for n, proof in enumerate(proofs):
        if proof.identity == evidence.MISSING:
            lacking[f"passports.{n}.identity"] = HandoverRefusal.EVIDENCE_MISSING
        elif proof.identity == evidence.MISMATCH:
            identity[f"passports.{n}.identity"] = HandoverRefusal.IDENTITY_MISMATCH
        if proof.book != evidence.MATCH:
            book[f"passports.{n}.book"] = HandoverRefusal.BOOK_MISMATCH
    if identity:
        return Refused(HandoverRefusal.IDENTITY_MISMATCH, 422, identity | book)
    if book:
        return Refused(HandoverRefusal.BOOK_MISMATCH, 422, book)
    if untrue := class_refusals.refusal(case.books, submission):
        return untrue
    if lacking:
        return Refused(HandoverRefusal.EVIDENCE_MISSING, 422, lacking)
    return None if permit else _signature_refusal(case, submission)


def _signature_refusal(case: HandoverCase, submission: Submission) -> Refused | None:
    if submission.signature and submission.signed_text not in (None, _signed_text(case, submission)):
        return Refused(Refusal.INVALID, 422, {"signed_text": Refusal.INVALID})
    if submission.signature or not option(case.options, "signature_required"):
        return None
    if option(case.options, "may_be_unsigned") and (submission.unsigned_reason or "").strip():
        return None
    return Refused(HandoverRefusal.SIGNATURE_MISSING, 422, {"signature": HandoverRefusal.SIGNATURE_MISSING})


def _signed_text(case: HandoverCase, submission: Submission) -> str:
    holders = [book.holder_name for book in case.books]
    name = checklists.collector_name(submission.collector, submission.capacities(), holders)
    return signatures.signed_text(name, [(book.holder_name, book.passport_no) for book in case.books])


def _refuse(
    unit: Unit, actor: Actor, case: HandoverCase, proofs: Sequence[Proof], key: answers.AnswerKey, refusal: Refused
) -> Refused:
    """Audit the refusal. A mismatch is stored under the key: a repeated request must not count twice."""
    audit.record(
        unit, actor, "handover.refused", f"visit:{case.visit.id}", why=refusal.code, fields=sorted(refusal.fields),
        passports=_concerned([book.id for book in case.books], refusal),
    )  # fmt: skip
    judged = zip(case.books, proofs, strict=True)
    missed = [book for book, proof in judged if evidence.MISMATCH in (proof.identity, proof.book)]
    if not missed:
        return refusal
    for book in missed:
        _count_miss(unit, actor, case, book)
    left = min(max(0, case.tries_left(book) - 1) for book in missed)
    answer = {**asdict(refusal), "detail": {"tries_left": left}}
    answers.store(unit, actor, key, refusal.status, answer)
    return Refused(**answer)


def _concerned(passport_ids: Sequence[int], refusal: Refused) -> list[int]:
    """The books that a refusal is about: those that its fields name, or all when it is about the submission."""
    named = {place.split(".")[1] for place in refusal.fields if place.startswith("passports.")}
    concerned = [passport_id for n, passport_id in enumerate(passport_ids) if str(n) in named]
    return concerned or list(passport_ids)


def _count_miss(unit: Unit, actor: Actor, case: HandoverCase, book: CaseBook) -> None:
    Passport.count_miss(unit, actor, case.visit.office_id, book.id, case.tries_left(book))
