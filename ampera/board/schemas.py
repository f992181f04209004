"""The states of screens, tablets, the desk and phones. Over HTTP they are the same as the sockets' news."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema
from ampera.board.pace_schemas import REVISION, PaceSchema
from ampera.visits import states
from ampera.visits.picks.locations import AT_WINDOW, MISSING, TAKEN
from ampera.visits.schemas import LOOK, STATES, LineSchema, VisitSchema
from ampera.visits.supervisor_calls.schemas import SupervisorCallSchema

PICK = validate.OneOf((TAKEN, AT_WINDOW, MISSING))


class ShownVisitSchema(AnswerSchema):
    """A vehicle at a lane, as everybody may see it."""

    queue_no = fields.String()
    state = fields.String(validate=validate.OneOf(states.AT_LANE))
    plate_masked = fields.String(allow_none=True)
    since = fields.DateTime()
    window = fields.Integer(allow_none=True)


class ShownLaneSchema(AnswerSchema):
    """A lane and the vehicles that are called to it or served there."""

    number = fields.Integer()
    name = fields.String()
    kind = fields.String(validate=validate.OneOf(("car", "motorcycle", "mixed")))
    site = fields.String()
    windows = fields.Integer()
    open = fields.Boolean()
    test = fields.Boolean(metadata={"description": "The screens of the lane show a test: no vehicle is called."})
    visit = fields.Nested(ShownVisitSchema, allow_none=True, metadata={"description": "The newest of `visits`."})
    visits = fields.List(fields.Nested(ShownVisitSchema))


class NextVisitSchema(AnswerSchema):
    """A vehicle that waits."""

    queue_no = fields.String()
    lane = fields.Integer(allow_none=True)
    kind = fields.String(validate=validate.OneOf(states.VEHICLES))


class ParkedVisitSchema(NextVisitSchema):
    """A vehicle that waits at the side; `lane` is where it was served. Why it waits is never shown."""


class AnnouncementSchema(AnswerSchema):
    """A call of a vehicle to a lane."""

    id = fields.Integer()
    queue_no = fields.String()
    lane = fields.Integer()
    window = fields.Integer(allow_none=True)
    at = fields.DateTime(metadata={"description": "From this moment the screen shows the call."})


class BoardSchema(AnswerSchema):
    """What the screen of an office, a site or a lane shows. Nothing in it is personal."""

    office = fields.String(metadata={"description": "The code of the office."})
    site = fields.String(allow_none=True)
    revision = fields.Integer(metadata=REVISION)
    at = fields.DateTime()
    open = fields.Boolean()
    line = fields.Nested(LineSchema)
    lanes = fields.List(fields.Nested(ShownLaneSchema))
    parked = fields.List(
        fields.Nested(ParkedVisitSchema),
        metadata={"description": "Vehicles at the side of these lanes, the longest there first."},
    )
    next = fields.List(fields.Nested(NextVisitSchema))
    announcement = fields.Nested(
        AnnouncementSchema, allow_none=True, metadata={"description": "The newest of `announcements`."}
    )
    announcements = fields.List(
        fields.Nested(AnnouncementSchema), metadata={"description": "Calls in their minimum time, the oldest first."}
    )
    standing = fields.List(
        fields.Nested(AnnouncementSchema), metadata={"description": "Earlier calls whose vehicle has not come yet."}
    )
    message = fields.String(metadata={"description": "The line of text on the screen; may be empty."})
    quiet = fields.Boolean(metadata={"description": "Whether loudspeakers are silent now."})


class LaneScreenSchema(AnswerSchema):
    """Whether the screen of a lane shows the present state."""

    state = fields.String(validate=validate.OneOf(("none", "current", "behind", "gone")))
    age_s = fields.Integer(allow_none=True)
    revision = fields.Integer(allow_none=True)


class BookCountsSchema(AnswerSchema):
    """How many ready books a waiting vehicle has, and where they are."""

    books = fields.Integer()
    at_window = fields.Integer()
    missing = fields.Integer()


class WaitingVisitSchema(AnswerSchema):
    """A waiting vehicle, as the tablet shows it."""

    id = fields.Integer()
    queue_no = fields.String()
    kind = fields.String(validate=validate.OneOf(states.VEHICLES))
    priority = fields.String(allow_none=True, validate=validate.OneOf(states.PRIORITIES))
    booked_for = fields.DateTime(allow_none=True)
    books = fields.Integer()
    picks = fields.Nested(BookCountsSchema)
    plate_masked = fields.String(allow_none=True)
    look = fields.String(allow_none=True, metadata=LOOK)
    since = fields.DateTime()
    lane = fields.Integer(allow_none=True)
    site = fields.String()
    ahead_of_turn = fields.Integer(
        allow_none=True,
        metadata={"description": "Vehicles before this one that this lane takes; null: the lane does not take it."},
    )
    may_undo_until = fields.DateTime(allow_none=True)


class RecentVisitSchema(AnswerSchema):
    """A vehicle that has left this lane."""

    id = fields.Integer()
    queue_no = fields.String()
    state = fields.String(validate=validate.OneOf(states.ENDED))
    at = fields.DateTime(allow_none=True)
    books_out = fields.Integer()
    may_return = fields.Boolean()
    may_undo_until = fields.DateTime(allow_none=True)


class AlarmSchema(AnswerSchema):
    """A book of a vehicle at this site that the desk cannot find."""

    passport_id = fields.Integer()
    queue_no = fields.String()
    holder_name = fields.String()


class LaneStateSchema(AnswerSchema):
    """What the tablet of a lane shows."""

    office = fields.String()
    lane = fields.Integer()
    site = fields.String()
    windows = fields.Integer()
    revision = fields.Integer(metadata=REVISION)
    at = fields.DateTime()
    open = fields.Boolean()
    line = fields.Nested(LineSchema)
    closed_for = fields.String(
        allow_none=True, metadata={"description": "Why a supervisor closed the line, for staff only."}
    )
    screen = fields.Nested(LaneScreenSchema)
    current = fields.Nested(VisitSchema, allow_none=True, metadata={"description": "The newest of `here`."})
    here = fields.List(fields.Nested(VisitSchema))
    parked = fields.List(
        fields.Nested(VisitSchema),
        metadata={"description": "Vehicles at the side of all lanes of this site, the longest there first."},
    )
    waiting = fields.List(fields.Nested(WaitingVisitSchema))
    open_lanes = fields.List(fields.Integer())
    waiting_count = fields.Integer()
    recent = fields.List(fields.Nested(RecentVisitSchema))
    alarms = fields.List(fields.Nested(AlarmSchema))
    supervisor_calls = fields.List(
        fields.Nested(SupervisorCallSchema),
        metadata={"description": "Calls for a supervisor of the open visits at this lane, the oldest first."},
    )
    pace = fields.Nested(
        PaceSchema, allow_none=True, metadata={"description": "The caller's own at this lane; null for a key."}
    )


class PickBookSchema(AnswerSchema):
    """A book on the pick list and the member of staff who has it."""

    passport_id = fields.Integer()
    holder_name = fields.String()
    shelf = fields.String()
    pick = fields.String(allow_none=True, validate=PICK, metadata={"description": "Null: still on its shelf."})
    pick_lane = fields.Integer(allow_none=True)
    pick_window = fields.Integer(allow_none=True)
    pick_by = fields.String(allow_none=True)
    pick_staff_id = fields.Integer(allow_none=True)
    since = fields.DateTime(allow_none=True)


class PickListEntrySchema(AnswerSchema):
    """A vehicle of the queue, or an applicant who is on the way or has a slot soon, with the books to fetch."""

    visit_id = fields.Integer(allow_none=True)
    pickup_id = fields.Integer(allow_none=True)
    queue_no = fields.String(allow_none=True)
    arrival = fields.String(allow_none=True, validate=validate.OneOf(("arrived", "leaving", "booked")))
    booked_for = fields.DateTime(allow_none=True)
    state = fields.String(validate=validate.OneOf((*STATES, "arrived", "leaving", "booked")))
    is_parked = fields.Boolean(metadata={"description": "The vehicle is being served and waits at the side."})
    lane = fields.Integer(allow_none=True)
    window = fields.Integer(allow_none=True)
    since = fields.DateTime()
    books = fields.List(fields.Nested(PickBookSchema))


class AwayBookSchema(PickBookSchema):
    """A book that is not on its shelf."""

    state = fields.String()
    is_wanted = fields.Boolean()
    queue_no = fields.String(allow_none=True)
    lane = fields.Integer(allow_none=True)


class DeskStateSchema(AnswerSchema):
    """The pick list of the office."""

    office = fields.String()
    revision = fields.Integer(metadata=REVISION)
    at = fields.DateTime()
    picks = fields.List(fields.Nested(PickListEntrySchema))
    returns = fields.List(fields.Nested(AwayBookSchema), metadata={"description": "Books to put back on their shelf."})
    missing = fields.List(fields.Nested(AwayBookSchema), metadata={"description": "Books that were not found."})
    walk = fields.List(
        fields.Integer(), metadata={"description": "`passport_id` of the books to fetch, in the order of the shelves."}
    )


class WaitSchema(AnswerSchema):
    """The expected wait."""

    low_min = fields.Integer()
    high_min = fields.Integer()


class ApplicantVisitSchema(AnswerSchema):
    """The applicant's vehicle."""

    queue_no = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    parked = fields.Boolean(metadata={"description": "The vehicle waits at the side; its state stays `serving`."})
    lane = fields.Integer(allow_none=True)
    window = fields.Integer(allow_none=True)
    call = fields.Integer(allow_none=True, metadata={"description": "Grows with every call: the phone sounds once."})
    position = fields.Integer(allow_none=True)
    wait = fields.Nested(WaitSchema, allow_none=True)


class ArrivalSchema(AnswerSchema):
    """The applicant's report of being on the way or on site."""

    kind = fields.String(validate=validate.OneOf(("leaving", "arrived")))
    until = fields.DateTime()


class BookStateSchema(AnswerSchema):
    """The state of one of the applicant's books."""

    state = fields.String(validate=validate.OneOf(("ready", "held", "collected", "cancelled")))


class PickupStateSchema(AnswerSchema):
    """What the applicant's page shows."""

    revision = fields.Integer(metadata=REVISION)
    at = fields.DateTime()
    visit = fields.Nested(ApplicantVisitSchema, allow_none=True)
    arrival = fields.Nested(ArrivalSchema, allow_none=True)
    line = fields.Nested(LineSchema)
    books = fields.List(fields.Nested(BookStateSchema))
