"""What the API takes and gives about the check of a rack."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.passports import shelf_check
from ampera.passports.fields import MAX_SHELF


class RackBody(Schema):
    rack = fields.String(required=True, validate=validate.Length(1, MAX_SHELF))
    numbers = fields.List(
        fields.String(validate=validate.Length(max=100)), required=True, validate=validate.Length(max=shelf_check.MOST)
    )
    is_finished = fields.Boolean(load_default=False, metadata={"description": "Whether to note the counts."})


class RackCountsSchema(AnswerSchema):
    """How many rows have each verdict."""

    here = fields.Integer()
    missing = fields.Integer()
    away = fields.Integer()
    foreign = fields.Integer()
    surplus = fields.Integer()


class RackRowSchema(AnswerSchema):
    """A book of the rack or a scanned number, with its verdict."""

    verdict = fields.String(
        validate=validate.OneOf(shelf_check.VERDICTS),
        metadata={"description": "`twin`: live books of an older version share the number; one row for each of them."},
    )
    typed = fields.String(allow_none=True, metadata={"description": "The scanned number; null: a book not scanned."})
    why = fields.String(allow_none=True, validate=validate.OneOf(("collected", "cancelled", "unknown", "unreadable")))
    passport_id = fields.Integer(allow_none=True)
    holder_name = fields.String(allow_none=True)
    shelf = fields.String(allow_none=True)
    pick = fields.String(allow_none=True)


class RackCheckSchema(AnswerSchema):
    """The comparison of a rack with the record."""

    rack = fields.String()
    counts = fields.Nested(RackCountsSchema)
    rows = fields.List(fields.Nested(RackRowSchema))
