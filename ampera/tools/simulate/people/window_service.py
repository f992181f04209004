"""One service at a window: the books come, each is checked against the holder, the collector signs for all of them."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from ampera.tools.simulate.morning import Morning, Trip
from ampera.tools.simulate.people.evidence import collector_of, identity_of, signature
from ampera.tools.simulate.people.windows_pool import Seat
from ampera.tools.simulate.sim_clock import Pace
from ampera.tools.simulate.world import Worker

WAITS_FOR_BOOKS, FETCHES = 60.0, 45.0
RENEWS = 50.0  # a claim is kept alive while the officer works
LATER = "Contoh: buku ini diambil kemudian"


@dataclass
class Service:
    """A vehicle at a window, claimed by its officer."""

    morning: Morning
    worker: Worker
    random: Random
    trip: Trip
    seat: Seat

    @property
    def pace(self) -> Pace:
        return self.morning.pace

    def go(self) -> None:
        self._wait_for_books()
        self._hand_over()

    def _wait_for_books(self) -> None:
        """The desk brings them; who waits too long fetches them."""
        until = self.pace.now() + WAITS_FOR_BOOKS
        while (missing := self.trip.books - self.trip.books_here) and self.pace.now() < until:
            self.trip.book_came.wait(self.pace.true(until - self.pace.now()))
            self.trip.book_came.clear()
        if missing:
            self.pace.sleep(FETCHES)
            body = {"passport_ids": sorted(missing), "act": "hand", **self.seat.body}
            self.morning.doors.post("pick", "/api/v1/desk/picks", body, self.worker.key)
            self.trip.books_here |= missing

    def _hand_over(self) -> None:
        books = [(book, record) for ticket in self.trip.tickets for book, record in ticket.books.items()]
        is_partial = self.trip.event == "partial" and len(books) > 1
        given = books[:-1] if is_partial else books
        began, each = self.pace.now(), self.trip.vehicle.service / len(books)
        for done, (book, record) in enumerate(given, 1):
            self._work_until(began + done * each)
            self._check(book, record)
        body = {
            "key": str(UUID(int=self.random.getrandbits(128), version=4)),
            "visit_id": self.trip.visit_id,
            "passports": [
                {"passport_id": book, "book": record.passport_no, "identity": identity_of(record)}
                for book, record in given
            ],
            "collector": collector_of(self.trip.vehicle.collector),
            "signature": signature(),
        }
        if self.morning.doors.post("handover", "/api/v1/handovers", body, self.worker.key, may_repeat=True).is_ok:
            self.morning.handed_over += [book for book, _ in given]
        if is_partial:
            self.morning.move(self.worker, self.trip, "leave", reason=LATER)

    def _check(self, book: int, record: Any) -> None:
        """The book's number and the identity as they are typed; once in a while mistyped first."""
        typed = [record.passport_no]
        if self.trip.vehicle.mistypes:
            typed.insert(0, "X0000000")
        for number in typed:
            body = {"passport_id": book, "book": number, "identity": identity_of(record)}
            self.morning.doors.post("check", f"/api/v1/visits/{self.trip.visit_id}/checks", body, self.worker.key)

    def _work_until(self, moment: float) -> None:
        """Talk, look, type; meanwhile the tablet keeps the claim alive."""
        while moment - self.pace.now() > RENEWS:
            self.pace.sleep(RENEWS)
            self.morning.move(self.worker, self.trip, "serve", **self.seat.body)
        self.pace.sleep_until(moment)
