"""What the people of one simulated morning share: the clock, the server's doors, who is there and what is due."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gevent.event import Event
from gevent.queue import Queue

from ampera import clock
from ampera.tools.simulate.http_clients import Doors
from ampera.tools.simulate.options import LanePlan, Options
from ampera.tools.simulate.plan import Vehicle
from ampera.tools.simulate.sim_clock import Pace
from ampera.tools.simulate.world import Ticket, Town, Worker

CALLS = ("call", "recall", "transfer")
KNOWN_SOON = 5.0  # true seconds in which the gate must have heard the answer that a window acts on already


@dataclass
class Trip:
    """One vehicle on its way through the lanes, as the people beside it know it."""

    vehicle: Vehicle
    tickets: list[Ticket]
    visit_id: int = 0
    stage: str = "coming"  # coming, waiting, at_lane, away, over
    event: str | None = None
    lane: int = 0
    came_back: bool = False
    books_here: set[int] = field(default_factory=set)
    book_came: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.event = self.vehicle.event

    @property
    def books(self) -> set[int]:
        return {book for ticket in self.tickets for book in ticket.books}


class Morning:
    """The shared state of a run; only greenlets of one thread touch it."""

    def __init__(self, options: Options, town: Town, doors: Doors, pace: Pace, vehicles: list[Vehicle]) -> None:
        self.options, self.town, self.doors, self.pace = options, town, doors, pace
        self.all = [Trip(vehicle, town.tickets[vehicle.number]) for vehicle in vehicles]
        self.trips: dict[int, Trip] = {}  # by visit, those that are not over
        self.trip_of_book = {book: trip for trip in self.all for book in trip.books}
        self.at_gate: Queue[Trip] = Queue()
        self.someone_waits = Event()
        self.calling = 0  # officers who are asking for the next vehicle right now
        self.told: dict[
            int, list[datetime]
        ] = {}  # when the officers heard that a visit was called, on the server's clock
        self.handed_over: list[int] = []
        self.lost: list[int] = []  # vehicles that the gate could not let in
        self.phones_on = 0
        self.phones_told: list[bool] = []  # of each phone whose vehicle was called: did it say so?
        self.by_lane: dict[int, list[Trip]] = {lane.number: [] for lane in town.lanes}

    def fits(self, trip: Trip) -> list[LanePlan]:
        """The lanes that take this vehicle."""
        return [lane for lane in self.town.lanes if lane.kind in ("mixed", trip.vehicle.kind)]

    def lets_in(self, trip: Trip, visit_id: int) -> None:
        trip.visit_id, trip.stage = visit_id, "waiting"
        self.trips[visit_id] = trip
        self.tell_windows()

    def tell_windows(self) -> None:
        """Whoever has nothing to do looks at the queue again."""
        self.someone_waits.set()
        self.someone_waits.clear()

    def trip(self, visit_id: int) -> Trip | None:
        """The vehicle of this visit, also when its gate has not heard the answer yet."""
        until = self.pace.now() + KNOWN_SOON * self.pace.speed
        while visit_id not in self.trips and self.pace.now() < until:
            self.pace.sleep(self.pace.speed * 0.01)
        return self.trips.get(visit_id)

    def move(self, worker: Worker, trip: Trip, move: str, **body: Any) -> Any:
        """The visit after this move; None when it was refused."""
        answer = self.doors.post(move, f"/api/v1/visits/{trip.visit_id}/{move}", body, worker.key)
        if answer.is_ok and move in CALLS:
            self.was_called(trip.visit_id)
        return answer.body if answer.is_ok else None

    def was_called(self, visit_id: int) -> None:
        """An officer has the answer: the call stands in the database."""
        self.told.setdefault(visit_id, []).append(clock.now())

    def is_anybody_for(self, lane: LanePlan) -> bool:
        """Whether the queue that the tablet of this lane shows has somebody whom nobody is calling yet."""
        waiting = sum(trip.stage == "waiting" and lane in self.fits(trip) for trip in self.trips.values())
        return waiting > self.calling

    def due(self, event: str, lane: LanePlan) -> Trip | None:
        """A waiting vehicle of this lane's kinds that this is about to happen to; it happens once."""
        for trip in self.trips.values():
            if trip.event == event and trip.stage == "waiting" and lane in self.fits(trip):
                trip.event, trip.stage = None, "at_lane"
                return trip
        return None

    def ends(self, trip: Trip) -> None:
        """The vehicle is gone for good."""
        trip.stage = "over"
        self.trips.pop(trip.visit_id, None)

    def books_came(self, books: set[int]) -> None:
        """These books lie at the window of their vehicle now."""
        for book in books & set(self.trip_of_book):
            trip = self.trip_of_book[book]
            trip.books_here.add(book)
            trip.book_came.set()

    @property
    def is_over(self) -> bool:
        return all(trip.stage == "over" for trip in self.all)
