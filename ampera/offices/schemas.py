"""What the API takes and gives about lanes, opening and closing, and the message of the screens."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.offices.options.validation import MESSAGE_LENGTH

UNTIL = {"description": "With its time zone, at most a year ahead; null: until somebody changes it."}
REVISION = {"description": "The revision of the office after the change."}


class MessageBody(Schema):
    message = fields.String(required=True, validate=validate.Length(max=MESSAGE_LENGTH))
    until = fields.AwareDateTime(load_default=None, allow_none=True, metadata=UNTIL)


class CloseBody(Schema):
    reason = fields.String(required=True, validate=validate.Length(1, MESSAGE_LENGTH))
    until = fields.AwareDateTime(load_default=None, allow_none=True, metadata=UNTIL)


class LaneOpenSchema(AnswerSchema):
    """A lane after it was opened or closed."""

    lane = fields.Integer()
    open = fields.Boolean()
    revision = fields.Integer(metadata=REVISION)


class MessageSchema(AnswerSchema):
    """The line of text on the screens."""

    message = fields.String()
    until = fields.DateTime(allow_none=True)
    revision = fields.Integer(metadata=REVISION)


class OfficeClosedSchema(AnswerSchema):
    """The office after it was closed."""

    open = fields.Boolean()
    until = fields.DateTime(allow_none=True)
    revision = fields.Integer(metadata=REVISION)


class OfficeOpenSchema(AnswerSchema):
    """The office after it was opened again."""

    open = fields.Boolean()
    revision = fields.Integer(metadata=REVISION)
