"""What the API says about what needs a person."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema
from ampera.attention.kinds.registry import KINDS


class AttentionKindSchema(AnswerSchema):
    """One kind, and how many there are now."""

    kind = fields.String(validate=validate.OneOf([kind.name for kind in KINDS]))
    count = fields.Integer()


class AttentionSchema(AnswerSchema):
    """The kinds that the caller's role may act on, the most urgent first."""

    office = fields.String()
    revision = fields.Integer(metadata={"description": "Grows with every change of the office, also across restarts."})
    at = fields.DateTime()
    total = fields.Integer()
    kinds = fields.List(fields.Nested(AttentionKindSchema))
