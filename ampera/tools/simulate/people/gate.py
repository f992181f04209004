"""The way to the gate, and the officers who scan there: every code of a vehicle goes into one visit."""

from random import Random
from uuid import UUID

import gevent

from ampera.pickups.codes import ALPHABET, DERIVED_CHARS, PREFIX
from ampera.tools.simulate.morning import Morning, Trip
from ampera.tools.simulate.people.phones import carry
from ampera.tools.simulate.world import Worker

LOOKS, NEXT_CODE, FINDS_RIGHT_CODE = 3.0, 2.0, 15.0  # seconds
GONE = "kendaraan pergi sebelum dipanggil"


def come(morning: Morning, trip: Trip) -> None:
    """One vehicle until it stands at the gate: perhaps it says that it is on the way, or here."""
    vehicle, link = trip.vehicle, trip.tickets[0].link
    if vehicle.signals_before is not None and vehicle.signals_before < vehicle.at:
        morning.pace.sleep_until(vehicle.at - vehicle.signals_before)
        morning.doors.send_form("arrival", f"/p/{link}/arrival", "kind=leaving")
    morning.pace.sleep_until(vehicle.at)
    if vehicle.signals_before is not None and vehicle.says_arrived:
        morning.doors.send_form("arrival", f"/p/{link}/arrival", "kind=arrived")
    if vehicle.has_phone:
        gevent.spawn(carry, morning, trip)
    morning.at_gate.put(trip)


def scan_for_ever(morning: Morning, worker: Worker) -> None:
    """One officer at the gate."""
    for trip in morning.at_gate:
        _let_in(morning, worker, trip)


def _let_in(morning: Morning, worker: Worker, trip: Trip) -> None:
    random = Random(f"{morning.options.seed}:{trip.vehicle.number}:{trip.stage}")  # noqa: S311
    lanes = morning.fits(trip)
    lane = lanes[trip.vehicle.number % len(lanes)].number
    ready = morning.pace.now() + LOOKS
    morning.pace.sleep_until(ready)
    if wrong := _first_code(random, trip):
        _scan(morning, worker, random, lane, trip, wrong, None)
        ready += FINDS_RIGHT_CODE
        morning.pace.sleep_until(ready)
    visit_id = None
    for ticket in trip.tickets:
        visit_id = _scan(morning, worker, random, lane, trip, ticket.code, visit_id) or visit_id
        ready += NEXT_CODE
        morning.pace.sleep_until(ready)
    if visit_id is None:
        morning.ends(trip)
        morning.lost.append(trip.vehicle.number)
        return
    if trip.vehicle.priority and trip.vehicle.is_seen_late and not trip.came_back:
        path, reason = f"/api/v1/visits/{visit_id}/priority", trip.vehicle.priority
        morning.doors.post("priority", path, {"reason": reason}, worker.key)
    morning.lets_in(trip, visit_id)
    if trip.vehicle.leaves_after is not None:
        gevent.spawn(_lose_patience, morning, worker, trip)


def _first_code(random: Random, trip: Trip) -> str | None:
    """What somebody shows before the right code, when they come for the first time."""
    if trip.stage != "coming" or trip.vehicle.first_code is None:
        return None
    if trip.vehicle.first_code == "garbage":
        return "https://contoh.invalid/promo"
    never_issued = PREFIX + "".join(random.choices(ALPHABET, k=DERIVED_CHARS))
    return trip.tickets[0].old_code or never_issued


def _scan(
    morning: Morning, worker: Worker, random: Random, lane: int, trip: Trip, code: str, visit_id: int | None
) -> int | None:
    """The visit that the code is in now."""
    body = {
        "scan_id": str(UUID(int=random.getrandbits(128), version=4)),
        "lane": lane,
        "input": code,
        "kind": trip.vehicle.kind,
        "priority": None if trip.vehicle.is_seen_late else trip.vehicle.priority,
        "plate": trip.vehicle.plate,
        "visit_id": visit_id,
    }
    sent = {name: value for name, value in body.items() if value is not None}
    answer = morning.doors.post("scan", "/api/v1/scans", sent, worker.key, may_repeat=True)
    visit = answer.body["visit"] if answer.is_ok else None
    return visit["id"] if visit and answer.body["verdict"] in ("ok", "repeat") else None


def _lose_patience(morning: Morning, worker: Worker, trip: Trip) -> None:
    morning.pace.sleep(trip.vehicle.leaves_after or 0.0)
    if trip.stage != "waiting":
        return
    path = f"/api/v1/visits/{trip.visit_id}/leave"
    if morning.doors.post("leave", path, {"reason": GONE}, worker.key).is_ok:
        morning.ends(trip)
