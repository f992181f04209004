"""Every state, move and role, cell by cell, over the API: the server does what the table of moves allows."""

import itertools
from datetime import timedelta

import pytest

from ampera import clock
from ampera.accounts.roles import ROLES
from ampera.visits import states
from tests import builders
from tests.visits import steps

ALL = (*states.OPEN, *states.ENDED)
# The expected table. A change of the table in the code is a decision that is made here too.
ALLOWED = {
    "call": {"waiting": "called"},
    "recall": {"called": "called", "serving": "serving"},
    "serve": {"waiting": "serving", "called": "serving", "serving": "serving"},
    "park": {"serving": "serving"},
    "resume": {"serving": "serving"},
    "direct": {"waiting": "waiting"},
    "divert": {"waiting": "diverted", "called": "diverted", "serving": "diverted"},
    "no-show": {"called": "no_show", "serving": "no_show"},
    "leave": {"waiting": "left", "called": "left", "serving": "left"},
    "return": {"no_show": "waiting", "diverted": "waiting", "left": "waiting"},
    "transfer": {"called": "called", "serving": "called"},
    "priority": {"waiting": "waiting"},
}
BODIES = {"call": {"lane": 1}, "serve": {"lane": 1}, "transfer": {"lane": 2}, "priority": {"reason": "elderly"}}
# A live claim of another officer stops these.
HELD = {"recall", "serve", "park", "divert", "no-show", "leave", "transfer"}


@pytest.mark.parametrize("role", ROLES)
def test_every_move_from_every_state_by_every_role(app, api, role):
    """All cells of a role share one database, each with a separate vehicle. Every wrong cell is reported."""
    officer, client = api("officer"), api(role)
    wrong = {}
    for n, (state, move) in enumerate(itertools.product(ALL, ALLOWED), 1):
        visit = _in_state(officer, n, state, claimed_by=role)
        answer = client.post(f"/api/v1/visits/{visit['id']}/{move}", json=BODIES.get(move, {}))
        outcome = (answer.status_code, answer.get_json().get("state") or answer.get_json()["error"]["code"])
        if outcome != (expected := _expected(role, state, move)):
            wrong[state, move] = (outcome, expected)
    assert wrong == {}


def _expected(role, state, move):
    if role not in ("officer", "supervisor"):
        return 403, "forbidden"
    after = ALLOWED[move].get(state)
    return (200, after) if after else (409, "wrong_state")


@pytest.mark.parametrize("move", sorted(HELD))
def test_live_claim_of_another_officer_refuses_the_move(app, api, move):
    visit = _in_state(api("officer"), 1, "serving", claimed_by="officer2")
    answer = api("officer").post(f"/api/v1/visits/{visit['id']}/{move}", json=BODIES.get(move, {}))
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "claimed_elsewhere")
    assert answer.get_json()["error"]["claim"]["officer"] == "Petugas Contoh officer2.plg"
    with clock.shift(timedelta(minutes=30)):
        assert api("officer").post(f"/api/v1/visits/{visit['id']}/{move}", json=BODIES.get(move, {})).status_code == 200


@pytest.mark.parametrize("move", sorted(HELD - {"serve"}))
def test_supervisor_may_move_but_not_serve_a_claimed_visit(app, api, move):
    visit = _in_state(api("officer"), 1, "serving", claimed_by="officer")
    assert steps.move(api("supervisor"), visit, "serve").status_code == 409
    assert api("supervisor").post(f"/api/v1/visits/{visit['id']}/{move}", json=BODIES.get(move, {})).status_code == 200


def test_table_of_moves_equals_this_table():
    assert {name: dict(move.paths) for name, move in states.MOVES.items() if name != "undo"} == ALLOWED
    assert {name for name, move in states.MOVES.items() if move.needs_claim} == HELD - {"serve"}
    assert all(move.roles == ("officer", "supervisor") for move in states.MOVES.values())


def test_serving_a_claimed_visit_again_renews_the_lease(app, api):
    visit = steps.moved(api("officer"), steps.vehicle(api("officer"), 1), "serve")
    with clock.shift(timedelta(seconds=60)):
        again = steps.moved(api("officer"), visit, "serve")
    assert again["claim"]["until"] > visit["claim"]["until"] and again["claim"]["since"] == visit["claim"]["since"]


def _in_state(officer, n, state, claimed_by="officer"):
    """A visit in this state. A served visit is claimed by a member of staff in the role `claimed_by`."""
    visit = steps.vehicle(officer, n)
    values = {"state": state, "calls": 1, "called_at": clock.now() - timedelta(minutes=5)}
    if state == "serving":
        who = builders.staff(f"{claimed_by}.plg").id
        values |= {"claim_staff_id": who, "claim_lane_id": 1, "claim_since": clock.now()}
        values["claim_until"] = clock.now() + timedelta(minutes=3)
    if state in states.ENDED:
        steps.moved(officer, visit, "leave")
    steps.put(visit, **values)
    return visit
