"""JSON of books on their shelves: hold, release, move, cancel, allow late."""

from typing import Any

from ampera.accounts.authentication import is_own_password
from ampera.accounts.refusals import AccountRefusal
from ampera.api import blueprint
from ampera.errors import Problem, Refusal, Refused, raise_refusal
from ampera.passports import service
from ampera.passports.refusals import PassportRefusal
from ampera.passports.schemas import (
    CancellationBody,
    LateBody,
    ReasonBody,
    ShelfBody,
    ShelvedBookSchema,
    UnlockBody,
)
from ampera.security import DESK, SUPERVISOR, actor, people_only, requires
from ampera.web import limits

api = blueprint("passports", "Books on the shelves.")
CANCEL_REFUSALS = {
    403: [AccountRefusal.WRONG_PASSWORD, AccountRefusal.FRESH_SIGN_IN_NEEDED],
    409: [Refusal.WRONG_STATE, PassportRefusal.BEING_SERVED],
    422: [PassportRefusal.MINUTES_MISSING, PassportRefusal.GROUND_NOT_DUE],
    429: [Refusal.TOO_MANY_REQUESTS, AccountRefusal.ACCOUNT_RESTS],
}


@api.post("/passports/<int:passport_id>/hold")
@requires(*DESK)
@api.arguments(ReasonBody)
@api.answers(ShelvedBookSchema)
@api.refuses({409: [Refusal.WRONG_STATE], 422: [Refusal.REASON_MISSING]})
def hold(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Hold a ready book for a check at the inside counter."""
    return _book(service.hold(actor(), passport_id, body["reason"]))


@api.post("/passports/<int:passport_id>/release")
@requires(*DESK)
@api.arguments(ReasonBody)
@api.answers(ShelvedBookSchema)
@api.refuses({409: [Refusal.WRONG_STATE], 422: [Refusal.REASON_MISSING]})
def release(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Make a held book ready again."""
    return _book(service.release(actor(), passport_id, body["reason"]))


@api.post("/passports/<int:passport_id>/move")
@requires(*DESK)
@api.arguments(ShelfBody)
@api.answers(ShelvedBookSchema)
@api.refuses({409: [Refusal.WRONG_STATE], 422: [PassportRefusal.SHELF_MISSING, PassportRefusal.SHELF_INVALID]})
def move(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Record another shelf for a book."""
    return _book(service.move(actor(), passport_id, body["shelf"]))


@api.post("/passports/<int:passport_id>/cancel")
@requires(*SUPERVISOR)
@people_only
@limits.guesses("20/minute")
@api.arguments(CancellationBody)
@api.answers(ShelvedBookSchema)
@api.refuses(CANCEL_REFUSALS)
def cancel(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Cancel a passport on a ground of Pasal 30.

    Only for a supervisor, with the number of the berita acara, and a fresh sign-in or the password in the body. Keys
    cannot cancel: nobody is behind a key.
    """
    has_proved = bool(body["password"])
    if has_proved and not is_own_password(actor(), body["password"]):
        raise Problem(AccountRefusal.WRONG_PASSWORD, 403, {"password": AccountRefusal.WRONG_PASSWORD})
    return _book(service.cancel(actor(), passport_id, body["minutes"], body["ground"], has_proved))


@api.post("/passports/<int:passport_id>/late")
@requires(*SUPERVISOR)
@api.arguments(LateBody)
@api.answers(ShelvedBookSchema)
@api.refuses({409: [Refusal.WRONG_STATE], 422: [Refusal.REASON_MISSING, PassportRefusal.DAY_PASSED]})
def allow_late(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Allow a book to be collected after its deadline.

    Only for a supervisor.
    """
    return _book(service.allow_late(actor(), passport_id, body["until"], body["reason"]))


@api.post("/passports/<int:passport_id>/unlock")
@requires(*SUPERVISOR)
@api.arguments(UnlockBody)
@api.answers(ShelvedBookSchema)
@api.refuses({409: [Refusal.WRONG_STATE], 429: [Refusal.TOO_MANY_REQUESTS]})
def unlock(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Unlock a book that was guessed at too often.

    Only for a supervisor.
    """
    return _book(service.unlock(actor(), passport_id, body["reason"]))


def _book(result: service.ChangedBook | Refused) -> dict[str, Any]:
    book = raise_refusal(result)
    return {"passport_id": book.id, "state": book.state, "shelf": book.shelf, "held_reason": book.held_reason}
