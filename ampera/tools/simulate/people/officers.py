"""The officers: they call a vehicle to a window, wait for it, serve it, handle exceptions, and take breaks."""

from math import inf
from random import Random
from typing import Any

import gevent
from gevent.queue import Queue

from ampera.tools.simulate.morning import Morning, Trip
from ampera.tools.simulate.people.window_service import Service
from ampera.tools.simulate.people.windows_pool import Window
from ampera.tools.simulate.world import Worker

LOOKS_AGAIN = 20.0  # seconds after which a free window looks at the queue without news
WORKS, BREAK = 80 * 60.0, 12 * 60.0
NOTICES = 4.0  # seconds until a wrong touch is noticed
CALL_PATIENCE = 35.0  # between two calls of a vehicle that does not come; the server asks for 20 at least
FINDS_A_PROBLEM, INSIDE_TAKES = 60.0, 8 * 60.0
PAPER_TAKES = 4 * 60.0  # longer than a lease: any free officer may go on with the vehicle
CHECKED = "data sudah diperiksa"
AT_WINDOW = "at_window"  # the reason for serving a vehicle that was not called
OUT_OF_TURN, INSIDE, NOBODY = "kendaraan mogok di jalur", "data perlu diperiksa", "tidak datang setelah dipanggil"


class Officer:
    """One officer: takes a free window, works, takes a break, and takes a free window again."""

    def __init__(self, morning: Morning, worker: Worker, number: int, windows: "Queue[Window]") -> None:
        self.morning, self.worker, self.number, self.windows = morning, worker, number, windows
        self.random = Random(f"{morning.options.seed}:officer:{number}")  # noqa: S311

    def work(self) -> None:
        first = self.random.uniform(0.5, 1.0) * WORKS  # so that not all breaks begin at once
        while True:
            window = self.windows.get()
            until = self.morning.clock.now() + first
            first = WORKS
            while self.morning.clock.now() < until:
                if not self._next(window):
                    self.morning.queue_changed.wait(self.morning.clock.real(LOOKS_AGAIN))
            self.windows.put(window)
            self.morning.clock.sleep(BREAK)

    def _next(self, window: Window) -> bool:
        """Serve one vehicle. False when there is none."""
        handed = self.morning.by_lane[window.lane.number]
        if handed:
            self._meet(handed.pop(0), window)
            return True
        if trip := self.morning.back_from_side(window.lane):
            self._resume(trip, window)
            return True
        if trip := self.morning.due("straight", window.lane):
            if self.morning.move(self.worker, trip, "serve", reason=AT_WINDOW, **window.body):
                self._serve(trip, window)
            return True
        called = self._call(window)
        trip = called and self.morning.trip(called["id"])
        if trip:
            self._meet(trip, window)
        return bool(trip)

    def _call(self, window: Window) -> Any:
        """The visit that was called: sometimes a vehicle out of turn, else the next one."""
        if trip := self.morning.due("jump", window.lane):
            return self.morning.move(self.worker, trip, "call", reason=OUT_OF_TURN, **window.body)
        if not self.morning.has_uncalled(window.lane):
            return None
        self.morning.calling += 1
        path = f"/api/v1/lanes/{window.lane.number}/next"
        answer = self.morning.http.post("next", path, {"window": window.number}, self.worker.key)
        if answer.is_ok:
            self.morning.note_call(answer.body["id"])
            if trip := self.morning.trip(answer.body["id"]):
                trip.stage = "at_lane"
        self.morning.calling -= 1
        return answer.body if answer.is_ok else None

    def _meet(self, trip: Trip, window: Window) -> None:
        """Wait for a vehicle that was called to this window, and serve it."""
        trip.stage, trip.lane, met = "at_lane", window.lane.number, self.morning.clock.now()
        if self._take_event(trip, "undo"):
            self.morning.clock.sleep(NOTICES)
            if self.morning.move(self.worker, trip, "undo"):
                trip.stage = "waiting"
                return self.morning.wake_windows()
        if trip.vehicle.misses_call and trip.visit_id and not self._wait_for(trip):
            return None
        self.morning.clock.sleep_until(met + trip.vehicle.drives_up)
        if self._take_event(trip, "transfer") and self._transfer(trip, window):
            return None
        if self.morning.move(self.worker, trip, "serve", **window.body):
            self._serve(trip, window)
        return None

    def _take_event(self, trip: Trip, event: str) -> bool:
        """Whether the event is planned for the vehicle. The event is over afterwards."""
        is_planned = trip.event == event
        if is_planned:
            trip.event = None
        return is_planned

    def _wait_for(self, trip: Trip) -> bool:
        """False for an absent vehicle: it is called again, then marked as absent. Some vehicles come back."""
        if trip.came_back:
            return True
        for _ in range(2):
            self.morning.clock.sleep(CALL_PATIENCE)
            self.morning.move(self.worker, trip, "recall")
        self.morning.clock.sleep(CALL_PATIENCE)
        self.morning.move(self.worker, trip, "no-show", reason=NOBODY)
        after = trip.vehicle.comes_back_after
        if after is None:
            self.morning.end(trip)
        else:
            trip.stage, trip.came_back = "away", True
            trip.end_calls()
            gevent.spawn_later(self.morning.clock.real(after), self.morning.at_gate.put, trip)
        return False

    def _transfer(self, trip: Trip, window: Window) -> bool:
        others = [lane.number for lane in self.morning.fits(trip) if lane.number != window.lane.number]
        if not others:
            return False
        lane = self.random.choice(others)
        if self.morning.move(self.worker, trip, "transfer", lane=lane, reason=INSIDE) is None:
            return False
        self.morning.by_lane[lane].append(trip)
        self.morning.wake_windows()
        return True

    def _serve(self, trip: Trip, window: Window) -> None:
        trip.stage, trip.lane = "at_lane", window.lane.number
        if self._take_event(trip, "divert"):
            self.morning.clock.sleep(FINDS_A_PROBLEM)
            if self.morning.move(self.worker, trip, "divert", reason=INSIDE):
                trip.stage = "away"
                trip.end_calls()
                gevent.spawn_later(self.morning.clock.real(INSIDE_TAKES), self._take_back, trip)
                return
        if trip.meets("park"):
            self.morning.clock.sleep(FINDS_A_PROBLEM)
            if self._park(trip, PAPER_TAKES):
                return
        while not Service(self.morning, self.worker, self.random, trip, window).go():
            if self._park(trip, inf):
                return
        self.morning.end(trip)

    def _park(self, trip: Trip, seconds: float) -> bool:
        """Let the vehicle wait at the side: for so long, or until a supervisor has decided."""
        if not self.morning.move(self.worker, trip, "park"):
            return False
        is_decided = seconds == inf and not trip.is_undecided
        trip.stage, trip.aside_until = "aside", 0.0 if is_decided else self.morning.clock.now() + seconds
        return True

    def _resume(self, trip: Trip, window: Window) -> None:
        """Take a parked vehicle to this window. One that cannot come yet is tried again later."""
        if self.morning.move(self.worker, trip, "resume", **window.body):
            self._serve(trip, window)
        else:
            trip.stage, trip.aside_until = "aside", self.morning.clock.now() + LOOKS_AGAIN

    def _take_back(self, trip: Trip) -> None:
        """Let the vehicle wait again with its number when the inside counter is done."""
        if self.morning.move(self.worker, trip, "return", reason=CHECKED):
            trip.stage = "waiting"
            self.morning.wake_windows()
        else:
            self.morning.end(trip)
