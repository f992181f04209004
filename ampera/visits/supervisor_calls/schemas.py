"""What the API takes and gives about calls for a supervisor."""

from marshmallow import ValidationError, fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.typed_text import is_visible_line
from ampera.visits.schemas import LOOK, STATES, ClaimSchema
from ampera.visits.states import VEHICLES
from ampera.visits.supervisor_calls.decision import DECISIONS, ENDS, REASONS

MAX_REASON = 120
MAX_TYPED = 200  # of a login or a password


def _line(text: str) -> None:
    """Refuse control, format and bidi characters: the reason goes into the register."""
    if not is_visible_line(text) and text:
        raise ValidationError("invisible characters")


class CallBody(Schema):
    reason = fields.String(required=True, validate=validate.OneOf(REASONS))


class TakeBody(Schema):
    call_id = fields.Integer(
        load_default=None,
        allow_none=True,
        metadata={"description": "The call that the supervisor saw. When another is open: 409 `call_over`."},
    )


class DecisionBody(TakeBody):
    decision = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    reason = fields.String(
        load_default="",
        validate=[validate.Length(max=MAX_REASON), _line],
        metadata={"description": "Required for `allow_late` and `allow_unsigned`; it goes into the record."},
    )
    login = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=MAX_TYPED),
        metadata={"description": "The supervisor who decides on the tablet of the caller, with `password`."},
    )
    password = fields.String(load_default="", validate=validate.Length(max=MAX_TYPED))
    code = fields.String(
        load_default="",
        validate=validate.Length(max=MAX_TYPED),
        metadata={"description": "The code of the supervisor's app, where the account has a second factor."},
    )


class PinDecisionBody(TakeBody):
    """The same with the PIN of a supervisor instead of login and password."""

    decision = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    reason = fields.String(load_default="", validate=[validate.Length(max=MAX_REASON), _line])
    pin_id = fields.Integer(required=True, strict=True)
    pin = fields.String(required=True, validate=validate.Length(max=MAX_TYPED))


class SupervisorCallSchema(AnswerSchema):
    """A call for a supervisor. It is open until `ended_at`."""

    id = fields.Integer()
    visit_id = fields.Integer()
    queue_no = fields.String()
    lane = fields.Integer(allow_none=True)
    reason = fields.String(validate=validate.OneOf(REASONS))
    by = fields.String(metadata={"description": "The officer who called."})
    by_id = fields.Integer()
    at = fields.DateTime()
    taken_by = fields.String(allow_none=True, metadata={"description": "The supervisor who comes."})
    taken_by_id = fields.Integer(allow_none=True)
    taken_at = fields.DateTime(allow_none=True)
    decision = fields.String(allow_none=True, validate=validate.OneOf(DECISIONS))
    decision_reason = fields.String(allow_none=True)
    decided_by = fields.String(allow_none=True)
    ended_at = fields.DateTime(allow_none=True)
    ended_how = fields.String(allow_none=True, validate=validate.OneOf(ENDS))


class BookInQuestionSchema(AnswerSchema):
    """A book that only a supervisor may release."""

    passport_id = fields.Integer()
    holder_name = fields.String()
    locked = fields.Boolean()
    overdue = fields.Boolean()


class OpenCallSchema(SupervisorCallSchema):
    """An open call with its vehicle and the books that it is about."""

    kind = fields.String(validate=validate.OneOf(VEHICLES))
    plate_masked = fields.String(allow_none=True)
    look = fields.String(allow_none=True, metadata=LOOK)
    books = fields.List(fields.Nested(BookInQuestionSchema))


class ParkedVehicleSchema(AnswerSchema):
    """A vehicle that waits at the side. From `forgotten_at` it counts as forgotten."""

    visit_id = fields.Integer()
    queue_no = fields.String()
    lane = fields.Integer(allow_none=True)
    look = fields.String(allow_none=True, metadata=LOOK)
    officer = fields.String(allow_none=True)
    at = fields.DateTime()
    forgotten_at = fields.DateTime()


class SupervisorCallsSchema(AnswerSchema):
    """What the pages of supervisors show: the open calls of the office, the oldest first."""

    office = fields.String()
    revision = fields.Integer(metadata={"description": "Grows with every change of the office, also across restarts."})
    at = fields.DateTime()
    calls = fields.List(fields.Nested(OpenCallSchema))
    parked = fields.List(fields.Nested(ParkedVehicleSchema))


class CallConflictSchema(AnswerSchema):
    """What a refused step brings beside its code."""

    OPTIONAL = ("by", "decision", "ended_how", "state", "queue_no", "lane", "claim")

    by = fields.String(allow_none=True, metadata={"description": "Who took or decided the call."})
    decision = fields.String(allow_none=True, validate=validate.OneOf(DECISIONS))
    ended_how = fields.String(allow_none=True, validate=validate.OneOf(ENDS))
    state = fields.String(validate=validate.OneOf(STATES), metadata={"description": "Of the visit."})
    queue_no = fields.String()
    lane = fields.Integer(allow_none=True)
    claim = fields.Nested(ClaimSchema, allow_none=True)
