"""The states word for word, in the true order, of today only, and nothing personal in those that anybody may read."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ampera import clock, db
from ampera.board import lane_queries, queries, watch_queries
from ampera.offices import closing_service, service
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode
from ampera.visits.models import Visit
from tests import builders
from tests.board import steps
from tests.board.steps import call, vehicle

PERSONAL = (
    "application_no",
    "passport_no",
    "holder_name",
    "nik",
    "phone",
    "email",
    "birth_date",
    "document_no",
    "shelf",
)


@pytest.fixture
def officer(api):
    return api("officer")


def screen(lane_id=None):
    with db.reading() as session:
        return queries.screen_state(session, 1, lane_id)


def test_a_screen_without_vehicles(app):
    state = screen()
    at = state.pop("at")
    assert at.endswith("Z")
    free = {"kind": "mixed", "site": "", "windows": 1, "open": True, "test": False, "visit": None, "visits": []}
    assert state == {
        "office": "PLG",
        "site": None,
        "revision": 0,
        "open": True,
        "line": {"open": True, "reason": None, "opens_at": None, "until": state["line"]["until"]},
        "lanes": [{"number": 1, "name": "Jalur 1", **free}, {"number": 2, "name": "Jalur 2", **free}],
        "parked": [],
        "next": [],
        "announcement": None,
        "announcements": [],
        "standing": [],
        "quiet": False,
        "message": "Siapkan bukti pembayaran dan kartu identitas. Tetap di kendaraan.",
    }


def test_a_screen_with_vehicles(officer):
    first, second = vehicle(officer, 1), vehicle(officer, 2)
    with db.current().writer.begin() as conn:
        conn.execute(update(Visit).where(Visit.id == first["id"]).values(plate="BG 1234 XX"))
    called = call(officer, first, lane=2)
    state = screen()
    shown = {"queue_no": "A001", "state": "called", "plate_masked": "BG ••34 ••", "since": called["since"], "window": 1}
    assert [lane["visits"] for lane in state["lanes"]] == [[], [shown]]
    assert [lane["visit"] for lane in state["lanes"]] == [None, shown]
    assert state["next"] == [{"queue_no": second["queue_no"], "lane": 1, "kind": "car"}]
    announcement = state["announcement"]
    assert (announcement["queue_no"], announcement["lane"]) == ("A001", 2)
    assert set(announcement) == {"id", "queue_no", "lane", "window", "at"}


def test_eight_next_vehicles_are_shown_in_queue_order(officer):
    numbers = [vehicle(officer, n)["queue_no"] for n in range(1, 11)]
    assert [visit["queue_no"] for visit in screen()["next"]] == numbers[:8]


def test_lane_screen_shows_the_lane_and_vehicles_of_matching_kinds(officer):
    service.add_lane(builders.actor("supervisor"), 3, service.LaneSettings("motorcycle"))
    first, second = vehicle(officer, 1), vehicle(officer, 2)
    call(officer, first, lane=1)
    with db.reading() as session:
        cars, motorcycles = (watch_queries.named_watch(session, "PLG", number) for number in (1, 3))
    assert [lane["number"] for lane in screen(cars.lane_id)["lanes"]] == [1]
    assert [visit["queue_no"] for visit in screen(cars.lane_id)["next"]] == [second["queue_no"]]
    assert screen(motorcycles.lane_id)["next"] == [] and screen(motorcycles.lane_id)["announcement"] is None


def test_yesterdays_vehicles_are_nobodys_business(officer):
    called = vehicle(officer, 1)
    vehicle(officer, 2)
    call(officer, called)
    with clock.shift(timedelta(days=1)):
        state = screen()
        assert state["next"] == [] and not any(lane["visit"] for lane in state["lanes"])


def test_the_revision_grows_with_every_change(officer):
    seen = [screen()["revision"]]
    visit = vehicle(officer)
    for minutes, step in enumerate(("call", "recall", "serve", "leave")):
        seen.append(screen()["revision"])
        with clock.shift(timedelta(minutes=minutes)):
            assert officer.post(f"/api/v1/visits/{visit['id']}/{step}", json={"lane": 1}).status_code == 200
    service.set_lane_open(builders.actor("supervisor"), 1, False)
    service.set_option(builders.actor("supervisor"), "message", "Sebentar lagi buka.")
    seen.append(screen()["revision"])
    assert seen == sorted(set(seen)) and screen()["message"] == "Sebentar lagi buka."
    assert [lane["open"] for lane in screen()["lanes"]] == [False, True]


def test_two_calls_in_one_second_are_announced_one_after_the_other(officer):
    first, second = vehicle(officer, 1), vehicle(officer, 2)
    began = clock.now()
    with clock.freeze(began):
        call(officer, first, lane=1)
        call(officer, second, lane=2)
    announced = []
    for seconds in (0, 7.9, 8.1, 15.9, 16.1):
        with clock.freeze(began + timedelta(seconds=seconds)):
            announced.append((screen()["announcement"] or {}).get("queue_no"))
    assert announced == ["A001", "A001", "A002", "A002", None]
    with clock.freeze(began + timedelta(seconds=3)), db.reading() as session:
        assert queries.seconds_until_change(session, 1) == pytest.approx(5)
    with clock.freeze(began + timedelta(seconds=9)), db.reading() as session:
        assert queries.seconds_until_change(session, 1) == pytest.approx(7)
    with clock.freeze(began + timedelta(seconds=17)), db.reading() as session:
        assert queries.seconds_until_change(session, 1) is None


def test_call_stays_for_two_minutes_or_until_the_vehicle_comes(officer):
    first, second = vehicle(officer, 1), vehicle(officer, 2)
    began = clock.now()
    with clock.freeze(began):
        call(officer, first, lane=1)
        call(officer, second, lane=2)
    standing = {}
    for seconds in (7, 9, 60, 119, 121, 129):
        with clock.freeze(began + timedelta(seconds=seconds)):
            standing[seconds] = [visit["queue_no"] for visit in screen()["standing"]]
    assert standing == {7: [], 9: ["A001"], 60: ["A001", "A002"], 119: ["A001", "A002"], 121: ["A002"], 129: []}
    officer.post(f"/api/v1/visits/{first['id']}/serve", json={"lane": 1})
    with clock.freeze(began + timedelta(seconds=60)):
        assert [visit["queue_no"] for visit in screen()["standing"]] == ["A002"]


def test_tablet_state_has_current_waiting_and_recent_vehicles(officer):
    first, second, third = vehicle(officer, 1, books=2), vehicle(officer, 2 + 1), vehicle(officer, 4, lane=2)
    officer.post(f"/api/v1/visits/{first['id']}/serve", json={"lane": 1})
    call(officer, second, lane=2)
    state = officer.get("/api/v1/lanes/1/state").get_json()
    assert (state["office"], state["lane"], state["open"]) == ("PLG", 1, True)
    assert state["current"]["id"] == first["id"] and state["current"]["claim"]["mine"] is True
    assert [book["holder_name"] for book in state["current"]["passports"]] == ["Contoh Orang 1", "Contoh Orang 2"]
    (waiting,) = state["waiting"]
    assert {**waiting, "since": ""} == {
        "id": third["id"],
        "queue_no": "A003",
        "kind": "car",
        "priority": None,
        "booked_for": None,
        "books": 1,
        "picks": {"books": 1, "at_window": 0, "missing": 0},
        "plate_masked": None,
        "look": None,
        "since": "",
        "lane": 2,
        "site": "",
        "ahead_of_turn": 0,
        "may_undo_until": None,
    }
    assert [card["id"] for card in state["here"]] == [first["id"]] and state["waiting_count"] == 1
    officer.post(f"/api/v1/visits/{first['id']}/leave", json={})
    state = officer.get("/api/v1/lanes/1/state").get_json()
    assert state["current"] is None
    assert [(visit["queue_no"], visit["state"], visit["books_out"]) for visit in state["recent"]] == [
        ("A001", "left", 0)
    ]


def test_tablet_shows_the_first_vehicles_of_the_line_and_counts_all(officer, monkeypatch):
    numbers = [vehicle(officer, n)["queue_no"] for n in (1, 2, 3, 4)]
    monkeypatch.setattr(lane_queries, "WAITING_SHOWN", 3)
    service.set_option(builders.actor("admin"), "separate_gate", True)
    with db.current().writer.begin() as conn:
        conn.execute(update(Visit).values(lane_id=1))
        conn.execute(update(Visit).where(Visit.queue_no.in_((numbers[1], numbers[3]))).values(lane_id=2))
    state = officer.get("/api/v1/lanes/2/state").get_json()
    assert [waiting["queue_no"] for waiting in state["waiting"]] == [numbers[1], numbers[3], numbers[0]]
    assert [waiting["ahead_of_turn"] for waiting in state["waiting"]] == [0, 1, 2] and state["waiting_count"] == 4


def test_tablet_names_the_reason_of_a_closed_line_and_no_screen_does(officer):
    closing_service.close_now(builders.actor("supervisor"), "Hujan contoh")
    assert officer.get("/api/v1/lanes/1/state").get_json()["closed_for"] == "Hujan contoh"
    assert "Hujan contoh" not in json.dumps(screen())
    closing_service.open_again(builders.actor("supervisor"))
    assert officer.get("/api/v1/lanes/1/state").get_json()["closed_for"] is None


def test_the_pick_list_follows_the_vehicles(officer, api):
    first, second = vehicle(officer, 1, books=2), vehicle(officer, 3)
    call(officer, second)
    with db.current().writer.begin() as conn:
        conn.execute(update(Passport).where(Passport.id == first["passports"][1]["passport_id"]).values(state="held"))
    picks = api("desk").get("/api/v1/desk/state").get_json()["picks"]
    assert [(pick["visit_id"], pick["queue_no"], pick["state"]) for pick in picks] == [
        (first["id"], "A001", "waiting"),
        (second["id"], "A002", "called"),
    ]
    (book,) = picks[0]["books"]
    assert book["passport_id"] == first["passports"][0]["passport_id"] and book["holder_name"] == "Contoh Orang 1"
    assert book["shelf"] == first["passports"][0]["shelf"] and book["pick"] is None


def test_an_applicant_sees_the_true_position(officer, client):
    first, second = vehicle(officer, 1), vehicle(officer, 2, books=2)
    path = f"/api/v1/pickup-state/{steps.link(second['passports'][0]['pickup_id'])}"
    state = client.get(path).get_json()
    assert state["visit"] == {
        "queue_no": "A002",
        "state": "waiting",
        "parked": False,
        "lane": None,
        "window": None,
        "call": None,
        "position": 2,
        "wait": None,
    }
    assert state["books"] == [{"state": "ready"}, {"state": "ready"}]
    call(officer, first)
    assert client.get(path).get_json()["visit"]["position"] == 1
    call(officer, second, lane=2)
    assert client.get(path).get_json()["visit"] == {
        "queue_no": "A002",
        "state": "called",
        "parked": False,
        "lane": 2,
        "window": None,
        "call": 2,
        "position": None,
        "wait": None,
    }
    officer.post(f"/api/v1/visits/{second['id']}/leave", json={})
    assert client.get(path).get_json()["visit"] is None


def test_nothing_personal_is_in_what_anybody_may_read(officer, client):
    visits = [vehicle(officer, n) for n in (11, 12, 13)]
    with db.current().writer.begin() as conn:
        conn.execute(update(Passport).values(phone="+628123456789", email="contoh@example.invalid"))
        conn.execute(update(Visit).values(plate="BG 1234 XX"))
    call(officer, visits[0])
    call(officer, visits[1], lane=2)
    applicant = client.get(f"/api/v1/pickup-state/{steps.link(visits[0]['passports'][0]['pickup_id'])}").get_json()
    page = client.get("/board/PLG", headers=steps.bearer(steps.display())).get_data(as_text=True)
    public = json.dumps([screen(), applicant], ensure_ascii=False) + page
    assert "A011" not in public and "A001" in public
    with db.reading() as session:
        rows = list(session.scalars(select(Passport)))
        codes = list(session.scalars(select(PickupCode)))
    secrets = {str(getattr(row, name)) for row in rows for name in PERSONAL if getattr(row, name)}
    secrets |= {code.booking_code for code in codes} | {"1234 XX", "BG 1234"}
    assert not [secret for secret in secrets if secret in public]


def test_screens_that_ask_in_the_same_moment_share_one_answer_until_something_happens(officer, monkeypatch):
    reads, read = [], queries.screen_state
    monkeypatch.setattr(queries, "screen_state", lambda *asked: reads.append(asked[1:]) or read(*asked))
    now = clock.now()
    with clock.freeze(now):
        asked = [officer.get(path).get_json() for path in ("/api/v1/boards/PLG", "/api/v1/boards/PLG/1") * 3]
        assert reads == [(1, None, None), (1, 1, None)]
        assert [len(state["lanes"]) for state in asked] == [2, 1] * 3
        vehicle(officer)
        assert officer.get("/api/v1/boards/PLG").get_json()["next"][0]["queue_no"] == "A001"
        assert len(reads) == 3
    with clock.freeze(now + timedelta(seconds=2)):
        assert officer.get("/api/v1/boards/PLG").get_json()["at"] > asked[0]["at"]
