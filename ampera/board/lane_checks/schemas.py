"""What the API takes and gives about opening checks."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema

WORKS, FAILED, UNUSED, UNTRIED = RESULTS = ("works", "failed", "unused", "untried")


def _result() -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(RESULTS))


class ResultsBody(Schema):
    """One result for each part."""

    network = _result()
    screen = _result()
    sound = _result()
    printer = _result()
    camera = _result()
    scanner = _result()


class LaneCheckBody(Schema):
    results = fields.Nested(ResultsBody, required=True)


PARTS = tuple(ResultsBody().fields)


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
