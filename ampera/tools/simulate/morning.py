"""What the people of one simulated morning share: the clock, the client of the server, the vehicles and what is due."""

from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any

from gevent.event import Event
from gevent.queue import Queue

from ampera import clock
from ampera.tools.simulate.http_clients import HttpClient
from ampera.tools.simulate.options import LanePlan, Options
from ampera.tools.simulate.plan import Vehicle
from ampera.tools.simulate.sim_clock import SimClock
from ampera.tools.simulate.world import Ticket, Worker, World
from ampera.visits.supervisor_calls import decision as decisions

CALLS = ("call", "recall", "transfer")
WHY_CALLED = {  # exception -> reason of the call for a supervisor
    "help": decisions.OTHER,
    "overdue": decisions.OVERDUE,
    "locked": decisions.LOCKED,
    "unsigned": decisions.NO_SIGNATURE,
}
KNOWN_SOON = 5.0  # real seconds within which the gate has the answer that a window already acts on


@dataclass
class Trip:
    """One vehicle on its way through the lanes, as the staff beside it know it."""

    vehicle: Vehicle
    tickets: list[Ticket]
    visit_id: int = 0
    stage: str = "coming"  # coming, waiting, at_lane, aside, away, over
    event: str | None = None
    lane: int = 0
    came_back: bool = False
    aside_until: float = 0.0  # when a parked vehicle has found its paper, or inf: when the supervisor has decided
    books_here: set[int] = field(default_factory=set)
    book_came: Event = field(default_factory=Event)
    is_in_for_supervisor: bool = False  # the gate let it in to wait for a decision
    exceptions: set[str] = field(default_factory=set)  # those that have not happened yet
    decisions: dict[str, str] = field(default_factory=dict)  # of supervisors, by reason; "" while the call is open
    decided: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.event = self.vehicle.event
        self.exceptions = set(self.vehicle.exceptions)

    def meets(self, exception: str) -> bool:
        """Whether the exception happens now. It happens once."""
        is_planned = exception in self.exceptions
        self.exceptions.discard(exception)
        return is_planned

    @property
    def is_undecided(self) -> bool:
        """Whether a call for a supervisor is open."""
        return "" in self.decisions.values()

    def decide(self, reason: str, decision: str) -> None:
        """Note the end of the call. A vehicle that waited for it at the side may come back."""
        self.decisions[reason] = decision
        self.decided.set()
        if self.aside_until == inf:
            self.aside_until = 0.0

    def end_calls(self) -> None:
        """Note that the visit has ended, and its call with it. If the vehicle comes back, there is a new call."""
        ended = [reason for reason, decision in self.decisions.items() if not decision]
        self.exceptions |= {exception for exception, reason in WHY_CALLED.items() if reason in ended}
        self.decisions = {reason: decision for reason, decision in self.decisions.items() if decision}

    @property
    def books(self) -> set[int]:
        return {book for ticket in self.tickets for book in ticket.books}


class Morning:
    """The shared state of a run; only greenlets of one thread touch it."""

    def __init__(self, options: Options, world: World, http: HttpClient, vehicles: list[Vehicle]) -> None:
        self.options, self.world, self.http, self.clock = options, world, http, SimClock(options.speed)
        self.all = [Trip(vehicle, world.tickets[vehicle.number]) for vehicle in vehicles]
        self.trips: dict[int, Trip] = {}  # by visit, those that are not over
        self.trip_of_book = {book: trip for trip in self.all for book in trip.books}
        self.at_gate: Queue[Trip] = Queue()
        self.queue_changed = Event()
        self.calling = 0  # officers whose request for the next vehicle is in flight
        self.answered_at: dict[int, list[datetime]] = {}  # by visit: when officers got the answers of its calls
        self.handed_over: list[int] = []
        self.turned_away: list[int] = []  # vehicles that the gate could not admit
        self.open_phones = 0
        self.phone_results: list[bool] = []  # for each phone whose vehicle was called: whether it showed the call
        self.by_lane: dict[int, list[Trip]] = {lane.number: [] for lane in world.lanes}

    def fits(self, trip: Trip) -> list[LanePlan]:
        """The lanes that take this vehicle."""
        return [lane for lane in self.world.lanes if lane.kind in ("mixed", trip.vehicle.kind)]

    def admit(self, trip: Trip) -> None:
        """Put the vehicle in the queue."""
        trip.stage = "waiting"
        self.trips[trip.visit_id] = trip
        self.wake_windows()

    def wake_windows(self) -> None:
        """Let idle officers look at the queue again."""
        self.queue_changed.set()
        self.queue_changed.clear()

    def trip(self, visit_id: int) -> Trip | None:
        """The vehicle of this visit, also when its gate has no answer yet."""
        until = self.clock.now() + KNOWN_SOON * self.clock.speed
        while visit_id not in self.trips and self.clock.now() < until:
            self.clock.sleep(self.clock.speed * 0.01)
        return self.trips.get(visit_id)

    def move(self, worker: Worker, trip: Trip, move: str, **body: str | int) -> Any:
        """The visit after this move; None when it was refused."""
        answer = self.http.post(move, f"/api/v1/visits/{trip.visit_id}/{move}", body, worker.key)
        if answer.is_ok and move in CALLS:
            self.note_call(trip.visit_id)
        return answer.body if answer.is_ok else None

    def note_call(self, visit_id: int) -> None:
        """Note that an officer has the answer, so the call is in the database."""
        self.answered_at.setdefault(visit_id, []).append(clock.now())

    def call_supervisor(self, worker: Worker, trip: Trip, reason: str) -> None:
        """Call a supervisor to this vehicle."""
        trip.decisions[reason] = ""
        path = f"/api/v1/visits/{trip.visit_id}/supervisor"
        if not self.http.post("supervisor", path, {"reason": reason}, worker.key).is_ok:
            trip.end_calls()

    def has_uncalled(self, lane: LanePlan) -> bool:
        """Whether the queue of this lane has a waiting vehicle that no officer is calling."""
        waiting = sum(trip.stage == "waiting" and lane in self.fits(trip) for trip in self.trips.values())
        return waiting > self.calling

    def due(self, event: str, lane: LanePlan) -> Trip | None:
        """A waiting vehicle of this lane for which the event is planned. An event happens once."""
        for trip in self.trips.values():
            if trip.event == event and trip.stage == "waiting" and lane in self.fits(trip):
                trip.event, trip.stage = None, "at_lane"
                return trip
        return None

    def back_from_side(self, lane: LanePlan) -> Trip | None:
        """A parked vehicle of this lane that has found its paper."""
        now = self.clock.now()
        for trip in self.trips.values():
            if trip.stage == "aside" and trip.aside_until <= now and lane in self.fits(trip):
                trip.stage = "at_lane"
                return trip
        return None

    def end(self, trip: Trip) -> None:
        """End the trip: the vehicle does not come back."""
        trip.stage = "over"
        self.trips.pop(trip.visit_id, None)

    def bring_books(self, books: set[int]) -> None:
        """Note that these books are at the window of their vehicle."""
        for book in books & set(self.trip_of_book):
            trip = self.trip_of_book[book]
            trip.books_here.add(book)
            trip.book_came.set()

    @property
    def is_over(self) -> bool:
        return all(trip.stage == "over" for trip in self.all)
