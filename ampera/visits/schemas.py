"""What the API takes and gives about scans and visits."""

from marshmallow import fields, validate

from ampera.api import AnswerSchema, Schema
from ampera.errors import Refusal
from ampera.offices.refusals import OfficeRefusal
from ampera.visits import plates, states
from ampera.visits.picks.locations import AT_WINDOW, MISSING, TAKEN
from ampera.visits.refusals import VisitRefusal
from ampera.visits.scan import verdicts, ways
from ampera.visits.scan.validity import OUTCOMES

STATES = states.OPEN + states.ENDED
MOVES = (
    "call", "recall", "serve", "park", "resume", "direct", "divert", "no-show", "leave", "return", "transfer", "undo"
)  # fmt: skip
PLATE_LENGTH = 20
LOOK_LENGTH = 2 * plates.LOOK_LENGTH  # as typed, with blanks
REASON_LENGTH = 500
LOOK = {"description": "A word by which staff recognize the vehicle, deleted after the day: `Avanza putih`."}
LANE = validate.Range(0, 9999)
WINDOW = validate.Range(1, 99)

MOVE_CONFLICTS = (
    Refusal.WRONG_STATE,
    VisitRefusal.CLAIMED_ELSEWHERE,
    VisitRefusal.PICKUP_ELSEWHERE,
    VisitRefusal.PARKED,
)
AT_LANE = (OfficeRefusal.UNKNOWN_LANE, VisitRefusal.UNKNOWN_WINDOW)


class EntryBody(Schema):
    """What a scan and a lookup may say about the vehicle."""

    lane = fields.Integer(required=True, strict=True, validate=LANE)
    visit_id = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={"description": "Add the pickup to this vehicle."},
    )
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.VEHICLES))
    priority = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.PRIORITIES))
    plate = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=PLATE_LENGTH))
    look = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=LOOK_LENGTH), metadata=LOOK)
    for_supervisor = fields.Boolean(
        load_default=False,
        metadata={"description": "Let a vehicle in that needs a supervisor first; it waits for the decision."},
    )


class ScanBody(EntryBody):
    scan_id = fields.UUID(required=True, metadata={"description": "Made by the client; the key of the stored answer."})
    input = fields.String(required=True, metadata={"description": "A pickup code or a booking code."})


class LookupBody(EntryBody):
    lookup_id = fields.UUID(required=True, metadata={"description": "As the `scan_id` of a scan."})
    application_no = fields.String(
        required=True,
        validate=validate.Length(max=80),
        metadata={"description": "The whole application number, or its last 6 digits."},
    )
    birth_date = fields.Date(required=True, metadata={"description": "Of the holder. It is never stored."})


class MoveBody(Schema):
    lane = fields.Integer(strict=True, load_default=None, allow_none=True, validate=LANE)
    window = fields.Integer(strict=True, load_default=None, allow_none=True, validate=WINDOW)
    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=REASON_LENGTH))


class NextBody(Schema):
    window = fields.Integer(strict=True, load_default=None, allow_none=True, validate=WINDOW)


class PriorityBody(Schema):
    reason = fields.String(required=True, allow_none=True, validate=validate.OneOf(states.PRIORITIES))


class VehicleBody(Schema):
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.VEHICLES))
    plate = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=PLATE_LENGTH))
    look = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=LOOK_LENGTH), metadata=LOOK)


class VisitsQuery(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class ClaimSchema(AnswerSchema):
    """The officer who serves a visit now."""

    officer = fields.String()
    lane = fields.Integer()
    window = fields.Integer(allow_none=True)
    since = fields.DateTime()
    until = fields.DateTime(metadata={"description": "The claim ends at this time unless the officer acts before."})
    mine = fields.Boolean(metadata={"description": "Whether the caller holds the claim."})


class ParkedSchema(AnswerSchema):
    """A served vehicle waits at the side: it keeps its number, its officer and its books, but no window."""

    at = fields.DateTime()
    forgotten_at = fields.DateTime(
        metadata={"description": "From this moment it counts as forgotten (option `parked_minutes`)."}
    )


class ExpectedCollectorSchema(AnswerSchema):
    """The collector that the applicant named beforehand. The name decides nothing."""

    class_ = fields.String(data_key="class", validate=validate.OneOf(("self", "family", "proxy")))
    name = fields.String(allow_none=True)
    relation = fields.String(allow_none=True)


class VisitBookSchema(AnswerSchema):
    """A passport of a visit: its shelf, its status, and how the holder is identified (never the expected value)."""

    OPTIONAL = ("holder", "correcting", "found_by")  # scans stored before 1.2.0 are answered without it

    passport_id = fields.Integer()
    pickup_id = fields.Integer()
    holder_name = fields.String()
    state = fields.String(validate=validate.OneOf(("ready", "held", "collected", "cancelled")))
    status = fields.String(validate=validate.OneOf(verdicts.MILDEST_FIRST))
    locked = fields.Boolean(metadata={"description": "Too many misses: only a supervisor may unlock the book."})
    correcting = fields.Boolean(
        metadata={"description": "A correction of the holder or of a number waits for a second person; old data count."}
    )
    shelf = fields.String()
    kind = fields.String(metadata={"description": "A key of the office's kinds of documents."})
    holder = fields.Integer(
        metadata={"description": "The number of the holder in this visit: books of one person have the same."}
    )
    identity = fields.String(validate=validate.OneOf(("nik", "birth_date", "birth_date+document")))
    pick = fields.String(
        allow_none=True,
        validate=validate.OneOf((TAKEN, AT_WINDOW, MISSING)),
        metadata={"description": "Where the book is; null while it is on its shelf or no longer ready."},
    )
    pick_lane = fields.Integer(allow_none=True)
    announced = fields.Nested(ExpectedCollectorSchema, allow_none=True)
    found_by = fields.String(
        allow_none=True,
        validate=validate.OneOf(ways.WAYS),
        metadata={
            "description": "How its pickup came into the visit. After `lookup` no code was shown, and a NIK on record "
            "must be proved: the birth date alone is `evidence_missing`."
        },
    )


class VisitSchema(AnswerSchema):
    """One vehicle's trip through the lane, with its passports."""

    # Stored scans are answered without a look, older ones without the others.
    OPTIONAL = ("parked", "look", "served_at", "parked_s")

    id = fields.Integer()
    queue_no = fields.String(metadata={"description": "A letter and at least three digits, such as `A012`."})
    state = fields.String(validate=validate.OneOf(STATES))
    kind = fields.String(validate=validate.OneOf(states.VEHICLES))
    priority = fields.String(allow_none=True, validate=validate.OneOf(states.PRIORITIES))
    booked_for = fields.DateTime(
        allow_none=True, metadata={"description": "Begin of the slot in which the vehicle came."}
    )
    lane = fields.Integer(allow_none=True)
    window = fields.Integer(allow_none=True)
    site = fields.String()
    since = fields.DateTime(metadata={"description": "Begin of the present state."})
    opened_at = fields.DateTime()
    calls = fields.Integer()
    called_at = fields.DateTime(allow_none=True)
    served_at = fields.DateTime(allow_none=True, metadata={"description": "Since when it is served, with all breaks."})
    parked_s = fields.Integer(metadata={"description": "Seconds at the side before now, which are no service."})
    plate_masked = fields.String(allow_none=True)
    look = fields.String(allow_none=True, metadata=LOOK)
    claim = fields.Nested(ClaimSchema, allow_none=True)
    parked = fields.Nested(
        ParkedSchema, allow_none=True, metadata={"description": "Null unless the vehicle waits at the side."}
    )
    may_undo_until = fields.DateTime(
        allow_none=True, metadata={"description": "Until then the caller may undo the last move; null: not."}
    )
    passports = fields.List(fields.Nested(VisitBookSchema))


class VisitsSchema(AnswerSchema):
    """Visits in the order of the queue."""

    visits = fields.List(fields.Nested(VisitSchema))


class MoveConflictSchema(AnswerSchema):
    """What a refused move brings beside its code."""

    OPTIONAL = ("state", "queue_no", "lane", "claim", "calls", "wait_s")

    queue_no = fields.String()
    lane = fields.Integer(allow_none=True)
    state = fields.String(validate=validate.OneOf(STATES))
    claim = fields.Nested(ClaimSchema, allow_none=True)
    calls = fields.Integer(metadata={"description": "With `too_many_calls`: how often the vehicle was called."})
    wait_s = fields.Integer(metadata={"description": "With `call_too_soon`: seconds to wait."})


class LaneWaitSchema(AnswerSchema):
    """A lane that a vehicle can be sent to."""

    lane = fields.Integer()
    ahead = fields.Integer(metadata={"description": "Vehicles before it: waiting there, called there, being served."})


class VerdictFactsSchema(AnswerSchema):
    """The values in the sentence of advice. Which ones are there depends on the verdict; none is personal."""

    OPTIONAL = (
        "lane",
        "since_s",
        "idle_s",
        "parked",
        "mistyped",
        "lookup",
        "queue_no",
        "ahead",
        "ahead_nos",
        "merged",
        "state",
        "at",
        "collector_class",
        "office",
        "books",
        "lanes",
        "waits",
        "lane_closed",
        "reason",
        "timezone",
        "opens_at",
        "until",
        "last_vehicle_at",
        "kept",
        "booked_for",
        "locked",
    )

    lane = fields.Integer(allow_none=True)
    since_s = fields.Integer()
    idle_s = fields.Integer(
        metadata={"description": "Only after the end of a lease: seconds without activity of the officer."}
    )
    parked = fields.Boolean(metadata={"description": "Only with `open_elsewhere`: the vehicle waits at the side."})
    mistyped = fields.Boolean(metadata={"description": "Only with `malformed`: somebody tried to type a booking code."})
    lookup = fields.String(
        validate=validate.OneOf(("found", "no_match", "several")),
        metadata={
            "description": "Only after a lookup. `no_match` never says whether the number or the date is wrong; "
            "`several` asks for the whole number."
        },
    )
    queue_no = fields.String()
    ahead = fields.Integer(
        metadata={
            "description": "Only of a waiting vehicle: how many waiting ones the lane of the scan calls before it."
        }
    )
    ahead_nos = fields.List(fields.String(), metadata={"description": "The numbers of the first of them."})
    merged = fields.String(metadata={"description": "The number of the vehicle that the code was in before it joined."})
    state = fields.String(validate=validate.OneOf(STATES))
    at = fields.DateTime(allow_none=True)
    collector_class = fields.String(allow_none=True)
    office = fields.String()
    books = fields.Integer()
    lanes = fields.List(fields.Integer(), metadata={"description": "Only with a separate gate: lanes that fit."})
    waits = fields.List(
        fields.Nested(LaneWaitSchema),
        metadata={
            "description": "Only where a separate gate sends each vehicle to a lane: `lanes`, the shortest wait first. "
            "The vehicle was sent to `visit.lane`."
        },
    )
    lane_closed = fields.Boolean()
    reason = fields.String(
        allow_none=True, validate=validate.OneOf(("hours", "by_hand", "quota", "last_vehicle", "slot"))
    )
    timezone = fields.String()
    opens_at = fields.String()
    until = fields.String()
    last_vehicle_at = fields.String()
    kept = fields.String()
    booked_for = fields.DateTime()
    locked = fields.Boolean(metadata={"description": "Only with `held`: nothing but a lock keeps the books back."})


class VerdictTextSchema(AnswerSchema):
    """A verdict in one language."""

    title = fields.String()
    advice = fields.String()


class VerdictTextsSchema(AnswerSchema):
    """A verdict in every language of the application."""

    id = fields.Nested(VerdictTextSchema)
    en = fields.Nested(VerdictTextSchema)


class VerdictSchema(AnswerSchema):
    """The verdict for the officer, and the visit."""

    verdict = fields.String(validate=validate.OneOf(tuple(verdicts.VERDICTS)))
    tone = fields.String(validate=validate.OneOf(("go", "wait", "stop")))
    next = fields.String(validate=validate.OneOf(("serve", "rescan", "inside", "supervisor")))
    facts = fields.Nested(VerdictFactsSchema)
    pickup_id = fields.Integer(allow_none=True)
    visit = fields.Nested(VisitSchema, allow_none=True)
    title = fields.String(metadata={"description": "In the language of the request."})
    advice = fields.String(metadata={"description": "One sentence in the language of the request."})
    texts = fields.Nested(VerdictTextsSchema)


class ScanSchema(VerdictSchema):
    """The verdict of a scan. The same `scan_id` always gives the same answer."""

    OPTIONAL = (*VerdictSchema.OPTIONAL, "erased")

    erased = fields.Boolean(metadata={"description": "Names in it were deleted (`keep_answers_days`)."})
    scan_id = fields.UUID()


class LookupSchema(VerdictSchema):
    """The verdict of a lookup. The same `lookup_id` always gives the same answer."""

    OPTIONAL = (*VerdictSchema.OPTIONAL, "erased")

    erased = fields.Boolean(metadata={"description": "Names in it were deleted (`keep_answers_days`)."})
    lookup_id = fields.UUID()


class ValiditySchema(ScanSchema):
    """What a scan is worth now, in the shape of its answer."""

    verdict = fields.String(validate=validate.OneOf(tuple(OUTCOMES)))


class LineSchema(AnswerSchema):
    """Whether the office takes one more vehicle; if not, why, and when it does again."""

    open = fields.Boolean()
    reason = fields.String(allow_none=True, validate=validate.OneOf(("hours", "by_hand", "quota", "last_vehicle")))
    opens_at = fields.DateTime(allow_none=True)
    until = fields.DateTime(allow_none=True)
