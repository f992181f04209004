"""The order of the queue: priority, returns, calls out of turn. Every change has a row with its author and reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.visits.models import OrderChange, Visit
from ampera.visits.queue.order import _place_after
from tests import builders
from tests.conftest import on_both
from tests.handovers.steps import scan
from tests.visits import steps


@pytest.fixture
def officer(api):
    return api("officer")


def changes():
    """(number, kind, reason, passed) of every logged change. Every row must name its author."""
    with db.reading() as session:
        rows = session.scalars(select(OrderChange).order_by(OrderChange.id)).all()
        assert all(row.staff_id and row.at for row in rows)
        return [(row.queue_no, row.kind, row.reason, row.ahead) for row in rows]


def test_vehicles_are_called_in_order_of_arrival(officer):
    for n in range(1, 4):
        steps.vehicle(officer, n)
    assert steps.called_numbers(officer) == ["A001", "A002", "A003"] and changes() == []


def test_vehicle_with_priority_goes_first_with_a_priority_number(officer):
    for n in (1, 2):
        steps.vehicle(officer, n)
    first = steps.vehicle(officer, 3, priority="elderly")
    second = steps.vehicle(officer, 4, priority="pregnant", kind="motorcycle")
    assert [first["queue_no"], second["queue_no"]] == ["P001", "P002"]
    assert steps.called_numbers(officer) == ["P001", "P002", "A001", "A002"]
    assert changes() == [("P001", "priority", "elderly", 2), ("P002", "priority", "pregnant", 2)]


@on_both
def test_priority_given_later_changes_number_and_place_and_can_be_removed(officer):
    steps.vehicle(officer, 1)
    visit = steps.vehicle(officer, 2)
    raised = steps.moved(officer, visit, "priority", reason="disabled")
    assert (raised["queue_no"], raised["priority"]) == ("P001", "disabled")
    lowered = steps.moved(officer, visit, "priority", reason=None)
    assert (lowered["queue_no"], lowered["priority"]) == ("A003", None)
    assert steps.called_numbers(officer) == ["A001", "A003"]
    assert changes() == [("P001", "priority", "disabled", 1), ("A003", "ordinary", "not_given", -1)]
    assert steps.move(officer, steps.vehicle(officer, 3), "priority", reason="rich").status_code == 422


@on_both
def test_call_out_of_turn_is_logged_with_a_reason(officer):
    visits = [steps.vehicle(officer, n) for n in range(1, 4)]
    steps.moved(officer, visits[2], "call", reason="books_ready")
    steps.moved(officer, visits[0], "call")
    steps.moved(officer, visits[1], "serve")
    assert changes() == [("A003", "called", "books_ready", 2)]
    steps.vehicle(officer, 4)
    steps.moved(officer, steps.vehicle(officer, 5), "serve")
    assert changes()[1:] == [("A005", "served", "not_given", 1)]


def test_service_out_of_turn_is_logged_with_a_reason_and_undone(officer):
    first, second = (steps.vehicle(officer, n) for n in (1, 2))
    steps.moved(officer, second, "serve", reason="at_window")
    assert changes() == [("A002", "served", "at_window", 1)]
    assert steps.moved(officer, second, "undo")["state"] == "waiting"
    assert changes()[1:] == [("A002", "undone", "serve", 0)]
    steps.moved(officer, steps.moved(officer, first, "serve"), "undo")
    assert len(changes()) == 2


@on_both
def test_verdict_names_the_vehicles_that_the_lane_calls_before(officer):
    steps.lane(2, kind="motorcycle")
    _, code = builders.ready(1)
    first = scan(officer, code).get_json()
    assert (first["facts"]["ahead"], first["facts"]["ahead_nos"]) == (0, [])
    for n in (2, 3, 4):
        steps.vehicle(officer, n)
    steps.vehicle(officer, 5, lane=2)
    _, code = builders.ready(6)
    last = scan(officer, code).get_json()
    assert (last["facts"]["ahead"], last["facts"]["ahead_nos"]) == (5, ["A001", "A002", "A003"])
    _, code = builders.ready(7)
    urgent = scan(officer, code, priority="elderly").get_json()
    assert urgent["facts"]["ahead"] == 0
    officer.post("/api/v1/lanes/2/next")
    steps.moved(officer, first["visit"], "serve")
    now = officer.get(f"/api/v1/scans/{last['scan_id']}/validity").get_json()
    assert (now["facts"]["ahead"], now["facts"]["ahead_nos"]) == (4, ["P001", "A002", "A003"])
    steps.moved(officer, last["visit"], "call", reason="urgent")
    assert "ahead" not in officer.get(f"/api/v1/scans/{last['scan_id']}/validity").get_json()["facts"]


def test_only_vehicles_that_compete_for_the_lane_are_overtaken(officer):
    steps.lane(1, kind="car")
    steps.lane(2, kind="motorcycle")
    steps.vehicle(officer, 1)
    motorcycle = steps.vehicle(officer, 2, lane=2)
    assert motorcycle["queue_no"] == "B001" and motorcycle["kind"] == "motorcycle"
    assert officer.post("/api/v1/lanes/2/next").get_json()["queue_no"] == "B001"
    assert officer.post("/api/v1/lanes/2/next").status_code == 404
    assert changes() == []


def test_site_calls_only_vehicles_of_that_site(officer):
    steps.lane(2, site="Mal Contoh")
    here, there = steps.vehicle(officer, 1), steps.vehicle(officer, 2, lane=2)
    assert (here["site"], there["site"]) == ("", "Mal Contoh")
    assert steps.called_numbers(officer, lane=2) == ["A002"] and steps.called_numbers(officer) == ["A001"]


@pytest.mark.parametrize(
    ("others", "order"), [(0, ["A003", "A004", "A005", "A001"]), (2, ["A003", "A004", "A001", "A005"])]
)
def test_returning_vehicle_comes_back_at_the_place_of_the_office_option(officer, others, order):
    steps.option("no_show_after", others)
    _, code = builders.ready(1)
    visit = scan(officer, code).get_json()["visit"]
    steps.moved(officer, visit, "call")
    steps.moved(officer, steps.vehicle(officer, 2), "call")
    steps.moved(officer, visit, "no-show")
    for n in (3, 4, 5):
        steps.vehicle(officer, n)
    answer = scan(officer, code, lane=2).get_json()
    assert (answer["verdict"], answer["visit"]["queue_no"], answer["visit"]["state"]) == ("ok", "A001", "waiting")
    assert changes()[-1] == ("A001", "returned", "no_show", 0)
    assert steps.called_numbers(officer) == order


@on_both
def test_repeated_returns_stay_at_the_end(officer):
    visits = [steps.vehicle(officer, n) for n in (1, 2, 3)]
    for visit in (visits[0], visits[1], visits[0]):
        steps.moved(officer, visit, "call", reason="urgent")
        steps.moved(officer, visit, "no-show")
        steps.moved(officer, visit, "return")
    steps.vehicle(officer, 4)
    assert steps.called_numbers(officer) == ["A003", "A002", "A001", "A004"]


def test_vehicle_whose_books_moved_to_another_cannot_return(officer):
    _, code = builders.ready(1)
    visit = scan(officer, code).get_json()["visit"]
    steps.moved(officer, visit, "leave")
    assert scan(officer, code).get_json()["visit"]["queue_no"] == "A002"
    answer = steps.move(officer, visit, "return")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "pickup_elsewhere")


def test_place_after_is_between_or_behind_the_others():
    assert _place_after([], 0, 7) == 7.5
    assert _place_after([3, 5.5], 0, 7) == 7.5
    assert _place_after([3, 7.5], 0, 7) == 7.75
    assert _place_after([3, 5, 9], 2, 9) == 7
    assert _place_after([3, 5], 2, 9) == 9.5


def test_recalls_are_limited_and_need_a_pause(officer):
    visit = steps.moved(officer, steps.vehicle(officer, 1), "call")
    soon = steps.move(officer, visit, "recall")
    assert (soon.status_code, soon.get_json()["error"]["code"]) == (409, "call_too_soon")
    assert 0 < soon.get_json()["error"]["wait_s"] <= 10
    for minutes, status in ((1, 200), (2, 200), (3, 409)):
        with clock.shift(timedelta(minutes=minutes)):
            answer = steps.move(officer, visit, "recall")
        assert answer.status_code == status
    assert answer.get_json()["error"]["code"] == "too_many_calls"


def test_transfer_calls_the_vehicle_at_another_lane(officer, api):
    visit = steps.moved(officer, steps.vehicle(officer, 1), "serve")
    handed = steps.moved(officer, visit, "transfer", lane=2, reason="jalur tutup")
    assert (handed["state"], handed["lane"], handed["claim"]) == ("called", 2, None)
    board = officer.get("/api/v1/boards/PLG").get_json()
    assert [call["lane"] for call in board["announcements"]] == [2]
    assert steps.move(api("officer2"), visit, "serve", lane=2).status_code == 200


def test_transfer_to_a_closed_lane_is_refused(officer, api):
    visit = steps.moved(officer, steps.vehicle(officer, 1), "serve")
    api("supervisor").post("/api/v1/lanes/2/close")
    answer = steps.move(officer, visit, "transfer", lane=2, reason="jalur tutup")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "lane_closed")
    assert officer.get("/api/v1/lanes/1/state").get_json()["open_lanes"] == [1]


@pytest.mark.parametrize("change", [{"kind": "motorcycle"}, {"site": "Mal Contoh"}])
def test_transfer_to_a_lane_that_cannot_take_the_vehicle_is_refused(officer, change):
    visit = steps.moved(officer, steps.vehicle(officer, 1), "serve")
    steps.lane(2, **change)
    answer = steps.move(officer, visit, "transfer", lane=2, reason="jalur tutup")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "unfit_lane")


@on_both
def test_calls_fill_the_windows_of_one_lane_in_order(officer):
    steps.lane(1, windows=2)
    for n in (1, 2, 3):
        steps.vehicle(officer, n)
    first, second = (officer.post("/api/v1/lanes/1/next").get_json() for _ in range(2))
    assert [first["window"], second["window"]] == [1, 2]
    assert officer.post("/api/v1/lanes/1/next", json={"window": 3}).status_code == 422
    lane = officer.get("/api/v1/boards/PLG").get_json()["lanes"][0]
    assert [(visit["queue_no"], visit["window"]) for visit in lane["visits"]] == [("A001", 1), ("A002", 2)]
    assert officer.post("/api/v1/lanes/1/next", json={"window": 2}).get_json()["window"] == 2


def test_plate_is_shown_masked_and_can_be_corrected(officer):
    visit = steps.vehicle(officer, 1, plate="bg1234xx")
    assert visit["plate_masked"] == "BG ••34 ••"
    assert steps.moved(officer, visit, "vehicle", plate="B 9 Z")["plate_masked"] == "B • •"
    assert steps.moved(officer, visit, "vehicle", plate="")["plate_masked"] is None
    assert steps.move(officer, visit, "vehicle", plate="not a plate").get_json()["error"]["code"] == "bad_plate"
    _, code = builders.ready(2)
    assert scan(officer, code, plate="???").status_code == 422
    assert steps.moved(officer, visit, "vehicle", kind="motorcycle")["queue_no"] == "B001"


def test_code_can_be_taken_out_of_a_vehicle(officer):
    first = steps.vehicle(officer, 1)
    _, code = builders.ready(2)
    both = scan(officer, code, visit_id=first["id"]).get_json()["visit"]
    second = both["passports"][1]["pickup_id"]
    left = officer.delete(f"/api/v1/visits/{first['id']}/pickups/{second}").get_json()
    assert [book["pickup_id"] for book in left["passports"]] == [both["passports"][0]["pickup_id"]]
    assert scan(officer, code).get_json()["visit"]["queue_no"] == "A002"
    assert officer.delete(f"/api/v1/visits/{first['id']}/pickups/{second}").status_code == 404
    again = scan(officer, code, visit_id=first["id"]).get_json()["visit"]
    assert again["id"] == first["id"] and len(again["passports"]) == 2
    with db.reading() as session:
        assert session.scalar(select(Visit.state).where(Visit.queue_no == "A002")) == "left"
