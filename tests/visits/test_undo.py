"""Undo: the officer's own last move, for half a minute, puts everything back; a handover is past undoing."""

from datetime import timedelta

import pytest

from ampera import clock
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps as handing
from tests.visits import steps


@pytest.fixture
def officer(api):
    return api("officer")


def card(client, visit):
    (found,) = client.get(f"/api/v1/visits?state={visit['state']}").get_json()["visits"]
    return {name: value for name, value in found.items() if name != "may_undo_until"}


@pytest.mark.parametrize("move", ["call", "serve", "divert", "leave", "priority"])
def test_what_was_done_to_a_waiting_vehicle_is_as_if_it_had_not_been(officer, move):
    visit = steps.vehicle(officer, 1)
    before = card(officer, visit)
    done = steps.moved(officer, visit, move, **({"reason": "elderly"} if move == "priority" else {}))
    assert done["may_undo_until"]
    steps.moved(officer, visit, "undo")
    assert card(officer, before) == before
    assert officer.get("/api/v1/boards/PLG").get_json()["announcements"] == []


@on_both
@pytest.mark.parametrize("move", ["no-show", "divert", "leave", "transfer"])
def test_a_claim_comes_back_with_it(officer, move):
    visit = steps.moved(officer, steps.vehicle(officer, 1), "serve")
    before = card(officer, visit)
    steps.moved(officer, visit, move, **({"lane": 2} if move == "transfer" else {}))
    assert steps.moved(officer, visit, "undo")["claim"]["mine"] is True
    assert card(officer, before) == before


def test_only_the_same_officer_only_for_a_while_only_the_last_move(officer, api):
    visit = steps.vehicle(officer, 1)
    steps.moved(officer, visit, "call")
    assert steps.move(api("officer2"), visit, "undo").get_json()["error"]["code"] == "undo_over"
    with clock.shift(timedelta(seconds=31)):
        assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"
    steps.moved(officer, visit, "undo")
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"


def test_a_handover_is_past_undoing(officer):
    books, code = builders.ready(1, 2)
    visit = handing.serving(officer, code)
    assert (
        officer.post("/api/v1/handovers", json=handing.body(visit["id"], handing.book(books[0], 1))).status_code == 201
    )
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"


def test_what_changed_since_the_move_is_not_taken_back_with_it(officer):
    visit = steps.moved(officer, steps.vehicle(officer, 1), "call")
    _, code = builders.ready(2)
    both = handing.scan(officer, code, visit_id=visit["id"]).get_json()["visit"]
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"
    assert handing.scan(officer, code, lane=2).get_json()["visit"]["id"] == visit["id"]
    steps.moved(officer, visit, "transfer", lane=2)
    assert (
        officer.delete(f"/api/v1/visits/{visit['id']}/pickups/{both['passports'][1]['pickup_id']}").status_code == 200
    )
    assert steps.move(officer, visit, "undo").status_code == 409
    other = steps.moved(officer, steps.vehicle(officer, 3), "priority", reason="elderly")
    assert steps.moved(officer, other, "vehicle", kind="motorcycle")["kind"] == "motorcycle"
    assert steps.move(officer, other, "undo").status_code == 409


def test_who_came_back_by_their_code_is_not_sent_away_by_an_undo(officer):
    _, code = builders.ready(1)
    visit = handing.scan(officer, code).get_json()["visit"]
    steps.moved(officer, visit, "divert")
    assert handing.scan(officer, code, lane=2).get_json()["visit"]["state"] == "waiting"
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"


def test_books_that_went_on_in_another_car_stay_there(officer):
    _, code = builders.ready(1)
    visit = handing.scan(officer, code).get_json()["visit"]
    steps.moved(officer, visit, "leave")
    other = handing.scan(officer, code).get_json()["visit"]
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "pickup_elsewhere"
    assert steps.moved(officer, other, "serve")["passports"]


def test_without_seconds_nothing_can_be_undone(officer):
    steps.option("undo_seconds", 0)
    visit = steps.moved(officer, steps.vehicle(officer, 1), "call")
    assert visit["may_undo_until"] is None
    assert steps.move(officer, visit, "undo").status_code == 409
