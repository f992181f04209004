"""The way to the gate, and the officers who scan there. All codes of a vehicle go into one visit."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import gevent

from ampera.pickups.codes import ALPHABET, DERIVED_CHARS, PREFIX
from ampera.tools.simulate.morning import WHY_CALLED, Morning, Trip
from ampera.tools.simulate.people.phones import follow
from ampera.tools.simulate.world import Ticket, Worker

LOOKS, NEXT_CODE, FINDS_RIGHT_CODE, TYPES_NUMBER = 3.0, 2.0, 15.0, 20.0  # seconds
LAST_DIGITS, WRONG_DATE = 6, 0.1  # of the application number, typed by half of the officers; share of mistyped dates
GONE = "kendaraan pergi sebelum dipanggil"


def arrive(morning: Morning, trip: Trip) -> None:
    """One vehicle until it is at the gate. Some applicants report that they are on the way, or on site."""
    vehicle, link = trip.vehicle, trip.tickets[0].link
    if vehicle.reports_before is not None and vehicle.reports_before < vehicle.at:
        morning.clock.sleep_until(vehicle.at - vehicle.reports_before)
        morning.http.send_form("arrival", f"/p/{link}/arrival", "kind=leaving")
    morning.clock.sleep_until(vehicle.at)
    if vehicle.reports_before is not None and vehicle.reports_arrival:
        morning.http.send_form("arrival", f"/p/{link}/arrival", "kind=arrived")
    if vehicle.has_phone:
        gevent.spawn(follow, morning, trip)
    morning.at_gate.put(trip)


@dataclass
class Gate:
    """One officer at the gate."""

    morning: Morning
    worker: Worker

    def work(self) -> None:
        for trip in self.morning.at_gate:
            self._admit(trip)

    def _admit(self, trip: Trip) -> None:
        """Scan the codes of the vehicle, a wrong one first when the plan has it."""
        random = Random(f"{self.morning.options.seed}:{trip.vehicle.number}:{trip.stage}")  # noqa: S311
        clock = self.morning.clock
        ready = clock.now() + LOOKS
        clock.sleep_until(ready)
        if wrong := _first_code(random, trip):
            self._enter(random, trip, "scan", {"input": wrong})
            ready += FINDS_RIGHT_CODE
            clock.sleep_until(ready)
        visit_id = None
        has_code = "no-code" not in trip.vehicle.exceptions
        for ticket in trip.tickets:
            find = self._scan if has_code else self._look_up
            visit_id = find(random, trip, ticket, visit_id) or visit_id
            ready += NEXT_CODE if has_code else TYPES_NUMBER
            clock.sleep_until(ready)
        if visit_id is None:
            self.morning.end(trip)
            self.morning.turned_away.append(trip.vehicle.number)
            return
        self._queue(trip, visit_id)

    def _queue(self, trip: Trip, visit_id: int) -> None:
        """Set a priority that was seen after the scan, and put the vehicle in the queue."""
        if trip.vehicle.priority and trip.vehicle.is_seen_late and not trip.came_back:
            path, reason = f"/api/v1/visits/{visit_id}/priority", trip.vehicle.priority
            self.morning.http.post("priority", path, {"reason": reason}, self.worker.key)
        trip.visit_id = visit_id
        if trip.is_in_for_supervisor and trip.meets("overdue"):
            self.morning.call_supervisor(self.worker, trip, WHY_CALLED["overdue"])
        self.morning.admit(trip)
        if trip.vehicle.leaves_after is not None:
            gevent.spawn(self._lose_patience, trip)

    def _scan(self, random: Random, trip: Trip, ticket: Ticket, visit_id: int | None) -> int | None:
        """The visit that has the code now."""
        return self._enter(random, trip, "scan", {"input": ticket.code, "visit_id": visit_id})

    def _look_up(self, random: Random, trip: Trip, ticket: Ticket, visit_id: int | None) -> int | None:
        """The visit that has the books now, which were found without their code."""
        book = next(iter(ticket.books.values()))
        number = book.application_no if random.random() < 0.5 else book.application_no[-LAST_DIGITS:]
        asked = {"application_no": number, "visit_id": visit_id}
        if random.random() < WRONG_DATE:
            self._enter(random, trip, "lookup", asked | {"birth_date": "1900-01-01"})
        found = self._enter(random, trip, "lookup", asked | {"birth_date": book.birth_date.isoformat()})
        # After too many lookups there is no answer: the phone is charged, and shows the code after all.
        return found or self._scan(random, trip, ticket, visit_id)

    def _enter(self, random: Random, trip: Trip, way: str, asked: dict[str, Any]) -> int | None:
        """The visit that this scan or lookup opens or joins. A vehicle may be let in to wait for a supervisor."""
        lanes = self.morning.fits(trip)
        body = {
            f"{way}_id": str(UUID(int=random.getrandbits(128), version=4)),
            "lane": lanes[trip.vehicle.number % len(lanes)].number,
            "kind": trip.vehicle.kind,
            "priority": None if trip.vehicle.is_seen_late else trip.vehicle.priority,
            "plate": trip.vehicle.plate,
            **asked,
        }
        sent = {name: value for name, value in body.items() if value is not None}
        answer = self.morning.http.post(way, f"/api/v1/{way}s", sent, self.worker.key, is_repeatable=True)
        if not answer.is_ok:
            return None
        is_for_supervisor = answer.body["next"] == "supervisor"
        if is_for_supervisor and "for_supervisor" not in asked:
            return self._enter(random, trip, way, asked | {"for_supervisor": True})
        if answer.body["verdict"] not in ("ok", "repeat") and not is_for_supervisor:
            return None
        trip.is_in_for_supervisor = is_for_supervisor
        return answer.body["visit"] and answer.body["visit"]["id"]

    def _lose_patience(self, trip: Trip) -> None:
        """Leave the queue after a time, unless the vehicle was called before."""
        self.morning.clock.sleep(trip.vehicle.leaves_after or 0.0)
        if trip.stage != "waiting":
            return
        path = f"/api/v1/visits/{trip.visit_id}/leave"
        if self.morning.http.post("leave", path, {"reason": GONE}, self.worker.key).is_ok:
            self.morning.end(trip)


def _first_code(random: Random, trip: Trip) -> str | None:
    """The wrong code that an applicant shows first, when the vehicle comes for the first time."""
    if trip.stage != "coming" or trip.vehicle.first_code is None or "no-code" in trip.vehicle.exceptions:
        return None
    if trip.vehicle.first_code == "garbage":
        return "https://contoh.invalid/promo"
    never_issued = PREFIX + "".join(random.choices(ALPHABET, k=DERIVED_CHARS))
    return trip.tickets[0].old_code or never_issued
