"""Bookings at the lane: order of the queue, tolerance, quota, and offices that require a booking."""

from datetime import timedelta

import pytest

from ampera import clock, db
from ampera.board.desk_queries import desk_state
from ampera.visits import admission_queries
from tests import builders
from tests.bookings import steps
from tests.bookings.steps import MONDAY, at, book, booking, local, pickup_of
from tests.conftest import on_both
from tests.handovers.steps import scan
from tests.statements import executed
from tests.visits.steps import called_numbers, move, moved, option

COMING, JSON = {"kind": "leaving"}, {"Accept": "application/json"}


@pytest.fixture
def officer(api):
    with at("07:00"):
        steps.opens(slot_early_minutes=15, slot_late_minutes=15)
    return api("officer")


def code_of(n, clock_time=None, kind="car"):
    """The code of a new pickup, with a booking of this slot when `clock_time` is given."""
    with at("07:00"):
        (book_id,), code = steps.ready(n)
        if clock_time:
            assert book(pickup_of(book_id), clock_time, kind) == local(clock_time)
    return code


def family_code(*numbers):
    with at("07:00"):
        return builders.ready(*numbers, issued_on=MONDAY)[1]


def arrive(officer, code, clock_time, **more):
    with at(clock_time):
        return scan(officer, code, 1, **more).get_json()


def pickup_id(answer):
    return answer["pickup_id"]


@on_both
def test_queue_order_is_priority_then_booked_then_walk_in(officer):
    walk_in, booked, later = code_of(1), code_of(2, "10:00"), code_of(3, "10:15")
    first = code_of(4)
    arrive(officer, walk_in, "10:01")
    arrive(officer, later, "10:02")
    arrive(officer, booked, "10:03")
    arrive(officer, first, "10:04", priority="elderly")
    with at("10:05"):
        assert called_numbers(officer) == ["P001", "A002", "A003", "A001"]


def test_visit_card_and_queue_show_the_slot(officer):
    answer = arrive(officer, code_of(1, "10:00"), "09:50")
    assert answer["visit"]["booked_for"] == clock.iso(local("10:00"))
    with at("09:51"):
        (waiting,) = officer.get("/api/v1/lanes/1/state").get_json()["waiting"]
    assert waiting["booked_for"] == clock.iso(local("10:00"))
    assert arrive(officer, code_of(2), "09:52")["visit"]["booked_for"] is None


@pytest.mark.parametrize(
    ("clock_time", "counts"), [("09:44", False), ("09:45", True), ("10:30", True), ("10:31", False)]
)
def test_booking_is_valid_within_the_tolerance(officer, clock_time, counts):
    visit = arrive(officer, code_of(1, "10:00"), clock_time)["visit"]
    assert (visit["booked_for"] is not None) is counts


def test_used_booking_records_the_time_of_use(officer):
    answer = arrive(officer, code_of(1, "10:00"), "10:05")
    assert booking(pickup_id(answer)).used_at == local("10:05")


def test_early_vehicle_returns_the_place(officer):
    answer = arrive(officer, code_of(1, "11:00"), "09:00")
    assert answer["verdict"] == "ok"
    assert booking(pickup_id(answer)) is None and steps.counts() == {}


def test_late_vehicle_waits_like_a_walk_in(officer):
    walk_in, late = code_of(1), code_of(2, "08:00")
    arrive(officer, walk_in, "10:00")
    answer = arrive(officer, late, "10:01")
    assert answer["verdict"] == "ok" and booking(pickup_id(answer)).used_at is None
    with at("10:02"):
        assert called_numbers(officer) == ["A001", "A002"]


def test_booked_code_that_joins_a_waiting_car_makes_the_car_booked(officer):
    walk_in, other, booked = code_of(1), code_of(2), code_of(3, "10:00")
    arrive(officer, walk_in, "10:00")
    car = arrive(officer, other, "10:01")["visit"]
    joined = arrive(officer, booked, "10:02", visit_id=car["id"])["visit"]
    assert joined["booked_for"] == clock.iso(local("10:00"))
    with at("10:03"):
        assert called_numbers(officer) == ["A002", "A001"]


def test_vehicle_keeps_the_slot_when_priority_ends(officer):
    walk_in, booked = code_of(1), code_of(2, "10:00")
    arrive(officer, walk_in, "10:00")
    visit = arrive(officer, booked, "10:01")["visit"]
    with at("10:02"):
        moved(officer, visit, "priority", reason="elderly")
        moved(officer, visit, "priority", reason=None)
        assert called_numbers(officer) == ["A003", "A001"]


@pytest.mark.parametrize(("clock_time", "order"), [("10:20", ["A002", "A003"]), ("10:40", ["A003", "A002"])])
def test_returning_vehicle_is_booked_while_the_slot_lasts(officer, clock_time, order):
    first, booked, walk_in = code_of(1), code_of(2, "10:00"), code_of(3)
    arrive(officer, first, "10:00")
    visit = arrive(officer, booked, "10:01")["visit"]
    arrive(officer, walk_in, "10:02")
    with at("10:03"):
        assert officer.post("/api/v1/lanes/1/next").get_json()["id"] == visit["id"]
        moved(officer, visit, "no-show")
        assert officer.post("/api/v1/lanes/1/next").get_json()["queue_no"] == "A001"
    with at(clock_time):
        moved(officer, visit, "return")
        assert called_numbers(officer) == order


def test_undoing_a_return_restores_the_slot(officer):
    visit = arrive(officer, code_of(1, "10:00"), "10:01")["visit"]
    with at("10:02"):
        moved(officer, visit, "call")
        moved(officer, visit, "no-show")
    with at("11:00"):
        assert moved(officer, visit, "return")["booked_for"] is None
        assert moved(officer, visit, "undo")["booked_for"] == clock.iso(local("10:00"))


def test_call_of_a_booked_vehicle_before_walk_ins_is_in_order(officer):
    arrive(officer, code_of(1), "10:00")
    visit = arrive(officer, code_of(2, "10:00"), "10:01")["visit"]
    with at("10:02"):
        assert move(officer, visit, "call").status_code == 200
        assert officer.get("/api/v1/lanes/1/state").get_json()["waiting"][0]["ahead_of_turn"] == 0


@on_both
def test_walk_ins_cannot_take_places_kept_for_bookings(officer):
    with at("07:00"):
        option("day_quota", 3)
        option("booked_share", 70)
    booked, own = code_of(1, "10:00"), code_of(5, "13:00")
    assert arrive(officer, code_of(2), "09:00")["verdict"] == "ok"
    full = arrive(officer, code_of(3), "09:01")
    assert (full["verdict"], full["facts"]["reason"], full["facts"]["kept"]) == ("closed", "quota", "2")
    assert "jadwal" in full["advice"]
    assert arrive(officer, booked, "10:05")["verdict"] == "ok"
    assert arrive(officer, own, "10:06")["verdict"] == "ok"
    assert arrive(officer, code_of(4), "10:07")["verdict"] == "closed"


def test_booked_vehicle_is_admitted_when_the_quota_is_used_up(officer):
    with at("07:00"):
        option("day_quota", 2)
    booked = code_of(1, "10:00")
    with at("07:00"):
        option("slots", False)
    for n in (2, 3):
        assert arrive(officer, code_of(n), "09:00")["verdict"] == "ok"
    with at("07:00"):
        option("slots", True)
    assert arrive(officer, booked, "10:00")["verdict"] == "ok"


def test_unused_place_is_free_after_the_tolerance(officer):
    with at("07:00"):
        option("day_quota", 2)
    code_of(1, "08:00")
    assert arrive(officer, code_of(2), "08:01")["verdict"] == "ok"
    assert arrive(officer, code_of(3), "08:30")["verdict"] == "closed"
    assert arrive(officer, code_of(4), "08:31")["verdict"] == "ok"


def test_full_day_is_open_on_the_page_of_a_booked_pickup(officer, app):
    with at("07:00"):
        option("day_quota", 2)
        option("booked_share", 100)
        booked, other = steps.pickup(1), steps.pickup(2)
        book(booked, "10:00"), book(other, "10:15")
        late = steps.pickup(3)
    with at("09:00"):
        phones = [app.test_client().get(f"/api/v1/pickup-state/{steps.link_of(pickup)}") for pickup in (booked, late)]
        answers = [
            app.test_client().post(f"/p/{steps.link_of(pickup)}/arrival", data=COMING, headers=JSON)
            for pickup in (booked, late)
        ]
    assert [phone.get_json()["line"]["open"] for phone in phones] == [True, False]
    assert [answer.status_code for answer in answers] == [204, 409]


def test_lane_state_shows_a_full_quota_to_walk_ins(officer):
    with at("07:00"):
        option("day_quota", 2)
        option("booked_share", 100)
    code_of(1, "10:00"), code_of(2, "10:00")
    with at("09:00"):
        assert officer.get("/api/v1/lanes/1/state").get_json()["line"]["reason"] == "quota"


def test_office_can_require_a_booking_of_every_vehicle(officer):
    with at("07:00"):
        option("slots_required", True)
    booked, other, later = code_of(1, "10:00"), code_of(2), code_of(3, "11:30")
    assert arrive(officer, booked, "10:00")["verdict"] == "ok"
    refused = arrive(officer, other, "10:01")
    assert (refused["verdict"], refused["tone"], refused["facts"]["reason"]) == ("closed", "wait", "slot")
    assert "memesan" in refused["advice"] and refused["texts"]["en"]["advice"]
    early = arrive(officer, later, "10:02")
    assert early["facts"]["booked_for"] == clock.iso(local("11:30")) and "11.30" in early["advice"]
    assert booking(pickup_id(early)) is not None
    assert arrive(officer, other, "10:03", priority="elderly")["verdict"] == "ok"


def test_second_code_of_a_car_needs_no_booking(officer):
    with at("07:00"):
        option("slots_required", True)
    car = arrive(officer, code_of(1, "10:00"), "10:00")["visit"]
    assert arrive(officer, code_of(2), "10:01", visit_id=car["id"])["verdict"] == "ok"


def test_scan_outside_the_hours_is_refused_because_of_the_hours(officer):
    with at("07:00"):
        option("slots_required", True)
    assert arrive(officer, code_of(1), "12:30")["facts"]["reason"] == "hours"


def test_scan_reads_bookings_only_in_an_office_with_slots(officer, app):
    with at("07:00"):
        option("slots", False)
    writer, code = app.extensions["ampera.db"].writer, code_of(1)
    with executed(writer) as seen:
        arrive(officer, code, "10:00")
    assert not [statement for statement in seen if "bookings" in statement]
    with at("07:00"):
        option("slots", True)
    code = code_of(2)
    with executed(writer) as seen:
        arrive(officer, code, "10:00")
    assert len([statement for statement in seen if "bookings" in statement]) == 1


def test_pick_list_includes_bookings_of_slots_that_begin_soon(officer):
    code = code_of(1, "10:00")
    code_of(2, "11:00")

    def listed(clock_time):
        with at(clock_time), db.reading() as session:
            return [(pick["arrival"], pick["booked_for"]) for pick in desk_state(session, 1)["picks"]]

    assert listed("09:29") == []
    assert listed("09:30") == [("booked", clock.iso(local("10:00")))]
    arrive(officer, code, "09:50")
    assert listed("09:51") == [(None, clock.iso(local("10:00")))]


def test_pick_list_shows_an_arrival_with_a_booking_once(officer, app):
    (book_id,), _ = steps.ready(1)
    pickup = pickup_of(book_id)
    with at("07:00"):
        book(pickup, "10:00")
    with at("09:40"):
        app.test_client().post(f"/p/{steps.link_of(pickup)}/arrival", data={"kind": "leaving"})
        with db.reading() as session:
            picks = desk_state(session, 1)["picks"]
    assert [(pick["arrival"], pick["booked_for"]) for pick in picks] == [("leaving", clock.iso(local("10:00")))]


def test_booking_keeps_a_place_only_on_the_booked_day(officer):
    with at("07:00"):
        (first,), _ = steps.ready(1)
        book(pickup_of(first), "10:00", day=MONDAY + timedelta(days=1))
        with db.reading() as session:
            conn, now = session.connection(), clock.now()
            assert admission_queries.places_kept(conn, 1, {"slots": True}, MONDAY, now) == 0
            assert admission_queries.places_kept(conn, 1, {"slots": True}, MONDAY + timedelta(days=1), now) == 1
