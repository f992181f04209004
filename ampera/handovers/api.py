"""JSON of the handover: checks while the officer types, the handover, the record by its key, and the void."""

from dataclasses import asdict
from typing import Any

from flask import Response, jsonify

from ampera import clock, db
from ampera.accounts.authentication import is_own_password
from ampera.accounts.refusals import AccountRefusal
from ampera.api import blueprint
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.handovers import answers, service, signatures, void_service
from ampera.handovers.collectors.checklists import Collector
from ampera.handovers.evidence import Identity
from ampera.handovers.refusals import HandoverRefusal
from ampera.handovers.schemas import (
    CASE_CONFLICTS,
    CheckBody,
    CheckSchema,
    HandoverBody,
    HandoverConflictSchema,
    HandoverSchema,
    VoidBody,
    VoidSchema,
)
from ampera.handovers.submission import BookInHand, Submission
from ampera.passports.refusals import PassportRefusal
from ampera.security import LANE, STAFF, SUPERVISOR, WINDOWS, actor, only_at, people_only, requires
from ampera.web import limits

api = blueprint("handovers", "Handovers and their register.")
MISMATCHES = (
    HandoverRefusal.IDENTITY_MISMATCH,
    HandoverRefusal.BOOK_MISMATCH,
    HandoverRefusal.NOT_THE_HOLDER,
    HandoverRefusal.EVIDENCE_MISSING,
    HandoverRefusal.SIGNATURE_MISSING,
    HandoverRefusal.SIGNATURE_INVALID,
)
HANDOVER_REFUSALS = {
    403: [Refusal.WRONG_TABLET],
    404: [Refusal.NOT_FOUND],
    409: [*CASE_CONFLICTS, Refusal.CONFLICT],
    422: [*MISMATCHES, Refusal.KEY_REUSED],
}
VOID_REFUSALS = {
    403: [AccountRefusal.WRONG_PASSWORD, AccountRefusal.FRESH_SIGN_IN_NEEDED],
    409: [
        HandoverRefusal.SAME_OFFICER,
        HandoverRefusal.LOCKED,
        PassportRefusal.DUPLICATE_PASSPORT_NO,
        Refusal.WRONG_STATE,
    ],
    422: [Refusal.REASON_MISSING, HandoverRefusal.EVIDENCE_MISSING, HandoverRefusal.BOOK_MISMATCH],
    429: [Refusal.TOO_MANY_REQUESTS, AccountRefusal.ACCOUNT_RESTS],
}


@api.post("/visits/<int:visit_id>/checks")
@only_at(*WINDOWS)
@requires(*LANE)
@api.arguments(CheckBody)
@api.answers(CheckSchema)
@api.refuses({403: [Refusal.WRONG_TABLET], 409: CASE_CONFLICTS}, HandoverConflictSchema)
def check(body: dict[str, Any], visit_id: int) -> dict[str, Any]:
    """Check typed evidence before the handover.

    The answer never contains the expected value. A miss counts for the book and is audited.
    """
    identity = Identity(**body["identity"]) if body["identity"] is not None else None
    return asdict(raise_refusal(service.check(actor(), visit_id, body["passport_id"], body["book"], identity)))


@api.post("/handovers")
@only_at(*WINDOWS)
@requires(*LANE)
@api.arguments(HandoverBody)
@api.answers(HandoverSchema, 201, also={200: "The same key and body again: the stored answer."})
@api.refuses(HANDOVER_REFUSALS, HandoverConflictSchema)
def hand_over(body: dict[str, Any]) -> Response:
    """Hand over all these books or none.

    The same key and body again gives the stored answer with status 200, whatever has changed since.
    """
    answer = raise_refusal(service.hand_over(actor(), _submission(body)))
    response = jsonify(answer.body)
    response.status_code = 201 if answer.is_new else 200
    return response


@api.get("/handovers/<uuid:key>")
@requires(*STAFF)
@api.answers(HandoverSchema)
def recorded(key: object) -> dict[str, Any]:
    """Get the record of a handover by its key."""
    with db.reading() as session:
        answer = answers.recorded_answer(session, actor().office_id or 0, str(key))
    if answer is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return answer


@api.post("/handovers/<int:handover_id>/void")
@people_only
@requires(*STAFF)
@limits.guesses("20/minute")
@api.arguments(VoidBody)
@api.answers(VoidSchema)
@api.refuses(VOID_REFUSALS, HandoverConflictSchema)
def void(body: dict[str, Any], handover_id: int) -> dict[str, Any]:
    """Void a record of the register.

    Only for a supervisor who is not the confirming officer, with the number of the book in the hand, and with a fresh
    sign-in or the password in the body. A wrong number is a miss of the book, as at the window. Keys cannot void:
    nobody proves with a key who is there.
    """
    who = actor()
    if who.role not in SUPERVISOR:  # before the password is looked at: nobody tries passwords without the right
        body["password"] = ""
    has_proved = bool(body["password"])
    if has_proved and not is_own_password(who, body["password"]):
        raise Problem(AccountRefusal.WRONG_PASSWORD, 403, {"password": AccountRefusal.WRONG_PASSWORD})
    given = {name: body[name] for name in ("reason", "shelf", "book")}
    voided = raise_refusal(void_service.void(who, handover_id, **given, has_proved=has_proved))
    return {"id": voided.handover_id, "number": voided.number, "voided_at": clock.iso(voided.at)}


def _submission(body: dict[str, Any]) -> Submission:
    """The submitted handover. A book that is named twice is refused."""
    ids = [book["passport_id"] for book in body["passports"]]
    repeated = [n for n, passport_id in enumerate(ids) if passport_id in ids[:n]]
    if repeated:
        raise Problem(Refusal.INVALID, 422, {f"passports.{n}.passport_id": Refusal.INVALID for n in repeated})
    collector = body["collector"]
    return Submission(
        key=str(body["key"]),
        visit_id=body["visit_id"],
        books=tuple(map(_book_in_hand, body["passports"])),
        collector=Collector(**{**collector, "shown": _evidence(collector["shown"])}),
        signature=raise_refusal(signatures.read(body["signature"])) if body["signature"] else None,
        unsigned_reason=body["unsigned_reason"],
        signed_text=body["signed_text"],
    )


def _book_in_hand(book: dict[str, Any]) -> BookInHand:
    shown = None if book["shown"] is None else _evidence(book["shown"])
    return BookInHand(**{**book, "identity": Identity(**book["identity"]), "shown": shown})


def _evidence(shown: list[str]) -> tuple[str, ...]:
    return tuple(sorted(set(shown)))
