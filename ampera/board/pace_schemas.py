"""What the API gives about the pace of lanes and officers."""

from marshmallow import fields

from ampera.api import AnswerSchema
from ampera.board.lane_checks.schemas import LaneCheckSchema

REVISION = {"description": "Grows with every change of the office, also across restarts."}


class CountsSchema(AnswerSchema):
    """Vehicles that were served to their end, and books that were handed over and are not void."""

    vehicles = fields.Integer()
    books = fields.Integer()


class PaceSchema(AnswerSchema):
    """What one officer has done at one lane: in the last hour, and today."""

    hour = fields.Nested(CountsSchema)
    day = fields.Nested(CountsSchema)


class ServingSchema(AnswerSchema):
    """A vehicle that is served now."""

    queue_no = fields.String()
    window = fields.Integer(allow_none=True)
    served_at = fields.DateTime()
    parked_s = fields.Integer(metadata={"description": "Seconds at the side, which are no service."})
    books = fields.Integer()


class OfficerPaceSchema(PaceSchema):
    """The same with the officer's name, the median service of today, and the vehicles that are served now."""

    officer = fields.String()
    service_s = fields.Integer(allow_none=True, metadata={"description": "Null before the first vehicle is done."})
    serving = fields.List(fields.Nested(ServingSchema))


class LanePaceSchema(AnswerSchema):
    """A lane and everybody who served there today."""

    lane = fields.Integer()
    name = fields.String()
    site = fields.String()
    open = fields.Boolean()
    check = fields.Nested(
        LaneCheckSchema, allow_none=True, metadata={"description": "The newest opening check of today."}
    )
    officers = fields.List(fields.Nested(OfficerPaceSchema))


class PaceStateSchema(AnswerSchema):
    """The pace of all lanes and officers of an office."""

    office = fields.String()
    revision = fields.Integer(metadata=REVISION)
    at = fields.DateTime()
    target_s = fields.Integer(metadata={"description": "Of a vehicle with one book (`service_target_seconds`)."})
    target_book_s = fields.Integer(metadata={"description": "For each further book."})
    lanes = fields.List(fields.Nested(LanePaceSchema))
