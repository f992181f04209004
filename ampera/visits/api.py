"""JSON of scans and visits: load, authorize, act."""

from dataclasses import replace
from typing import Any, Protocol, TypeVar
from uuid import UUID

from flask import request

from ampera import audit, clock, db
from ampera.api import blueprint
from ampera.audit import Actor
from ampera.errors import Problem, Refusal, Refused, raise_refusal
from ampera.offices.models import Office
from ampera.offices.refusals import OfficeRefusal
from ampera.pickups.codes import ShortCode, recognise
from ampera.security import LANE, STAFF, actor, requires
from ampera.visits import queries, states
from ampera.visits.cards import VisitCard
from ampera.visits.labels import visit_sentence
from ampera.visits.moves import call_service, change_service, park_service, service, undo_service
from ampera.visits.refusals import VisitRefusal
from ampera.visits.scan import service as scan_service
from ampera.visits.scan import validity_queries
from ampera.visits.scan.messages import worded
from ampera.visits.scan.request import LookupRequest, ScanRequest, Vehicle, application_digits
from ampera.visits.schemas import (
    AT_LANE,
    MOVE_CONFLICTS,
    LookupBody,
    LookupSchema,
    MoveBody,
    MoveConflictSchema,
    NextBody,
    PriorityBody,
    ScanBody,
    ScanSchema,
    ValiditySchema,
    VehicleBody,
    VisitSchema,
    VisitsQuery,
    VisitsSchema,
)
from ampera.web.limits import limit_when, limiter

T = TypeVar("T")
api = blueprint("visits", "Scans and visits.")
MOVE_REFUSALS = {
    409: (
        *MOVE_CONFLICTS,
        VisitRefusal.TOO_MANY_CALLS,
        VisitRefusal.CALL_TOO_SOON,
        VisitRefusal.UNDO_OVER,
        VisitRefusal.LANE_CLOSED,
        VisitRefusal.UNFIT_LANE,
    ),
    422: AT_LANE,
}


def _is_short_code() -> bool:
    body = request.get_json(silent=True)
    return isinstance(body, dict) and isinstance(recognise(str(body.get("input", ""))), ShortCode)


@api.post("/scans")
@requires(*LANE)
@limit_when(_is_short_code, "30/minute")
@api.arguments(ScanBody)
@api.answers(ScanSchema)
@api.refuses(
    {
        409: [Refusal.CONFLICT],
        422: [Refusal.KEY_REUSED, OfficeRefusal.UNKNOWN_LANE, VisitRefusal.BAD_PLATE, VisitRefusal.BAD_LOOK],
        429: [Refusal.TOO_MANY_REQUESTS],
    }
)
def scan(body: dict[str, Any]) -> dict[str, Any]:
    """Judge a scanned or typed code.

    The verdict opens a visit, joins one or finds it, or names the reason for a refusal, with status 200 in each case.
    The same `scan_id` always gives the same answer; with another body it is refused as `key_reused`.
    """
    vehicle = Vehicle(body["kind"], body["priority"], body["plate"], body["look"])
    wanted = ScanRequest(
        str(body["scan_id"]), body["lane"], body["input"], body["visit_id"], vehicle, body["for_supervisor"]
    )
    return worded(raise_refusal(scan_service.scan(actor(), wanted)))


@api.post("/lookups")
@requires(*LANE)
@limiter.limit("30/minute")
@api.arguments(LookupBody)
@api.answers(LookupSchema)
@api.refuses(
    {
        409: [Refusal.CONFLICT],
        422: [
            Refusal.KEY_REUSED,
            OfficeRefusal.UNKNOWN_LANE,
            VisitRefusal.BAD_PLATE,
            VisitRefusal.BAD_LOOK,
            VisitRefusal.BAD_APPLICATION_NO,
            VisitRefusal.BIRTH_DATE_AHEAD,
        ],
        429: [Refusal.TOO_MANY_REQUESTS, VisitRefusal.TOO_MANY_LOOKUPS],
    }
)
def look_up(body: dict[str, Any]) -> dict[str, Any]:
    """Find a pickup without its code.

    For a dead phone or a torn slip: the holder's application number, or its last 6 digits, and birth date. The answer
    is that of a scan, with `lookup_id` in place of `scan_id`. A number that does not exist and a birth date that is not
    the holder's are both `unknown`. Such a guess counts as a miss of each book with the number, and after 10 within an
    hour the caller gets no answer but `too_many_lookups`. The visit and the register keep that no code was shown.
    """
    number = application_digits(body["application_no"])
    if number is None:
        code = VisitRefusal.BAD_APPLICATION_NO
        raise Problem(code, 422, {"application_no": code})
    vehicle = Vehicle(body["kind"], body["priority"], body["plate"], body["look"])
    lookup_id, for_supervisor = str(body["lookup_id"]), body["for_supervisor"]
    wanted = LookupRequest(
        lookup_id, body["lane"], number, body["birth_date"], body["visit_id"], vehicle, for_supervisor
    )
    answer = worded(raise_refusal(scan_service.look_up(actor(), wanted)))
    return {"lookup_id": answer.pop("scan_id"), **answer}


@api.get("/scans/<uuid:scan_id>/validity")
@requires(*LANE)
@api.answers(ValiditySchema)
def validity(scan_id: UUID) -> dict[str, Any]:
    """Read what a scan is worth now.

    The stored answer never changes, but its truth may end: another lane serves the vehicle, a book is held, a lease
    ends. The answer has the shape of a scan; `visit_over`, `visit_left`, `called_elsewhere` and `changed` are verdicts
    that only come later. Nothing becomes `go` without a new scan.
    """
    with db.reading() as session:
        found = validity_queries.validity(session, actor(), str(scan_id))
    return worded(raise_refusal(found or Refused(Refusal.NOT_FOUND, 404)))


@api.get("/visits")
@requires(*STAFF)
@api.arguments(VisitsQuery, location="query")
@api.answers(VisitsSchema)
def visits(query: dict[str, Any]) -> dict[str, Any]:
    """List today's visits of the caller's office.

    Without `state` the list has all open visits, in the order of the queue. A list of ended visits is no work in hand:
    the history records who has read it.
    """
    who = actor()
    wanted = (query["state"],) if query["state"] else states.OPEN
    with db.reading() as session:
        office = session.get_one(Office, who.office_id)
        rows = queries.visits_in(session, office.id, clock.today(office.timezone), wanted)
        cards = [queries.visit_card(session, row.id, who.staff_id) for row in rows]
    if query["state"] in states.ENDED and cards:
        shown = sorted({book["passport_id"] for card in cards for book in card["passports"]})
        audit.note_access(who, "visits.listed", f"office:{office.id}", {"rows": len(shown), "shown": shown})
    return {"visits": cards}


@api.post("/lanes/<int:number>/next")
@requires(*LANE)
@api.arguments(NextBody, required=False)
@api.answers(VisitSchema)
@api.refuses({404: [VisitRefusal.NOBODY_WAITING], 409: [Refusal.WRONG_STATE], 422: AT_LANE}, MoveConflictSchema)
def call_next(body: dict[str, Any], number: int) -> VisitCard:
    """Call the next waiting vehicle to a lane.

    Refused with 404 `nobody_waiting` when no waiting vehicle fits the lane.
    """
    return stated(call_service.call_next(actor(), number, body.get("window")))


@api.post(
    "/visits/<int:visit_id>"
    "/<any(call, recall, serve, park, resume, direct, divert, 'no-show', leave, return, transfer, undo):move>"
)
@requires(*LANE)
@api.arguments(MoveBody)
@api.answers(VisitSchema)
@api.refuses(MOVE_REFUSALS, MoveConflictSchema)
def move(body: dict[str, Any], visit_id: int, move: str) -> VisitCard:
    """Move a visit.

    The last part of the path names the move: `call`, `recall`, `serve` (claim the visit), `park` (the vehicle waits at
    the side and keeps its number, its officer and its books), `resume` (it comes back to a window), `direct` (a waiting
    vehicle lines up at this lane), `divert` (to the inside counter), `no-show`, `leave`, `return` (wait again),
    `transfer` (to another lane) or `undo`. A `call` or `serve` of a vehicle before its turn is logged for supervisors
    with `reason`, or that none was given.
    """
    return stated(_MOVES[move](actor(), visit_id, body["lane"], body["reason"], body["window"]))


@api.post("/visits/<int:visit_id>/priority")
@requires(*LANE)
@api.arguments(PriorityBody)
@api.answers(VisitSchema)
@api.refuses({409: MOVE_CONFLICTS}, MoveConflictSchema)
def priority(body: dict[str, Any], visit_id: int) -> VisitCard:
    """Set or remove the priority of a waiting vehicle.

    A reason lets the vehicle go first; null puts it back in its turn. The queue number changes with it.
    """
    return stated(change_service.set_priority(actor(), visit_id, body["reason"]))


@api.post("/visits/<int:visit_id>/vehicle")
@requires(*LANE)
@api.arguments(VehicleBody)
@api.answers(VisitSchema)
@api.refuses({409: MOVE_CONFLICTS, 422: [VisitRefusal.BAD_PLATE, VisitRefusal.BAD_LOOK]}, MoveConflictSchema)
def vehicle(body: dict[str, Any], visit_id: int) -> VisitCard:
    """Correct the kind of a vehicle, its plate or the word for it.

    An empty `plate` removes the plate, an empty `look` the word.
    """
    return stated(change_service.set_vehicle(actor(), visit_id, **body))


@api.delete("/visits/<int:visit_id>/pickups/<int:pickup_id>")
@requires(*LANE)
@api.answers(VisitSchema)
@api.refuses({409: MOVE_CONFLICTS}, MoveConflictSchema)
def take_out(visit_id: int, pickup_id: int) -> VisitCard:
    """Remove a pickup from a visit.

    A visit without any pickup ends.
    """
    return stated(change_service.take_out(actor(), visit_id, pickup_id))


def stated(result: T | Refused) -> T:
    """The result of a move. A refusal for the state of the visit says what that state is, in the reader's language."""
    if isinstance(result, Refused) and {"state", "queue_no"} <= result.detail.keys():
        named = result.detail["state"], result.detail["queue_no"], result.detail.get("lane")
        now = visit_sentence(*named, is_parked=result.code == VisitRefusal.PARKED)
        result = replace(result, detail={**result.detail, "message": f"{now}."})
    return raise_refusal(result)


class MoveFunction(Protocol):
    """A move of the service, with the fields of the body by position."""

    def __call__(
        self, who: Actor, visit_id: int, lane: int | None, reason: str | None, window: int | None, /
    ) -> VisitCard | Refused: ...


_MOVES: dict[str, MoveFunction] = {
    "call": call_service.call,
    "recall": lambda who, visit_id, lane, reason, window: call_service.recall(who, visit_id, lane),
    "serve": service.serve,
    "park": lambda who, visit_id, lane, reason, window: park_service.park(who, visit_id),
    "resume": lambda who, visit_id, lane, reason, window: park_service.resume(who, visit_id, lane, window),
    "direct": lambda who, visit_id, lane, reason, window: change_service.direct(who, visit_id, lane),
    "divert": lambda who, visit_id, lane, reason, window: service.divert(who, visit_id, reason),
    "no-show": lambda who, visit_id, lane, reason, window: service.mark_no_show(who, visit_id, reason),
    "leave": lambda who, visit_id, lane, reason, window: service.leave(who, visit_id, reason),
    "return": lambda who, visit_id, lane, reason, window: service.take_back(who, visit_id, reason),
    "transfer": call_service.transfer,
    "undo": lambda who, visit_id, lane, reason, window: undo_service.undo(who, visit_id),
}
