"""What the API takes and gives about finding books."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.passports.search.ways import MAX_TEXT


class SearchQuery(Schema):
    q = fields.String(load_default="", validate=validate.Length(max=MAX_TEXT))


class SearchBody(Schema):
    q = fields.String(required=True, validate=validate.Length(max=MAX_TEXT))


class FoundBookSchema(AnswerSchema):
    """A book of a list: no NIK, no birth date, no passport number."""

    passport_id = fields.Integer()
    pickup_id = fields.Integer(allow_none=True)
    application_no = fields.String()
    holder_name = fields.String()
    state = fields.String(validate=validate.OneOf(("ready", "held", "collected", "cancelled")))
    status = fields.String(validate=validate.OneOf(("ready", "overdue", "held", "collected", "cancelled")))
    shelf = fields.String()
    deadline = fields.Date(metadata={"description": "The last day to collect the book."})


class FoundBooksSchema(AnswerSchema):
    """At most 50 books, those that can be collected first."""

    passports = fields.List(fields.Nested(FoundBookSchema))
