"""A separate gate sends each vehicle to the line with the shortest wait, and a lane calls its own line first."""

import pytest

from ampera.visits.queue.wait_estimate import Line, by_wait
from tests import builders
from tests.board.steps import link
from tests.conftest import on_both
from tests.handovers.steps import scan
from tests.visits import steps
from tests.visits.test_order import changes


@pytest.fixture
def officer(api):
    steps.option("separate_gate", True)
    return api("officer")


def sent(client, n, **more):
    """The scan of the book `n` at the gate, which is a tablet of lane 1."""
    _, code = builders.ready(n)
    return scan(client, code, **more).get_json()


def lanes_of(client, *books):
    return [sent(client, n)["visit"]["lane"] for n in books]


def test_lines_are_ordered_by_vehicles_for_each_window():
    lines = [Line(1, 1, "mixed", 1, 2), Line(2, 2, "mixed", 2, 3), Line(3, 3, "car", 1, 2), Line(4, 4, "car", 1, 2)]
    assert [line.lane for line in by_wait(lines)] == [2, 3, 4, 1]


@on_both
def test_each_vehicle_is_sent_to_the_line_with_the_fewest_vehicles(officer):
    assert lanes_of(officer, 1, 2, 3) == [1, 2, 1]
    officer.post("/api/v1/lanes/1/next")
    answer = sent(officer, 4)
    assert answer["visit"]["lane"] == 2 and answer["facts"]["lanes"] == [1, 2]
    assert answer["facts"]["waits"] == [{"lane": 2, "ahead": 1}, {"lane": 1, "ahead": 2}]
    assert officer.get("/api/v1/lanes/2/state").get_json()["waiting"][1]["queue_no"] == answer["visit"]["queue_no"]


def test_served_vehicles_are_before_a_new_one_and_parked_ones_are_not(officer):
    served = sent(officer, 1)["visit"]
    steps.moved(officer, served, "serve", lane=1)
    assert sent(officer, 2)["facts"]["waits"] == [{"lane": 2, "ahead": 0}, {"lane": 1, "ahead": 1}]
    steps.moved(officer, served, "park")
    assert sent(officer, 3)["facts"]["waits"] == [{"lane": 1, "ahead": 0}, {"lane": 2, "ahead": 1}]


def test_priority_vehicle_counts_only_vehicles_before_the_own_place(officer):
    lanes_of(officer, 1, 2, 3)
    assert sent(officer, 4, priority="elderly")["facts"]["waits"] == [{"lane": 1, "ahead": 0}, {"lane": 2, "ahead": 0}]


def test_closed_lanes_other_sites_and_other_kinds_are_no_choice(officer):
    steps.lane(1, kind="motorcycle")
    answer = sent(officer, 1, kind="car")
    assert answer["facts"]["lanes"] == [2] and answer["visit"]["lane"] == 2
    steps.lane(2, site="Mal Contoh")
    assert sent(officer, 2, kind="car")["facts"] == {"books": 1, "lanes": [], "ahead": 0, "ahead_nos": []}
    steps.lane(2, site="", is_open=False)
    assert sent(officer, 3, kind="car")["facts"]["lanes"] == []


def test_vehicle_scanned_twice_keeps_the_line(officer):
    lanes_of(officer, 1, 2)
    _, code = builders.ready(3)
    assert [scan(officer, code).get_json()["visit"]["lane"] for _ in range(2)] == [1, 1]
    steps.lane(1, is_open=False)
    assert scan(officer, code, lane=2).get_json()["visit"]["lane"] == 2


@on_both
def test_lane_calls_the_own_line_first_and_then_other_lines(officer):
    assert lanes_of(officer, 1, 2, 3, 4) == [1, 2, 1, 2]
    assert [row["ahead_of_turn"] for row in officer.get("/api/v1/lanes/2/state").get_json()["waiting"]] == [0, 1, 2, 3]
    assert steps.called_numbers(officer, lane=2) == ["A002", "A004", "A001", "A003"]
    assert changes() == []


@on_both
def test_officer_sends_a_waiting_vehicle_to_another_line_and_undoes_that(officer):
    visit = sent(officer, 1)["visit"]
    assert steps.moved(officer, visit, "direct", lane=2)["lane"] == 2
    assert steps.moved(officer, visit, "undo")["lane"] == 1
    steps.lane(2, is_open=False)
    assert steps.move(officer, visit, "direct", lane=2).get_json()["error"]["code"] == "lane_closed"
    steps.lane(2, is_open=True, kind="motorcycle")
    assert steps.move(officer, visit, "direct", lane=2).get_json()["error"]["code"] == "unfit_lane"
    steps.moved(officer, visit, "call")
    assert steps.move(officer, visit, "direct", lane=1).get_json()["error"]["code"] == "wrong_state"


def test_service_before_the_own_line_is_out_of_turn(officer):
    lanes_of(officer, 1, 2)
    last = sent(officer, 3)["visit"]
    steps.moved(officer, last, "serve", lane=1)
    assert changes() == [("A003", "served", "not_given", 1)]


def test_place_of_an_applicant_counts_the_own_line(officer, client):
    lanes_of(officer, 1, 2, 3, 4)
    places = [client.get(f"/api/v1/pickup-state/{link(n)}").get_json()["visit"]["position"] for n in (1, 2, 3, 4)]
    assert places == [1, 1, 2, 2]


def test_vehicles_of_a_common_queue_are_sent_nowhere(officer):
    steps.option("common_queue", True)
    answer = sent(officer, 1)
    assert answer["facts"]["lanes"] == [1, 2] and "waits" not in answer["facts"]
    sent(officer, 2)
    assert steps.called_numbers(officer, lane=2) == ["A001", "A002"]
