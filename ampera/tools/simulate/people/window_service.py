"""One service at a window: books arrive, each is checked against its holder, the collector signs for all."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from ampera.passports.fields import Record
from ampera.tools.simulate.morning import Morning, Trip
from ampera.tools.simulate.people.evidence import capacities_of, collector_of, identity_of, signature
from ampera.tools.simulate.people.windows_pool import Window
from ampera.tools.simulate.sim_clock import SimClock
from ampera.tools.simulate.world import Worker

WAITS_FOR_BOOKS, FETCHES = 60.0, 45.0
RENEWS = 50.0  # a claim is renewed while the officer works
LATER = "Contoh: buku ini diambil kemudian"


@dataclass
class Service:
    """The service of one vehicle that the officer has claimed."""

    morning: Morning
    worker: Worker
    random: Random
    trip: Trip
    window: Window

    @property
    def clock(self) -> SimClock:
        return self.morning.clock

    def go(self) -> None:
        self._wait_for_books()
        self._hand_over()

    def _wait_for_books(self) -> None:
        """Wait for the books from the desk. After a while the officer fetches the missing ones."""
        until = self.clock.now() + WAITS_FOR_BOOKS
        while (missing := self.trip.books - self.trip.books_here) and self.clock.now() < until:
            self.trip.book_came.wait(self.clock.real(until - self.clock.now()))
            self.trip.book_came.clear()
        if missing:
            self.clock.sleep(FETCHES)
            body = {"passport_ids": sorted(missing), "act": "hand", **self.window.body}
            self.morning.http.post("pick", "/api/v1/desk/picks", body, self.worker.key)
            self.trip.books_here |= missing

    def _hand_over(self) -> None:
        books = [(book, record) for ticket in self.trip.tickets for book, record in ticket.books.items()]
        is_partial = self.trip.event == "partial" and len(books) > 1
        given = books[:-1] if is_partial else books
        began, each = self.clock.now(), self.trip.vehicle.service / len(books)
        for done, (book, record) in enumerate(given, 1):
            self._work_until(began + done * each)
            self._check(book, record)
        kind, records = self.trip.vehicle.collector, [record for _, record in given]
        body = {
            "key": str(UUID(int=self.random.getrandbits(128), version=4)),
            "visit_id": self.trip.visit_id,
            "passports": [
                {"passport_id": book, "book": record.passport_no, "identity": identity_of(record), **capacity}
                for (book, record), capacity in zip(given, capacities_of(kind, records), strict=True)
            ],
            "collector": collector_of(kind, records),
            "signature": signature(),
        }
        if self.morning.http.post("handover", "/api/v1/handovers", body, self.worker.key, is_repeatable=True).is_ok:
            self.morning.handed_over += [book for book, _ in given]
        if is_partial:
            self.morning.move(self.worker, self.trip, "leave", reason=LATER)

    def _check(self, book: int, record: Record) -> None:
        """Check the number of the book and the identity, sometimes with a typing mistake first."""
        typed = [record.passport_no]
        if self.trip.vehicle.mistypes:
            typed.insert(0, "X0000000")
        for number in typed:
            body = {"passport_id": book, "book": number, "identity": identity_of(record)}
            self.morning.http.post("check", f"/api/v1/visits/{self.trip.visit_id}/checks", body, self.worker.key)

    def _work_until(self, moment: float) -> None:
        """Work until the moment. The tablet renews the claim meanwhile."""
        while moment - self.clock.now() > RENEWS:
            self.clock.sleep(RENEWS)
            self.morning.move(self.worker, self.trip, "serve", **self.window.body)
        self.clock.sleep_until(moment)
