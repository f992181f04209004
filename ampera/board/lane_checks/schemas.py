"""What the API takes and gives about opening checks."""

from marshmallow import ValidationError, fields, validate

from ampera.api import AnswerSchema, Schema

PARTS = ("network", "screen", "sound", "printer", "camera", "scanner")
WORKS, FAILED, UNUSED, UNTRIED = RESULTS = ("works", "failed", "unused", "untried")


def _all_parts(results: dict[str, str]) -> None:
    if set(results) != set(PARTS):
        raise ValidationError("one result for each part")


class LaneCheckBody(Schema):
    results = fields.Dict(
        keys=fields.String(validate=validate.OneOf(PARTS)),
        values=fields.String(validate=validate.OneOf(RESULTS)),
        required=True,
        validate=_all_parts,
        metadata={"description": "One result for each part: " + ", ".join(PARTS) + "."},
    )


class LaneCheckSchema(AnswerSchema):
    """An opening check that was recorded."""

    at = fields.DateTime()
    by = fields.String()
    failed = fields.List(fields.String(validate=validate.OneOf(PARTS)))
    untried = fields.List(fields.String(validate=validate.OneOf(PARTS)))


class ScreenTestSchema(AnswerSchema):
    """A test on the screens of a lane. It goes by itself."""

    lane = fields.Integer()
    until = fields.DateTime()
    revision = fields.Integer(metadata={"description": "A screen that shows this revision, or a newer one, has it."})
