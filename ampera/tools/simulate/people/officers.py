"""The officers: call a vehicle to their window, wait for it, serve it; what goes otherwise; and their breaks."""

from random import Random
from typing import Any

import gevent
from gevent.queue import Queue

from ampera.tools.simulate.morning import Morning, Trip
from ampera.tools.simulate.people.window_service import Service
from ampera.tools.simulate.people.windows_pool import Seat
from ampera.tools.simulate.world import Worker

LOOKS_AGAIN = 20.0  # seconds after which a free window looks at the queue without being told
WORKS, BREAK = 80 * 60.0, 12 * 60.0
NOTICES = 4.0  # seconds until a wrong tap is noticed
CALL_PATIENCE = 35.0  # between two calls of a vehicle that does not come; the server wants 20 at least
FINDS_A_PROBLEM, INSIDE_TAKES = 60.0, 8 * 60.0
CHECKED = "data sudah diperiksa"
OUT_OF_TURN, INSIDE, NOBODY = "kendaraan mogok di jalur", "data perlu diperiksa", "tidak datang setelah dipanggil"


class Officer:
    """One officer: takes a free window, works, has a break, takes a free window again."""

    def __init__(self, morning: Morning, worker: Worker, number: int, seats: "Queue[Seat]") -> None:
        self.morning, self.worker, self.number, self.seats = morning, worker, number, seats
        self.random = Random(f"{morning.options.seed}:officer:{number}")  # noqa: S311

    def work(self) -> None:
        first = self.random.uniform(0.5, 1.0) * WORKS  # breaks do not come all at once
        while True:
            seat = self.seats.get()
            until = self.morning.pace.now() + first
            first = WORKS
            while self.morning.pace.now() < until:
                if not self._next(seat):
                    self.morning.someone_waits.wait(self.morning.pace.true(LOOKS_AGAIN))
            self.seats.put(seat)
            self.morning.pace.sleep(BREAK)

    def _next(self, seat: Seat) -> bool:
        """One vehicle; False when there is none."""
        handed = self.morning.by_lane[seat.lane.number]
        if handed:
            self._meet(handed.pop(0), seat)
            return True
        if trip := self.morning.due("straight", seat.lane):
            if self.morning.move(self.worker, trip, "serve", **seat.body):
                self._serve(trip, seat)
            return True
        called = self._call(seat)
        trip = called and self.morning.trip(called["id"])
        if trip:
            self._meet(trip, seat)
        return bool(trip)

    def _call(self, seat: Seat) -> Any:
        """The visit that was called: once in a while one out of turn, else the next."""
        if trip := self.morning.due("jump", seat.lane):
            return self.morning.move(self.worker, trip, "call", reason=OUT_OF_TURN, **seat.body)
        if not self.morning.is_anybody_for(seat.lane):
            return None
        self.morning.calling += 1
        path = f"/api/v1/lanes/{seat.lane.number}/next"
        told = self.morning.doors.post("next", path, {"window": seat.window}, self.worker.key)
        if told.is_ok:
            self.morning.was_called(told.body["id"])
            if trip := self.morning.trip(told.body["id"]):
                trip.stage = "at_lane"
        self.morning.calling -= 1
        return told.body if told.is_ok else None

    def _meet(self, trip: Trip, seat: Seat) -> None:
        """The vehicle was called to this window."""
        trip.stage, trip.lane, met = "at_lane", seat.lane.number, self.morning.pace.now()
        if self._happens(trip, "undo"):
            self.morning.pace.sleep(NOTICES)
            if self.morning.move(self.worker, trip, "undo"):
                trip.stage = "waiting"
                return self.morning.tell_windows()
        if trip.vehicle.misses_call and trip.visit_id and not self._comes(trip):
            return None
        self.morning.pace.sleep_until(met + trip.vehicle.drives_up)
        if self._happens(trip, "transfer") and self._transfer(trip, seat):
            return None
        if self.morning.move(self.worker, trip, "serve", **seat.body):
            self._serve(trip, seat)
        return None

    def _happens(self, trip: Trip, event: str) -> bool:
        is_now = trip.event == event
        if is_now:
            trip.event = None
        return is_now

    def _comes(self, trip: Trip) -> bool:
        """False for a vehicle that is not there: it is called again, then taken for not coming; some come back."""
        if trip.came_back:
            return True
        for _ in range(2):
            self.morning.pace.sleep(CALL_PATIENCE)
            self.morning.move(self.worker, trip, "recall")
        self.morning.pace.sleep(CALL_PATIENCE)
        self.morning.move(self.worker, trip, "no-show", reason=NOBODY)
        after = trip.vehicle.comes_back_after
        if after is None:
            self.morning.ends(trip)
        else:
            trip.stage, trip.came_back = "away", True
            gevent.spawn_later(self.morning.pace.true(after), self.morning.at_gate.put, trip)
        return False

    def _transfer(self, trip: Trip, seat: Seat) -> bool:
        others = [lane.number for lane in self.morning.fits(trip) if lane.number != seat.lane.number]
        if not others:
            return False
        lane = self.random.choice(others)
        if self.morning.move(self.worker, trip, "transfer", lane=lane, reason=INSIDE) is None:
            return False
        self.morning.by_lane[lane].append(trip)
        self.morning.tell_windows()
        return True

    def _serve(self, trip: Trip, seat: Seat) -> None:
        trip.stage, trip.lane = "at_lane", seat.lane.number
        if self._happens(trip, "divert"):
            self.morning.pace.sleep(FINDS_A_PROBLEM)
            if self.morning.move(self.worker, trip, "divert", reason=INSIDE):
                trip.stage = "away"
                gevent.spawn_later(self.morning.pace.true(INSIDE_TAKES), self._take_back, trip)
                return
        Service(self.morning, self.worker, self.random, trip, seat).go()
        self.morning.ends(trip)

    def _take_back(self, trip: Trip) -> None:
        """The inside counter is done: the vehicle waits again with its number."""
        if self.morning.move(self.worker, trip, "return", reason=CHECKED):
            trip.stage = "waiting"
            self.morning.tell_windows()
        else:
            self.morning.ends(trip)
