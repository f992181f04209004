"""One service at a window: books arrive, each is checked against its holder, the collector signs for all."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from ampera.tools.simulate.http_clients import Outgoing
from ampera.tools.simulate.morning import WHY_CALLED, Morning, Trip
from ampera.tools.simulate.people.evidence import (
    Taken,
    capacity_of,
    collector_of,
    identity_of,
    signature,
    taken_books,
    wrong_identity_of,
)
from ampera.tools.simulate.people.supervisors import GRANTS
from ampera.tools.simulate.people.windows_pool import Window
from ampera.tools.simulate.sim_clock import SimClock
from ampera.tools.simulate.world import Worker
from ampera.visits.supervisor_calls import decision as decisions

WAITS_FOR_BOOKS, FETCHES = 60.0, 45.0
WAITS_FOR_SUPERVISOR = 90.0  # then the vehicle waits at the side
RENEWS = 50.0  # a claim is renewed while the officer works
SOLVES_IT, SOLVED = 30.0, 0.3  # seconds until an officer needs no help any more, and the share of such calls
MOST_TRIES = 10  # more than any office allows
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

    def go(self) -> bool:
        """Serve the vehicle. False when a supervisor is called and does not come soon."""
        self._wait_for_books()
        if not self._is_decided():  # the gate may have called
            return False
        for exception, reason in WHY_CALLED.items():
            if self.trip.meets(exception) and self._needs_supervisor(reason):
                self._call_supervisor(reason)
                if not self._is_decided():
                    return False
        self._hand_over()
        return True

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

    def _needs_supervisor(self, reason: str) -> bool:
        return reason != decisions.LOCKED or self._lock(taken_books(self.trip.vehicle, self.trip.tickets)[0])

    def _call_supervisor(self, reason: str) -> None:
        self.morning.call_supervisor(self.worker, self.trip, reason)
        luck = Random(f"{self.morning.options.seed}:{self.trip.vehicle.number}:{reason}:solved").random()  # noqa: S311
        if reason == decisions.OTHER and luck < SOLVED:
            self.clock.sleep(SOLVES_IT)
            path = f"/api/v1/visits/{self.trip.visit_id}/supervisor"
            if self.morning.http.send(Outgoing("withdraw", "DELETE", path, key=self.worker.key)).is_ok:
                self.trip.decide(reason, decisions.WITHDRAWN)

    def _lock(self, taken: Taken) -> bool:
        """Type the identity from a card that is not the holder's until the book is locked. False: it cannot be."""
        body = {"passport_id": taken.book, "identity": wrong_identity_of(taken.record)}
        for _ in range(MOST_TRIES):
            answer = self.morning.http.post("check", self._path("checks"), body, self.worker.key)
            if not answer.is_ok:
                return False
            if not answer.body["tries_left"]:
                return True
        return False

    def _is_decided(self) -> bool:
        """Wait a while for the decision. False when it has not come."""
        until = self.clock.now() + WAITS_FOR_SUPERVISOR
        while self.trip.is_undecided and self.clock.now() < until:
            self.trip.decided.clear()
            self.trip.decided.wait(self.clock.real(min(RENEWS, until - self.clock.now())))
            self._renew()
        return not self.trip.is_undecided

    def _hand_over(self) -> None:
        books = taken_books(self.trip.vehicle, self.trip.tickets)
        given = self._allowed(books)
        began, each = self.clock.now(), self.trip.vehicle.service / len(books)
        for done, taken in enumerate(given, 1):
            self._work_until(began + done * each)
            self._check(taken)
        if given and self._record(given):
            self.morning.handed_over += [taken.book for taken in given]
        if len(given) < len(books):
            self.morning.move(self.worker, self.trip, "leave", reason=LATER)

    def _allowed(self, books: list[Taken]) -> list[Taken]:
        """The books that are taken this time: none that a supervisor did not allow, and sometimes not the last one."""
        refused = {reason for reason, decision in self.trip.decisions.items() if decision != GRANTS[reason]}
        if decisions.NO_SIGNATURE in refused:
            return []
        kept = {books[0].book} if decisions.LOCKED in refused else set()
        if decisions.OVERDUE in refused:
            kept.add(list(self.trip.tickets[0].books)[-1])
        if self.trip.event == "partial" and len(books) > 1:
            kept.add(books[-1].book)
        return [taken for taken in books if taken.book not in kept]

    def _record(self, given: list[Taken]) -> bool:
        kind = self.trip.vehicle.collector
        is_unsigned = self.trip.decisions.get(decisions.NO_SIGNATURE) == decisions.ALLOW_UNSIGNED
        body = {
            "key": str(UUID(int=self.random.getrandbits(128), version=4)),
            "visit_id": self.trip.visit_id,
            "passports": [
                {
                    "passport_id": taken.book,
                    "book": taken.record.passport_no,
                    "identity": identity_of(taken.record),
                    **capacity_of(kind, taken),
                }
                for taken in given
            ],
            "collector": collector_of(kind, given),
            "signature": None if is_unsigned else signature(),
        }
        return self.morning.http.post("handover", "/api/v1/handovers", body, self.worker.key, is_repeatable=True).is_ok

    def _check(self, taken: Taken) -> None:
        """Check the number of the book and the identity, sometimes with a typing mistake first."""
        typed = [taken.record.passport_no]
        if self.trip.vehicle.mistypes:
            typed.insert(0, "X0000000")
        for number in typed:
            body = {"passport_id": taken.book, "book": number, "identity": identity_of(taken.record)}
            self.morning.http.post("check", self._path("checks"), body, self.worker.key)

    def _path(self, step: str) -> str:
        return f"/api/v1/visits/{self.trip.visit_id}/{step}"

    def _renew(self) -> Any:
        """The tablet renews the claim of the officer who is at work."""
        return self.morning.move(self.worker, self.trip, "serve", **self.window.body)

    def _work_until(self, moment: float) -> None:
        while moment - self.clock.now() > RENEWS:
            self.clock.sleep(RENEWS)
            self._renew()
        self.clock.sleep_until(moment)
