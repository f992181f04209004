"""The exact place in the queue and the honest range of the wait, or no range when too little is known."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from ampera import clock, db
from ampera.offices.models import Lane
from ampera.visits.models import Visit
from ampera.visits.queue.queries import office_queue
from ampera.visits.queue.wait_estimate import Waiting, ahead_of_each, rivals, wait_range
from tests.conftest import on_both

EVEN = [120.0] * 5
SPREAD = [60.0, 120.0, 180.0, 240.0, 300.0]  # quarters at 120 and 240 seconds


@pytest.mark.parametrize(
    ("kind", "lanes", "compete"),
    [
        ("car", ["mixed"], {"car", "motorcycle"}),
        ("motorcycle", ["mixed"], {"car", "motorcycle"}),
        ("car", ["car", "motorcycle"], {"car"}),
        ("motorcycle", ["car", "motorcycle"], {"motorcycle"}),
        ("car", ["car", "motorcycle", "mixed"], {"car", "motorcycle"}),
        ("motorcycle", ["car"], {"motorcycle"}),
        ("car", [], {"car"}),
    ],
)
def test_vehicles_compete_when_one_lane_serves_both_kinds(kind, lanes, compete):
    assert rivals(kind, lanes) - {"priority"} == compete


@pytest.mark.parametrize(
    ("lanes", "expected"),
    [
        ({"": ["mixed"]}, [0, 1, 2, 0, 3]),
        ({"": ["car", "motorcycle"]}, [0, 0, 1, 0, 1]),
        ({"": ["mixed"], "Mal Contoh": ["car"]}, [0, 1, 2, 0, 3]),
        ({}, [0, 0, 1, 0, 1]),
    ],
)
def test_ahead_counts_only_competitors_of_the_same_queue(lanes, expected):
    queue = [
        Waiting(11, "", "car"),
        Waiting(12, "", "motorcycle"),
        Waiting(13, "", "car"),
        Waiting(14, "Mal Contoh", "car"),
        Waiting(15, "", "motorcycle"),
    ]
    assert list(ahead_of_each(queue, lanes).values()) == expected


@pytest.mark.parametrize(
    ("ahead", "occupied", "windows", "expected"),
    [
        (0, [], 1, None),
        (0, EVEN[:4], 1, None),  # too few for an estimate
        (3, EVEN, 0, None),  # no window at work
        (0, EVEN, 1, (0, 2)),  # the vehicle at the window may have just begun
        (1, EVEN, 1, (2, 4)),
        (3, EVEN, 1, (6, 8)),
        (3, EVEN, 2, (3, 5)),
        (3, EVEN, 3, (2, 4)),
        (0, SPREAD, 1, (0, 4)),
        (5, SPREAD, 1, (10, 24)),
        (5, SPREAD, 2, (5, 14)),
        (1, [10.0] * 5, 1, (0, 1)),  # never "0 minutes"
        (0, [0.0] * 5, 1, (0, 1)),
        (1, [90.0] * 5, 1, (1, 3)),  # rounded outward
        (60, SPREAD, 4, (30, 64)),
        (2, [100.0] * 20 + [3600.0], 1, (3, 5)),  # one vehicle that took an hour changes nothing
    ],
)
def test_wait_range_uses_the_first_and_third_quartile(ahead, occupied, windows, expected):
    assert wait_range(ahead, occupied, windows) == expected


def test_more_vehicles_ahead_never_shorten_the_wait():
    ranges = [wait_range(ahead, SPREAD, 2) for ahead in range(40)]
    assert ranges == sorted(ranges)
    assert all(low < high for low, high in ranges)


class Street:
    """Rows of visits. Minutes count back from now."""

    def __init__(self):
        self.at = clock.now()
        self.count = 0

    def visit(self, state, **fields):
        self.count += 1
        row = Visit(
            office_id=1,
            day=clock.today(),
            queue_no=f"A{self.count:03d}",
            state=state,
            opened_at=self.at,
            since=self.at,
            **{"kind": "car", "place": float(self.count), "lane_id": 1, **fields},
        )

        def build(unit):
            unit.session.add(row)
            unit.session.flush()
            return row.id

        return db.current().write(build)

    def ended(self, minutes_ago=5.0, seconds=120, state="done", **fields):
        end = self.at - timedelta(minutes=minutes_ago)
        return self.visit(state, called_at=end - timedelta(seconds=seconds), ended_at=end, **fields)

    def turn(self, visit_id):
        with db.reading() as session:
            return office_queue(session, 1, clock.today(), self.at).turn_of(visit_id)


@pytest.fixture
def street(app):
    return Street()


@on_both
def test_wait_estimate_uses_the_last_hour(street):
    waiting = street.visit("waiting")
    assert (street.turn(waiting).ahead, street.turn(waiting).wait) == (0, None)
    for minutes_ago in (5, 15, 25, 35):
        street.ended(minutes_ago)
    street.ended(61)
    assert street.turn(waiting).wait is None
    street.ended(59, state="no_show")
    assert street.turn(waiting).wait == (0, 2)
    assert street.turn(street.visit("waiting")).ahead == 1


def test_vehicle_that_left_without_a_call_is_not_timed(street):
    waiting = street.visit("waiting")
    for _ in range(5):
        street.visit("left", ended_at=street.at)
    assert street.turn(waiting).wait is None


def test_vehicle_served_without_a_call_is_timed(street):
    waiting = street.visit("waiting")
    for _ in range(5):
        street.visit("done", served_at=street.at - timedelta(minutes=4), ended_at=street.at)
    assert street.turn(waiting).wait == (0, 4)


def test_idle_window_does_not_shorten_the_wait(street):
    waiting = [street.visit("waiting") for _ in range(3)][-1]
    for _ in range(5):
        street.ended(12)
    assert street.turn(waiting).wait is None
    street.visit("serving", lane_id=1)
    assert street.turn(waiting).wait == (4, 6)
    street.visit("called", lane_id=1, window=2)
    assert street.turn(waiting).wait == (2, 4)
    with db.current().writer.begin() as conn:
        conn.execute(update(Lane).where(Lane.id == 1).values(is_open=False))
    assert street.turn(waiting).wait is None


def test_priority_moves_the_other_vehicles_back(street):
    first, second = street.visit("waiting"), street.visit("waiting")
    special = street.visit("waiting", priority="elderly")
    assert [street.turn(visit).ahead for visit in (special, first, second)] == [0, 1, 2]


def test_another_site_has_a_separate_queue_and_pace(street):
    def settle(unit):
        unit.session.add(Lane(office_id=1, number=9, site="Mal Contoh", kind="mixed"))

    db.current().write(settle)
    here, there = street.visit("waiting"), street.visit("waiting", site="Mal Contoh")
    for _ in range(5):
        street.ended()
    assert street.turn(here).wait == (0, 2)
    assert street.turn(there) and street.turn(there).ahead == 0 and street.turn(there).wait is None


def test_motorcycles_are_timed_at_lanes_for_motorcycles(street):
    with db.current().writer.begin() as conn:
        conn.execute(update(Lane).where(Lane.id == 1).values(kind="car"))
        conn.execute(update(Lane).where(Lane.id == 2).values(kind="motorcycle"))
    car, motorcycle = street.visit("waiting"), street.visit("waiting", kind="motorcycle")
    for _ in range(5):
        street.ended(seconds=240)
        street.ended(seconds=60, kind="motorcycle", lane_id=2)
    assert street.turn(car).wait == (0, 4)
    assert street.turn(motorcycle).ahead == 0
    assert street.turn(motorcycle).wait == (0, 1)


def test_place_is_exact_while_all_lanes_are_closed(street):
    first, second = street.visit("waiting"), street.visit("waiting", kind="motorcycle")
    with db.current().writer.begin() as conn:
        conn.execute(update(Lane).values(is_open=False))
    assert [street.turn(visit).ahead for visit in (first, second)] == [0, 1]
    with db.current().writer.begin() as conn:
        conn.execute(delete(Lane).where(Lane.id == 2))
    assert street.turn(second).ahead == 1


def test_visit_that_does_not_wait_has_no_turn(street):
    assert street.turn(street.visit("called")) is None
    assert street.turn(999) is None
