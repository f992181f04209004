"""What the API takes and gives about handovers. The expected identity is in none of the answers."""

from marshmallow import ValidationError, fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.handovers.collectors.checklists import CLASSES, DOCUMENTS, EVIDENCE
from ampera.handovers.evidence import MATCH, MISMATCH
from ampera.handovers.refusals import HandoverRefusal
from ampera.typed_text import is_visible_line
from ampera.visits.refusals import VisitRefusal
from ampera.visits.schemas import VisitSchema

ID = validate.Range(1, 2**31 - 1)
MAX_BOOKS = 100

# The visit or one of the books does not allow a handover now.
CASE_CONFLICTS = (
    HandoverRefusal.ALREADY_COLLECTED,
    HandoverRefusal.NOT_SERVING,
    VisitRefusal.CLAIMED_ELSEWHERE,
    VisitRefusal.PARKED,
    HandoverRefusal.LOCKED,
    VisitRefusal.NOT_READY,
    HandoverRefusal.OVERDUE,
)


def line(text: str) -> None:
    """Refuse control, format and bidi characters: in the register they would hide or turn what was written."""
    if not is_visible_line(text):
        raise ValidationError("invisible characters")


class IdentityBody(Schema):
    nik_last4 = fields.String(validate=validate.Length(1, 20))
    birth_date = fields.Date()
    document_last4 = fields.String(validate=validate.Length(1, 20))


class BookBody(Schema):
    passport_id = fields.Integer(required=True, strict=True, validate=ID)
    book = fields.String(
        required=True,
        validate=validate.Length(max=40),
        metadata={"description": "The number in the physical book, or its last four characters."},
    )
    identity = fields.Nested(IdentityBody, required=True)
    kind = fields.String(
        load_default=None,
        allow_none=True,
        data_key="class",
        validate=validate.OneOf(CLASSES),
        metadata={"description": "In which class the collector takes this book; without it, the collector's."},
    )
    shown = fields.List(
        fields.String(validate=validate.OneOf(EVIDENCE)),
        load_default=None,
        allow_none=True,
        metadata={"description": "The evidence shown for this book; without it, the collector's."},
    )


class CollectorBody(Schema):
    kind = fields.String(required=True, data_key="class", validate=validate.OneOf(CLASSES))
    name = fields.String(load_default="", validate=[validate.Length(max=120), line])
    document = fields.String(load_default="", validate=validate.OneOf(("", *DOCUMENTS)))
    document_last4 = fields.String(load_default="", validate=[validate.Length(max=8), line])
    shown = fields.List(fields.String(validate=validate.OneOf(EVIDENCE)), required=True)


class HandoverBody(Schema):
    key = fields.UUID(required=True, metadata={"description": "Made by the client when the form opened."})
    visit_id = fields.Integer(required=True, strict=True, validate=ID)
    passports = fields.List(fields.Nested(BookBody), required=True, validate=validate.Length(1, MAX_BOOKS))
    collector = fields.Nested(CollectorBody, required=True)
    signature = fields.String(
        load_default=None, allow_none=True, metadata={"description": "A PNG as `data:image/png;base64,…`."}
    )
    signed_text = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=20_000),
        metadata={"description": "What stood over the signature. It is refused when it is not what these books say."},
    )
    unsigned_reason = fields.String(load_default=None, allow_none=True, validate=[validate.Length(max=200), line])


class CheckBody(Schema):
    passport_id = fields.Integer(required=True, strict=True, validate=ID)
    book = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    identity = fields.Nested(IdentityBody, load_default=None, allow_none=True)


class VoidBody(Schema):
    reason = fields.String(required=True, validate=validate.Length(max=300))
    shelf = fields.String(required=True, validate=validate.Length(max=40))
    book = fields.String(
        required=True,
        validate=validate.Length(max=40),
        metadata={"description": "The number in the book that came back, or its last four characters."},
    )
    password = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class CheckSchema(AnswerSchema):
    """Whether the typed values match. Null: nothing was typed, or too little to decide."""

    book = fields.String(allow_none=True, validate=validate.OneOf((MATCH, MISMATCH)))
    identity = fields.String(allow_none=True, validate=validate.OneOf((MATCH, MISMATCH)))
    tries_left = fields.Integer(metadata={"description": "Misses that remain before the book is locked."})


class RecordedBookSchema(AnswerSchema):
    """One row of the register."""

    id = fields.Integer()
    number = fields.Integer(metadata={"description": "The running number in the office's register."})
    passport_id = fields.Integer()
    at = fields.DateTime()


class HandoverSchema(AnswerSchema):
    """The records of one handover, one for each book."""

    OPTIONAL = ("erased",)

    erased = fields.Boolean(metadata={"description": "Names in it were deleted (`keep_answers_days`)."})
    key = fields.UUID()
    handovers = fields.List(fields.Nested(RecordedBookSchema))
    visit = fields.Nested(VisitSchema)


class VoidSchema(AnswerSchema):
    """The voided record. Its row stays in the register."""

    id = fields.Integer()
    number = fields.Integer()
    voided_at = fields.DateTime()


class HandoverConflictSchema(AnswerSchema):
    """What a refused handover brings beside its code."""

    OPTIONAL = ("state", "tries_left")

    state = fields.String(metadata={"description": "With `not_serving`: the state of the visit."})
    tries_left = fields.Integer(metadata={"description": "With a mismatch: misses that remain."})
