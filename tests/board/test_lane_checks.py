"""The opening check of a lane: a test on its screens that is no call, and results that supervisors see."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.board import pace_queries, queries
from ampera.board.lane_checks.schemas import PARTS
from ampera.board.lane_checks.views import TEST_CODE
from ampera.pickups.codes import is_mistyped, recognise
from tests import builders
from tests.board import steps
from tests.conftest import on_both
from tests.handovers import steps as counter

AFTER = timedelta(seconds=21)


@pytest.fixture
def officer(app):
    return builders.signed_in(app, "officer")


def lanes_tested(lane_id=None):
    """The numbers of the lanes whose screens show a test."""
    with db.reading() as session:
        return [lane["number"] for lane in queries.screen_state(session, 1, lane_id)["lanes"] if lane["test"]]


def test_code_of_the_check_is_no_code(officer):
    assert recognise(TEST_CODE) is None
    assert not is_mistyped(TEST_CODE)
    answer = counter.scan(officer, TEST_CODE).get_json()
    assert (answer["verdict"], answer["visit"]) == ("malformed", None)


def test_screen_test_shows_on_the_lane_and_ends_without_an_act(officer):
    answer = officer.post("/api/v1/lanes/2/screen-test")
    assert answer.status_code == 200, answer.get_json()
    assert lanes_tested() == [2]
    with db.reading() as session:
        assert queries.screen_state(session, 1)["revision"] == answer.get_json()["revision"]
        assert 0 < queries.seconds_until_change(session, 1) <= 20
    with clock.shift(AFTER):
        assert lanes_tested() == []


@on_both
def test_screen_tests_of_two_lanes_run_side_by_side(officer):
    officer.post("/api/v1/lanes/1/screen-test")
    with clock.shift(AFTER / 2):
        officer.post("/api/v1/lanes/2/screen-test")
        assert lanes_tested() == [1, 2]
    with clock.shift(AFTER):
        assert lanes_tested() == [2]


def test_screen_test_never_covers_a_vehicle(officer):
    steps.call(officer, steps.vehicle(officer, 1))
    answer = officer.post("/api/v1/lanes/1/screen-test")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "lane_in_use")
    assert lanes_tested() == []


def test_call_ends_a_screen_test(officer):
    visit = steps.vehicle(officer, 1)
    officer.post("/api/v1/lanes/1/screen-test")
    steps.call(officer, visit)
    assert lanes_tested() == []


def test_screen_test_is_no_announcement(officer):
    officer.post("/api/v1/lanes/1/screen-test")
    with db.reading() as session:
        state = queries.screen_state(session, 1)
    assert (state["announcements"], state["standing"]) == ([], [])


def test_screen_test_reaches_an_enrolled_screen(listen, officer):
    screen = listen("/board", token=steps.display(lane=1))
    officer.post("/api/v1/lanes/1/screen-test")
    assert screen.newest(when=lambda state: state["lanes"][0]["test"])["lanes"][0]["visit"] is None


def test_unknown_lane_is_not_tested(officer):
    assert officer.post("/api/v1/lanes/9/screen-test").status_code == 404
    results = {"results": dict.fromkeys(PARTS, "works")}
    assert officer.post("/api/v1/lanes/9/checks", json=results).status_code == 404


def test_result_of_a_check_is_in_the_history_and_on_the_page_of_supervisors(officer):
    results = {**dict.fromkeys(PARTS, "works"), "camera": "failed", "printer": "unused", "scanner": "untried"}
    answer = officer.post("/api/v1/lanes/1/checks", json={"results": results})
    assert answer.status_code == 200, answer.get_json()
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "lane.checked")).one()
        first, second = pace_queries.pace_state(session, 1)["lanes"]
    assert json.loads(entry.details) == {"lane": 1, "results": results}
    assert first["check"] == answer.get_json()
    assert (first["check"]["failed"], first["check"]["untried"], second["check"]) == (["camera"], ["scanner"], None)


@on_both
def test_newest_check_of_today_counts(app, officer):
    for result in ("failed", "works"):
        officer.post("/api/v1/lanes/1/checks", json={"results": dict.fromkeys(PARTS, result)})
    with db.reading() as session:
        assert pace_queries.pace_state(session, 1)["lanes"][0]["check"]["failed"] == []
    with clock.shift(timedelta(days=1)), db.reading() as session:
        assert pace_queries.pace_state(session, 1)["lanes"][0]["check"] is None


@pytest.mark.parametrize("results", [{}, {"camera": "works"}, dict.fromkeys(PARTS, "maybe")])
def test_check_without_one_result_for_each_part_is_refused(officer, results):
    assert officer.post("/api/v1/lanes/1/checks", json={"results": results}).status_code == 422
