"""Parking: a served vehicle waits at the side with its number and its officer, seen by everybody, and comes back."""

import json
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.visits import tasks as day_tasks
from ampera.visits.models import Visit
from tests import builders
from tests.board import steps as board_steps
from tests.conftest import on_both
from tests.handovers import steps as handing
from tests.visits import steps

LEASE_OVER = timedelta(seconds=181)


@pytest.fixture
def officer(api):
    return api("officer")


@pytest.fixture
def other(api):
    return api("officer2")


@pytest.fixture
def visit(officer):
    """A vehicle that is parked."""
    return parked(officer, 1)


def parked(client, n, lane=1):
    return steps.moved(client, steps.moved(client, steps.vehicle(client, n, lane), "serve", lane=lane), "park")


def refusal(answer):
    assert answer.status_code == 409, answer.get_json()
    return answer.get_json()["error"]["code"]


def tablet(client, lane=1):
    return client.get(f"/api/v1/lanes/{lane}/state").get_json()


def board(client, lane=""):
    return client.get(f"/api/v1/boards/PLG{lane}").get_json()


def numbers(visits):
    return [visit["queue_no"] for visit in visits]


@on_both
def test_parked_vehicle_keeps_number_state_and_officer(app, api):
    officer = api("officer")
    served = steps.moved(officer, steps.vehicle(officer, 1), "serve")
    card = steps.moved(officer, served, "park")
    assert (card["queue_no"], card["state"], card["window"]) == ("A001", "serving", None)
    assert card["claim"]["mine"] is True
    assert card["parked"]["at"] and card["parked"]["forgotten_at"] > card["parked"]["at"]
    back = steps.moved(officer, card, "resume", lane=1)
    assert (back["parked"], back["window"], back["claim"]["since"]) == (None, 1, served["claim"]["since"])


def test_parking_and_resuming_twice_changes_nothing(officer, visit):
    again = steps.moved(officer, visit, "park")
    assert again["parked"] == visit["parked"]
    steps.moved(officer, visit, "resume", lane=1)
    assert steps.moved(officer, visit, "resume", lane=1)["parked"] is None
    assert audited("visit.parked", "visit.resumed") == ["visit.parked", "visit.resumed"]


def test_only_a_served_vehicle_is_parked(officer):
    waiting = steps.vehicle(officer, 1)
    assert refusal(steps.move(officer, waiting, "park")) == "wrong_state"
    steps.moved(officer, waiting, "call")
    assert refusal(steps.move(officer, waiting, "park")) == "wrong_state"
    assert refusal(steps.move(officer, waiting, "resume", lane=1)) == "wrong_state"


def test_parked_vehicle_frees_the_window(officer, visit):
    following = steps.vehicle(officer, 2)
    called = officer.post("/api/v1/lanes/1/next").get_json()
    assert (called["id"], called["window"]) == (following["id"], 1)
    served = steps.moved(officer, called, "serve")
    state = tablet(officer)
    assert (numbers(state["here"]), numbers(state["parked"])) == (["A002"], ["A001"])
    assert state["current"]["id"] == served["id"]
    assert (served["claim"]["mine"], state["parked"][0]["claim"]["mine"]) == (True, True)


def test_free_window_of_a_lane_with_several_is_the_one_of_the_parked_vehicle(officer):
    steps.lane(1, windows=2)
    visit = steps.moved(officer, steps.vehicle(officer, 1), "serve", window=1)
    steps.moved(officer, visit, "park")
    assert steps.moved(officer, steps.vehicle(officer, 2), "serve")["window"] == 1
    assert steps.moved(officer, visit, "resume", lane=1)["window"] == 2
    steps.moved(officer, visit, "park")
    assert steps.moved(officer, visit, "resume", lane=1, window=2)["window"] == 2
    assert steps.move(officer, visit, "resume", lane=1, window=3).status_code == 200  # it is here already


@pytest.mark.parametrize("move", ["serve", "recall", "transfer"])
def test_moves_to_a_window_need_the_vehicle_there(officer, visit, move):
    answer = steps.move(officer, visit, move, lane=1)
    assert refusal(answer) == "parked"
    assert "A001" in answer.get_json()["error"]["message"]
    assert tablet(officer)["parked"][0]["id"] == visit["id"]


@on_both
def test_handover_and_checks_of_a_parked_vehicle_are_refused(app, api):
    officer = api("officer")
    (book,), code = builders.ready(1)
    visit = handing.serving(officer, code)
    steps.moved(officer, visit, "park")
    body = handing.body(visit["id"], handing.book(book, 1))
    check = {"passport_id": book, "book": body["passports"][0]["book"]}
    assert refusal(officer.post("/api/v1/handovers", json=body)) == "parked"
    assert refusal(officer.post(f"/api/v1/visits/{visit['id']}/checks", json=check)) == "parked"
    steps.moved(officer, visit, "resume", lane=1)
    assert officer.post("/api/v1/handovers", json=body).status_code == 201


@pytest.mark.parametrize(("move", "ends"), [("leave", "left"), ("divert", "diverted"), ("no-show", "no_show")])
def test_vehicle_that_drove_off_from_the_side_is_ended_there(officer, visit, move, ends):
    done = steps.moved(officer, visit, move)
    assert (done["state"], done["parked"]) == (ends, None)
    assert tablet(officer)["parked"] == []
    back = steps.moved(officer, done, "undo")
    assert back["parked"] == visit["parked"]


def test_diverted_vehicle_that_returns_is_not_parked(officer, visit):
    steps.moved(officer, visit, "divert")
    assert steps.moved(officer, visit, "return")["parked"] is None
    assert steps.moved(officer, visit, "serve")["parked"] is None


@on_both
@pytest.mark.parametrize("move", ["park", "resume"])
def test_undo_restores_the_vehicle(app, api, move):
    officer = api("officer")
    visit = steps.moved(officer, steps.vehicle(officer, 1), "serve")
    if move == "resume":
        visit = steps.moved(officer, visit, "park")
    before = {name: value for name, value in visit.items() if name != "may_undo_until"}
    assert steps.moved(officer, visit, move, lane=1)["may_undo_until"]
    undone = steps.moved(officer, visit, "undo")
    assert {name: value for name, value in undone.items() if name != "may_undo_until"} == before


def test_other_officer_resumes_a_parked_vehicle_only_after_the_lease(officer, other, visit):
    for move in ("park", "resume", "leave"):
        assert refusal(steps.move(other, visit, move, lane=2)) == "claimed_elsewhere"
    with clock.shift(LEASE_OVER):
        (seen,) = tablet(other, 2)["parked"]
        assert (seen["queue_no"], seen["claim"]["mine"], seen["lane"]) == ("A001", False, 1)
        taken = steps.moved(other, seen, "resume", lane=2)
        assert (taken["lane"], taken["claim"]["mine"], taken["parked"]) == (2, True, None)
        assert refusal(steps.move(officer, visit, "resume", lane=1)) == "claimed_elsewhere"
        assert refusal(steps.move(officer, visit, "undo")) == "undo_over"
    with db.reading() as session:
        details = session.scalar(select(AuditEntry.details).where(AuditEntry.action == "visit.resumed"))
    assert json.loads(details) == {"lane": 2, "taken_over": True}


def test_scan_finds_the_vehicle_at_the_side(officer, other):
    _, code = builders.ready(1)
    visit = steps.moved(officer, handing.serving(officer, code), "park")
    here, elsewhere = handing.scan(officer, code).get_json(), handing.scan(other, code, 2).get_json()
    assert (here["tone"], here["visit"]["id"], here["visit"]["parked"]) == ("go", visit["id"], visit["parked"])
    assert (elsewhere["verdict"], elsewhere["visit"]["parked"]) == ("open_elsewhere", visit["parked"])
    assert elsewhere["title"] == "Menunggu di tepi, ditunda di jalur 1" and elsewhere["facts"]["parked"]
    steps.moved(officer, visit, "resume", lane=1)
    now = other.get(f"/api/v1/scans/{elsewhere['scan_id']}/validity").get_json()
    assert now["title"] == "Sedang dibuka di jalur 1" and "parked" not in now["facts"]


def test_scan_after_the_lease_of_a_parked_vehicle_leads_to_the_take_over(officer, other):
    _, code = builders.ready(1)
    steps.moved(officer, handing.serving(officer, code), "park")
    with clock.shift(LEASE_OVER):
        answer = handing.scan(other, code, 2).get_json()
    assert (answer["verdict"], answer["next"]) == ("open_elsewhere", "serve")
    assert answer["advice"] == "Tanyakan jalur 1 di mana bukunya, lalu ambil alih."


def test_pick_list_marks_the_vehicle_at_the_side(officer, api, sign_in, visit):
    (entry,) = api("desk").get("/api/v1/desk/state").get_json()["picks"]
    assert (entry["queue_no"], entry["state"], entry["is_parked"]) == ("A001", "serving", True)
    assert "Di tepi" in re.sub("<script.*?</script>", "", sign_in("desk").get("/desk").text, flags=re.S)
    steps.moved(officer, visit, "resume", lane=1)
    assert not api("desk").get("/api/v1/desk/state").get_json()["picks"][0]["is_parked"]


def test_lease_begins_again_with_parking_and_with_resuming(officer, other):
    visit = steps.moved(officer, steps.vehicle(officer, 1), "serve")
    with clock.shift(timedelta(seconds=170)):
        steps.moved(officer, visit, "park")
    with clock.shift(timedelta(seconds=340)):
        assert refusal(steps.move(other, visit, "resume", lane=2)) == "claimed_elsewhere"
        steps.moved(officer, visit, "resume", lane=1)
    with clock.shift(timedelta(seconds=510)):
        assert refusal(steps.move(other, visit, "serve", lane=2)) == "claimed_elsewhere"


def test_all_tablets_of_the_site_show_the_parked_vehicle(officer, other, visit):
    steps.lane(2, site="Gerai Mal")
    assert numbers(tablet(officer, 1)["parked"]) == ["A001"]
    assert tablet(other, 2)["parked"] == []


def test_screens_show_number_and_lane_of_the_side_and_nothing_else(officer, visit):
    assert board(officer)["parked"] == [{"queue_no": "A001", "lane": 1, "kind": "car"}]
    assert board(officer, "/1")["parked"] == board(officer)["parked"]
    assert board(officer, "/2")["parked"] == []
    assert (board(officer)["lanes"][0]["visit"], board(officer)["lanes"][0]["visits"]) == (None, [])
    steps.moved(officer, visit, "resume", lane=1)
    assert board(officer)["parked"] == []
    assert board(officer)["lanes"][0]["visit"]["queue_no"] == "A001"


def test_longest_at_the_side_is_first(officer):
    for n, minutes in ((1, 5), (2, 0), (3, 2)):
        with clock.shift(timedelta(minutes=minutes)):
            parked(officer, n)
    assert numbers(tablet(officer)["parked"]) == numbers(board(officer)["parked"]) == ["A002", "A003", "A001"]


def test_phone_shows_the_side(app, officer, visit):
    link = board_steps.link(visit["passports"][0]["pickup_id"])
    shown = app.test_client().get(f"/api/v1/pickup-state/{link}").get_json()["visit"]
    assert (shown["state"], shown["parked"], shown["lane"]) == ("serving", True, 1)
    steps.moved(officer, visit, "resume", lane=1)
    shown = app.test_client().get(f"/api/v1/pickup-state/{link}").get_json()["visit"]
    assert (shown["parked"], shown["window"]) == (False, None)


def test_forgotten_moment_follows_the_option(officer, visit):
    assert minutes_until_forgotten(visit) == 10
    steps.option("parked_minutes", 3)
    (seen,) = tablet(officer)["parked"]
    assert minutes_until_forgotten(seen) == 3


def test_supervisors_see_who_waits_at_the_side(officer, visit, sign_in):
    (seen,) = sign_in("supervisor").get("/api/v1/supervisor-calls").get_json()["parked"]
    assert seen == {
        "visit_id": visit["id"],
        "queue_no": "A001",
        "lane": 1,
        "look": None,
        "officer": visit["claim"]["officer"],
        **visit["parked"],
    }


def test_time_at_the_side_is_no_service(officer):
    visit = parked(officer, 1)
    with clock.shift(timedelta(minutes=2)):
        steps.moved(officer, visit, "resume", lane=1)
        steps.moved(officer, visit, "park")
    with clock.shift(timedelta(minutes=3)):
        steps.moved(officer, visit, "leave")
    assert 178 <= column(visit, "parked_s") <= 181


@on_both
def test_end_of_day_ends_the_parked_vehicle(app, api):
    officer = api("officer")
    visit = parked(officer, 1)
    with clock.shift(timedelta(days=1)):
        day_tasks.close_days()
        assert tablet(officer)["parked"] == []
    assert column(visit, "state") == "left"
    assert column(visit, "parked_at") is None


def minutes_until_forgotten(visit):
    at, forgotten_at = (datetime.fromisoformat(visit["parked"][name]) for name in ("at", "forgotten_at"))
    return (forgotten_at - at).total_seconds() / 60


def column(visit, name):
    with db.reading() as session:
        return session.scalar(select(getattr(Visit, name)).where(Visit.id == visit["id"]))


def audited(*actions):
    with db.reading() as session:
        return list(
            session.scalars(select(AuditEntry.action).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.seq))
        )
