"""What the API gives about the office's screens."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema


class ScreenSchema(AnswerSchema):
    """An enrolled screen: what it shows, and whether it shows the present state."""

    id = fields.Integer()
    name = fields.String()
    lane = fields.Integer(allow_none=True)
    site = fields.String()
    speaks = fields.Boolean()
    volume = fields.Integer(metadata={"description": "Per cent."})
    state = fields.String(validate=validate.OneOf(("current", "behind", "gone", "never")))
    revision = fields.Integer(allow_none=True, metadata={"description": "The revision that the screen showed last."})
    behind = fields.Integer(allow_none=True, metadata={"description": "Revisions between it and the present one."})
    since = fields.DateTime(allow_none=True)
    enrolled_at = fields.DateTime()
    tested_at = fields.DateTime(allow_none=True)
    word = fields.String(metadata={"description": "The state in the language of the request."})
    details = fields.String(data_key="said", metadata={"description": "Details in the language of the request."})


class ScreensSchema(AnswerSchema):
    """The screens in the order of their places: the office, its sites, its lanes."""

    revision = fields.Integer()
    at = fields.DateTime()
    screens = fields.List(fields.Nested(ScreenSchema))
