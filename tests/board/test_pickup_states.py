"""The state on an applicant's phone beside the plain queue: windows, calls, what ended, and one look for all phones."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ampera import clock, db
from ampera.board.pickup_queries import Street, pickup_state
from ampera.live.snapshot_cache import SnapshotCache
from ampera.offices.models import Lane, Office
from tests import builders
from tests.board.steps import call, link, vehicle
from tests.conftest import on_both
from tests.handovers import steps


@pytest.fixture
def officer(api):
    return api("officer")


@pytest.fixture
def phone(client):
    """`phone(1)` is the state that the page of pickup 1 receives."""
    return lambda pickup_id=1: client.get(f"/api/v1/pickup-state/{link(pickup_id)}").get_json()


def move(officer, visit, name, **body):
    answer = officer.post(f"/api/v1/visits/{visit['id']}/{name}", json=body)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


@on_both
def test_the_window_is_named_only_where_a_lane_has_several(officer, phone):
    visit = vehicle(officer)
    move(officer, visit, "call", lane=2)
    assert (phone()["visit"]["lane"], phone()["visit"]["window"]) == (2, None)
    with db.current().writer.begin() as conn:
        conn.execute(update(Lane).values(windows=3))
    move(officer, visit, "serve", lane=2, window=3)
    assert (phone()["visit"]["lane"], phone()["visit"]["window"]) == (2, 3)


def test_each_call_has_another_number_and_an_undone_one_is_gone(officer, phone):
    visit = vehicle(officer)
    assert phone()["visit"]["call"] is None
    call(officer, visit)
    first = phone()["visit"]["call"]
    with clock.shift(timedelta(seconds=25)):
        move(officer, visit, "recall", lane=1)
        assert phone()["visit"]["call"] > first
    other = vehicle(officer, 5)
    call(officer, other, 2)
    undone = phone(2)["visit"]["call"]
    move(officer, other, "undo")
    assert (phone(2)["visit"]["state"], phone(2)["visit"]["call"]) == ("waiting", None)
    call(officer, other, 2)
    assert phone(2)["visit"]["call"] > undone


@pytest.mark.parametrize(("name", "state"), [("no-show", "no_show"), ("divert", "diverted")])
def test_ended_visit_is_shown_until_the_code_is_scanned_again(officer, phone, name, state):
    _, code = builders.ready(1)
    visit = steps.scan(officer, code).get_json()["visit"]
    call(officer, visit)
    move(officer, visit, name, reason="foto diragukan")
    assert phone()["visit"] == {
        "queue_no": "A001",
        "state": state,
        "parked": False,
        "lane": None,
        "window": None,
        "call": None,
        "position": None,
        "wait": None,
    }
    assert "foto" not in str(phone())
    steps.scan(officer, code)
    assert phone()["visit"]["state"] == "waiting"


def test_yesterdays_vehicle_is_no_news(officer, phone):
    visit = vehicle(officer)
    call(officer, visit)
    move(officer, visit, "no-show")
    with clock.shift(timedelta(days=1)):
        assert phone()["visit"] is None


def test_pickup_taken_out_of_a_vehicle_no_longer_sees_the_visit(officer, phone):
    visit = vehicle(officer)
    _, second = builders.ready(5)
    steps.scan(officer, second, visit_id=visit["id"])
    assert phone(2)["visit"]["queue_no"] == "A001"
    assert officer.delete(f"/api/v1/visits/{visit['id']}/pickups/2").status_code == 200
    call(officer, visit)
    move(officer, visit, "no-show")
    assert (phone(1)["visit"]["state"], phone(2)["visit"]) == ("no_show", None)


def test_phone_state_includes_the_admission(app, phone):
    builders.ready(1)
    assert phone()["line"]["open"] is True
    with db.current().writer.begin() as conn:
        conn.execute(update(Office).values(options={"closed_by_hand": {"since": "2026-01-01T00:00:00Z"}}, revision=9))
    assert phone()["line"] == {"open": False, "reason": "by_hand", "opens_at": None, "until": None}


def test_phones_of_one_moment_share_one_read(officer):
    vehicle(officer)
    streets: SnapshotCache[Street] = SnapshotCache()
    with db.reading() as session:
        assert pickup_state(session, 1, streets)["visit"]["position"] == 1
        kept = dict(streets.newest)
        pickup_state(session, 1, streets)
        assert streets.newest == kept
    vehicle(officer, 2)
    with db.reading() as session:
        assert pickup_state(session, 2, streets)["visit"]["position"] == 2
