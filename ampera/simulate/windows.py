"""The officers at the windows: call, wait for the vehicle, serve, check every book, hand over; and their breaks."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import gevent
from gevent.queue import Queue

from ampera.simulate.evidence import collector_of, identity_of, signature
from ampera.simulate.morning import Morning, Trip
from ampera.simulate.options import LanePlan
from ampera.simulate.town import Worker

LOOKS_AGAIN = 20.0  # seconds after which a free window looks at the queue without being told
WORKS, BREAK = 80 * 60.0, 12 * 60.0
NOTICES = 4.0  # seconds until a wrong tap is noticed
CALL_PATIENCE = 35.0  # between two calls of a vehicle that does not come; the server wants 20 at least
WAITS_FOR_BOOKS, FETCHES = 60.0, 45.0
INSIDE_TAKES = 8 * 60.0
RENEWS = 50.0  # a claim is kept alive while the officer works
CALLS = ("call", "recall", "transfer")
LATER = "Contoh: buku ini diambil kemudian"
CHECKED = "data sudah diperiksa"
OUT_OF_TURN, INSIDE, NOBODY = "kendaraan mogok di jalur", "data perlu diperiksa", "tidak datang setelah dipanggil"


@dataclass(frozen=True)
class Seat:
    """One window of one lane."""

    lane: LanePlan
    window: int

    @property
    def body(self) -> dict[str, Any]:
        return {"lane": self.lane.number, "window": self.window}


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
            if self._move(trip, "serve", **seat.body):
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
            return self._move(trip, "call", reason=OUT_OF_TURN, **seat.body)
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
            if self._move(trip, "undo"):
                trip.stage = "waiting"
                return self.morning.tell_windows()
        if trip.vehicle.misses_call and trip.visit_id and not self._comes(trip):
            return None
        self.morning.pace.sleep_until(met + trip.vehicle.drives_up)
        if self._happens(trip, "transfer") and self._transfer(trip, seat):
            return None
        if self._move(trip, "serve", **seat.body):
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
            self._move(trip, "recall")
        self.morning.pace.sleep(CALL_PATIENCE)
        self._move(trip, "no-show", reason=NOBODY)
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
        if self._move(trip, "transfer", lane=lane, reason=INSIDE) is None:
            return False
        self.morning.by_lane[lane].append(trip)
        self.morning.tell_windows()
        return True

    def _serve(self, trip: Trip, seat: Seat) -> None:
        trip.stage, trip.lane = "at_lane", seat.lane.number
        if self._happens(trip, "divert"):
            self.morning.pace.sleep(WAITS_FOR_BOOKS)
            if self._move(trip, "divert", reason=INSIDE):
                trip.stage = "away"
                gevent.spawn_later(self.morning.pace.true(INSIDE_TAKES), self._take_back, trip)
                return
        self._wait_for_books(trip, seat)
        self._hand_over(trip, seat)
        self.morning.ends(trip)

    def _take_back(self, trip: Trip) -> None:
        """The inside counter is done: the vehicle waits again with its number."""
        if self._move(trip, "return", reason=CHECKED):
            trip.stage = "waiting"
            self.morning.tell_windows()
        else:
            self.morning.ends(trip)

    def _wait_for_books(self, trip: Trip, seat: Seat) -> None:
        """The desk brings them; who waits too long fetches them."""
        until = self.morning.pace.now() + WAITS_FOR_BOOKS
        while (missing := trip.books - trip.books_here) and self.morning.pace.now() < until:
            trip.book_came.wait(self.morning.pace.true(until - self.morning.pace.now()))
            trip.book_came.clear()
        if missing:
            self.morning.pace.sleep(FETCHES)
            body = {"passport_ids": sorted(missing), "act": "hand", **seat.body}
            self.morning.doors.post("pick", "/api/v1/desk/picks", body, self.worker.key)
            trip.books_here |= missing

    def _hand_over(self, trip: Trip, seat: Seat) -> None:
        books = [(book, record) for ticket in trip.tickets for book, record in ticket.books.items()]
        is_partial = self._happens(trip, "partial") and len(books) > 1
        given = books[:-1] if is_partial else books
        began, each = self.morning.pace.now(), trip.vehicle.service / len(books)
        for done, (book, record) in enumerate(given, 1):
            self._work_until(began + done * each, trip, seat)
            self._check(trip, book, record)
        body = {
            "key": str(UUID(int=self.random.getrandbits(128), version=4)),
            "visit_id": trip.visit_id,
            "passports": [
                {"passport_id": book, "book": record.passport_no, "identity": identity_of(record)}
                for book, record in given
            ],
            "collector": collector_of(trip.vehicle.collector),
            "signature": signature(),
        }
        if self.morning.doors.post("handover", "/api/v1/handovers", body, self.worker.key, may_repeat=True).is_ok:
            self.morning.handed_over += [book for book, _ in given]
        if is_partial:
            self._move(trip, "leave", reason=LATER)

    def _check(self, trip: Trip, book: int, record: Any) -> None:
        """The book's number and the identity as they are typed; once in a while mistyped first."""
        typed = [record.passport_no]
        if trip.vehicle.mistypes:
            typed.insert(0, "X0000000")
        for number in typed:
            body = {"passport_id": book, "book": number, "identity": identity_of(record)}
            self.morning.doors.post("check", f"/api/v1/visits/{trip.visit_id}/checks", body, self.worker.key)

    def _work_until(self, moment: float, trip: Trip, seat: Seat) -> None:
        """Talk, look, type; meanwhile the tablet keeps the claim alive."""
        while moment - self.morning.pace.now() > RENEWS:
            self.morning.pace.sleep(RENEWS)
            self._move(trip, "serve", **seat.body)
        self.morning.pace.sleep_until(moment)

    def _move(self, trip: Trip, move: str, **body: Any) -> Any:
        """The visit after this move; None when it was refused."""
        path = f"/api/v1/visits/{trip.visit_id}/{move}"
        answer = self.morning.doors.post(move, path, body, self.worker.key)
        if answer.is_ok and move in CALLS:
            self.morning.was_called(trip.visit_id)
        return answer.body if answer.is_ok else None


def seats_of(morning: Morning) -> "Queue[Seat]":
    """All windows, the first of every lane before the second ones."""
    seats: Queue[Seat] = Queue()
    most = max(lane.windows for lane in morning.town.lanes)
    for window in range(1, most + 1):
        for lane in morning.town.lanes:
            if window <= lane.windows:
                seats.put(Seat(lane, window))
    return seats
