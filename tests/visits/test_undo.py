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
def test_undo_restores_a_waiting_vehicle(officer, move):
    visit = steps.vehicle(officer, 1)
    before = card(officer, visit)
    done = steps.moved(officer, visit, move, **({"reason": "elderly"} if move == "priority" else {}))
    assert done["may_undo_until"]
    steps.moved(officer, visit, "undo")
    assert card(officer, before) == before
    assert officer.get("/api/v1/boards/PLG").get_json()["announcements"] == []


@on_both
@pytest.mark.parametrize("move", ["no-show", "divert", "leave", "transfer"])
def test_undo_restores_the_claim(officer, move):
    visit = steps.moved(officer, steps.vehicle(officer, 1), "serve")
    before = card(officer, visit)
    steps.moved(officer, visit, move, **({"lane": 2} if move == "transfer" else {}))
    assert steps.moved(officer, visit, "undo")["claim"]["mine"] is True
    assert card(officer, before) == before


def test_undo_needs_the_same_officer_the_last_move_and_a_short_time(officer, api):
    visit = steps.vehicle(officer, 1)
    steps.moved(officer, visit, "call")
    assert steps.move(api("officer2"), visit, "undo").get_json()["error"]["code"] == "undo_over"
    with clock.shift(timedelta(seconds=31)):
        assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"
    steps.moved(officer, visit, "undo")
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"


def test_handover_cannot_be_undone(officer):
    books, code = builders.ready(1, 2)
    visit = handing.serving(officer, code)
    assert (
        officer.post("/api/v1/handovers", json=handing.body(visit["id"], handing.book(books[0], 1))).status_code == 201
    )
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"


def test_undo_is_refused_after_a_later_change(officer):
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


def test_undo_is_refused_after_the_vehicle_came_back(officer):
    _, code = builders.ready(1)
    visit = handing.scan(officer, code).get_json()["visit"]
    steps.moved(officer, visit, "divert")
    assert handing.scan(officer, code, lane=2).get_json()["visit"]["state"] == "waiting"
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "undo_over"


def test_undo_is_refused_when_the_books_are_in_another_vehicle(officer):
    _, code = builders.ready(1)
    visit = handing.scan(officer, code).get_json()["visit"]
    steps.moved(officer, visit, "leave")
    other = handing.scan(officer, code).get_json()["visit"]
    assert steps.move(officer, visit, "undo").get_json()["error"]["code"] == "pickup_elsewhere"
    assert steps.moved(officer, other, "serve")["passports"]


def test_undo_is_off_without_undo_seconds(officer):
    steps.option("undo_seconds", 0)
    visit = steps.moved(officer, steps.vehicle(officer, 1), "call")
    assert visit["may_undo_until"] is None
    assert steps.move(officer, visit, "undo").status_code == 409
