"""The way to the gate, and the officers who scan there. All codes of a vehicle go into one visit."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

import gevent

from ampera.pickups.codes import ALPHABET, DERIVED_CHARS, PREFIX
from ampera.tools.simulate.morning import Morning, Trip
from ampera.tools.simulate.people.phones import follow
from ampera.tools.simulate.world import Worker

LOOKS, NEXT_CODE, FINDS_RIGHT_CODE = 3.0, 2.0, 15.0  # seconds
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
            self._scan(random, trip, wrong, None)
            ready += FINDS_RIGHT_CODE
            clock.sleep_until(ready)
        visit_id = None
        for ticket in trip.tickets:
            visit_id = self._scan(random, trip, ticket.code, visit_id) or visit_id
            ready += NEXT_CODE
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
        self.morning.admit(trip, visit_id)
        if trip.vehicle.leaves_after is not None:
            gevent.spawn(self._lose_patience, trip)

    def _scan(self, random: Random, trip: Trip, code: str, visit_id: int | None) -> int | None:
        """The visit that has the code now."""
        lanes = self.morning.fits(trip)
        body = {
            "scan_id": str(UUID(int=random.getrandbits(128), version=4)),
            "lane": lanes[trip.vehicle.number % len(lanes)].number,
            "input": code,
            "kind": trip.vehicle.kind,
            "priority": None if trip.vehicle.is_seen_late else trip.vehicle.priority,
            "plate": trip.vehicle.plate,
            "visit_id": visit_id,
        }
        sent = {name: value for name, value in body.items() if value is not None}
        answer = self.morning.http.post("scan", "/api/v1/scans", sent, self.worker.key, is_repeatable=True)
        visit = answer.body["visit"] if answer.is_ok else None
        return visit["id"] if visit and answer.body["verdict"] in ("ok", "repeat") else None

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
    if trip.stage != "coming" or trip.vehicle.first_code is None:
        return None
    if trip.vehicle.first_code == "garbage":
        return "https://contoh.invalid/promo"
    never_issued = PREFIX + "".join(random.choices(ALPHABET, k=DERIVED_CHARS))
    return trip.tickets[0].old_code or never_issued
