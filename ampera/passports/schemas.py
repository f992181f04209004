"""What the API takes and gives about books on their shelves."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.passports.deadlines import GROUNDS
from ampera.passports.fields import MAX_MINUTES, MAX_REASON, MAX_SHELF
from ampera.passports.states import State


class ReasonBody(Schema):
    reason = fields.String(required=True, validate=validate.Length(max=MAX_REASON))


class UnlockBody(Schema):
    reason = fields.String(load_default="", validate=validate.Length(max=MAX_REASON))


class ShelfBody(Schema):
    shelf = fields.String(required=True, validate=validate.Length(max=MAX_SHELF))


class CancellationBody(Schema):
    minutes = fields.String(
        required=True,
        validate=validate.Length(max=MAX_MINUTES),
        metadata={"description": "The number of the berita acara."},
    )
    ground = fields.String(
        required=True,
        validate=validate.OneOf(GROUNDS),
        metadata={"description": "The letter of the ground in Pasal 30. `d` (not collected) only after the last day."},
    )
    password = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class LateBody(ReasonBody):
    until = fields.Date(required=True, metadata={"description": "The last day on which the book may be collected."})


class ShelvedBookSchema(AnswerSchema):
    """A book after the change."""

    passport_id = fields.Integer()
    state = fields.String(validate=validate.OneOf([state.value for state in State]))
    shelf = fields.String()
    held_reason = fields.String(allow_none=True)
