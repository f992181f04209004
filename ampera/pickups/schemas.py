"""What the API takes and gives about pickups, their codes, and books from other systems."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.passports.fields import MAX_REASON, NEEDED, READERS

MAX_ROWS = 5_000
RECORD = {
    "type": "object",
    "required": list(NEEDED),
    "properties": {name: {"type": "string", "nullable": name not in NEEDED} for name in READERS},
    "additionalProperties": False,
}


class CodeReasonBody(Schema):
    reason = fields.String(load_default="", validate=validate.Length(max=MAX_REASON))


class PassportsBody(Schema):
    # Plain objects: a schema for each of 5,000 records would hold up the loop. Their fields are checked on a thread.
    passports = fields.List(fields.Dict(metadata=RECORD), required=True, validate=validate.Length(max=MAX_ROWS))


class HandoutSchema(AnswerSchema):
    """What the applicant gets. Null: the pickup has no current code."""

    pickup_id = fields.Integer()
    link = fields.String(allow_none=True, metadata={"description": "The full address of the applicant's page."})
    code = fields.String(allow_none=True, metadata={"description": "The content of the QR code."})
    booking_code = fields.String(allow_none=True, metadata={"description": "The code for typing, `7KQ4-M2XR`."})


class PickupBookSchema(AnswerSchema):
    """A book of a pickup."""

    passport_id = fields.Integer()
    holder_name = fields.String()
    state = fields.String(validate=validate.OneOf(("ready", "held", "collected", "cancelled")))
    status = fields.String(validate=validate.OneOf(("ready", "overdue", "held", "collected", "cancelled")))
    locked = fields.Boolean(metadata={"description": "Too many misses: only a supervisor may unlock the book."})
    shelf = fields.String()
    deadline = fields.Date(metadata={"description": "The last day to collect the book."})


class CodeGenerationSchema(AnswerSchema):
    """One generation of the code. A newer one revokes it."""

    OPTIONAL = ("booking_code",)

    generation = fields.Integer()
    state = fields.String(validate=validate.OneOf(("current", "revoked", "used")))
    created_at = fields.DateTime()
    ended_at = fields.DateTime(allow_none=True)
    booking_code = fields.String(metadata={"description": "Only for callers who may see codes."})


class PickupSchema(AnswerSchema):
    """The right to collect one or several books.

    `link`, `code` and `booking_code` are only for callers who may see codes.
    """

    OPTIONAL = ("link", "code", "booking_code")

    pickup_id = fields.Integer()
    group = fields.String(allow_none=True)
    locked = fields.Boolean(metadata={"description": "Whether a book of it is locked."})
    misses = fields.Integer(metadata={"description": "The most misses of one of its books since the last unlock."})
    deadline = fields.Date(
        allow_none=True, metadata={"description": "The earliest deadline of its ready books; null: none is ready."}
    )
    created_at = fields.DateTime()
    passports = fields.List(fields.Nested(PickupBookSchema))
    codes = fields.List(fields.Nested(CodeGenerationSchema), metadata={"description": "The newest first."})
    link = fields.String(allow_none=True)
    code = fields.String(allow_none=True)
    booking_code = fields.String(allow_none=True)


class UnlockSchema(AnswerSchema):
    """A pickup after its books were unlocked."""

    pickup_id = fields.Integer()
    locked = fields.Boolean()


class FieldProblemSchema(AnswerSchema):
    """Why a record was refused."""

    field = fields.String()
    code = fields.String()
    message = fields.String(metadata={"description": "In the language of the request."})


class IntakeRowSchema(AnswerSchema):
    """The outcome of one record."""

    index = fields.Integer(metadata={"description": "Its place in the request, from 0."})
    application_no = fields.Raw(allow_none=True, metadata={"description": "As it was sent, also when it is no text."})
    outcome = fields.String(validate=validate.OneOf(("created", "updated", "unchanged", "refused")))
    passport_id = fields.Integer(allow_none=True)
    pickup_id = fields.Integer(allow_none=True)
    problems = fields.List(fields.Nested(FieldProblemSchema))


class IntakeSchema(AnswerSchema):
    """The outcome of each record, in the order of the request, and the codes of their pickups."""

    rows = fields.List(fields.Nested(IntakeRowSchema))
    pickups = fields.List(fields.Nested(HandoutSchema))
