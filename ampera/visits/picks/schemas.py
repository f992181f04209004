"""What the API takes and gives about books on their way from the shelf to a window."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.errors import Refusal
from ampera.offices.refusals import OfficeRefusal
from ampera.visits.picks.locations import ACTS, AT_WINDOW, MISSING, MOST, TAKEN
from ampera.visits.refusals import VisitRefusal

REASONS = (
    VisitRefusal.NOT_READY,
    VisitRefusal.TAKEN_BY_OTHER,
    VisitRefusal.BOOK_MISSING,
    Refusal.WRONG_STATE,
    OfficeRefusal.UNKNOWN_LANE,
    VisitRefusal.UNKNOWN_WINDOW,
    Refusal.FORBIDDEN,
)


class PicksBody(Schema):
    passport_ids = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 2**31 - 1)),
        required=True,
        validate=validate.Length(1, MOST),
    )
    act = fields.String(required=True, validate=validate.OneOf(tuple(ACTS)))
    lane = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(0, 9999))
    window = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 99))


class PickSchema(AnswerSchema):
    """Where a book is after the act."""

    passport_id = fields.Integer()
    pick = fields.String(
        allow_none=True,
        validate=validate.OneOf((TAKEN, AT_WINDOW, MISSING)),
        metadata={"description": "Null: on its shelf."},
    )
    pick_lane = fields.Integer(allow_none=True)
    pick_window = fields.Integer(allow_none=True)
    pick_by = fields.String(allow_none=True, metadata={"description": "The member of staff who has the book."})


class RefusedPickSchema(AnswerSchema):
    """A book that the act did not move."""

    OPTIONAL = ("message",)

    passport_id = fields.Integer()
    holder_name = fields.String()
    code = fields.String(validate=validate.OneOf(REASONS))
    by = fields.String(allow_none=True, metadata={"description": "The member of staff who has the book."})
    message = fields.String()


class PickedSchema(AnswerSchema):
    """What happened to each book of the batch."""

    picks = fields.List(fields.Nested(PickSchema))
    refused = fields.List(fields.Nested(RefusedPickSchema))


class NothingPickedSchema(AnswerSchema):
    """The books of a batch of which none was moved."""

    OPTIONAL = ("refused",)

    refused = fields.List(fields.Nested(RefusedPickSchema))
