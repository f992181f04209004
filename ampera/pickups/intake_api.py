"""`POST /passports`: books from another system, answered with their codes.

The view is in this slice and not in `passports`, because the answer contains codes that this slice derives. A view
may call the service of an earlier slice; services never call each other.
"""

from typing import Any

from sqlalchemy.orm import Session

from ampera import clock, db
from ampera.api import blueprint
from ampera.errors import Problem, Refusal
from ampera.offices.models import Office
from ampera.passports.fields import READERS
from ampera.passports.imports import intake_plan, intake_service
from ampera.passports.imports.messages import sentence
from ampera.passports.imports.row import CheckedRow, checked
from ampera.passports.refusals import PassportRefusal
from ampera.pickups import queries
from ampera.pickups.codes import CodeKeys
from ampera.pickups.refusals import PickupRefusal
from ampera.pickups.schemas import IntakeSchema, PassportsBody
from ampera.pickups.views import keys, site
from ampera.security import DESK, actor, requires
from ampera.web.limits import body_up_to

MAX_BODY = 4 * 1024 * 1024  # bytes; a record has 300 to 500
api = blueprint("intake", "Books from other systems.")


@api.post("/passports")
@body_up_to(MAX_BODY)
@requires(*DESK)
@api.arguments(PassportsBody)
@api.answers(IntakeSchema)
@api.refuses({409: [Refusal.CONFLICT], 429: [PassportRefusal.NUMBERS_EXHAUSTED]})
def take_in(body: dict[str, Any]) -> dict[str, Any]:
    """Take in books from another system.

    All accepted records are saved in one transaction. Idempotent on `application_no`; a refused record does not stop
    the others. Books with the same `group` share a pickup. An account gets at most 100 answers an hour about numbers
    that differ from a book's, or that another book has; then nothing of a request is saved or answered.
    """
    records = body["passports"]
    _refuse_unknown(records)
    outcomes = intake_service.bring_in(actor(), db.long_read_in_thread(_checked, actor().office_id or 0, records))
    pickup_ids = {row.pickup_id for row in outcomes if row.pickup_id and row.outcome != "refused"}
    return {
        "rows": [_row(outcome, record) for outcome, record in zip(outcomes, records, strict=True)],
        "pickups": db.long_read_in_thread(_handouts, keys(), site(), pickup_ids),
    }


def _refuse_unknown(records: list[dict[str, Any]]) -> None:
    unknown = [
        f"passports.{index}.{name}" for index, record in enumerate(records) for name in record if name not in READERS
    ]
    if unknown:
        raise Problem(Refusal.INVALID, 422, dict.fromkeys(unknown[:20], PickupRefusal.UNKNOWN_FIELD))


def _checked(session: Session, office_id: int, records: list[dict[str, Any]]) -> list[CheckedRow]:
    """The records as rows. JSON values that are not texts are refused; only spreadsheets turn texts into numbers."""
    texts = (
        {name: cell if isinstance(cell, str | None) else False for name, cell in record.items()} for record in records
    )
    today = clock.today(session.get_one(Office, office_id).timezone)
    return list(checked(enumerate(texts), today))


def _texts(record: dict[str, Any]) -> dict[str, str | bool | None]:
    return {name: cell if isinstance(cell, str | None) else False for name, cell in record.items()}


def _handouts(session: Session, keys: CodeKeys, site: str, pickup_ids: set[int]) -> list[dict[str, Any]]:
    return [{**vars(handout)} for handout in queries.handouts(session, keys, site, pickup_ids)]


def _row(outcome: intake_plan.RowOutcome, record: dict[str, Any]) -> dict[str, Any]:
    return {
        "index": outcome.number,
        "application_no": record.get("application_no"),
        "outcome": outcome.outcome,
        "passport_id": outcome.passport_id,
        "pickup_id": outcome.pickup_id,
        "problems": [
            {"field": problem.field, "code": problem.code, "message": sentence(problem)} for problem in outcome.problems
        ],
    }
