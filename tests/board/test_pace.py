"""The pace counts what visits and handovers say, of today, and shows an officer nobody else's."""

from datetime import timedelta

import pytest

from ampera import clock, db
from ampera.board import pace_queries
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps


def handed_over(client, n, lane=1):
    """One vehicle with book n, served at this lane to its end: the visit and the handover."""
    (passport,), code = builders.ready(n)
    visit = steps.serving(client, code, lane)
    answer = client.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(passport, n)))
    assert answer.status_code == 201, answer.get_json()
    return visit, answer.get_json()["handovers"][0]


def own(client, lane=1):
    return client.get(f"/api/v1/lanes/{lane}/state").get_json()["pace"]


def pace():
    with db.reading() as session:
        return pace_queries.pace_state(session, 1)


def counts(vehicles, books):
    return {"vehicles": vehicles, "books": books}


@pytest.fixture
def officer(app):
    return builders.signed_in(app, "officer")


def test_pace_before_the_first_vehicle_is_zero(officer):
    assert own(officer) == {"hour": counts(0, 0), "day": counts(0, 0)}


def test_pace_of_an_officer_counts_done_vehicles_and_books_of_the_lane(officer):
    handed_over(officer, 1)
    handed_over(officer, 2)
    assert own(officer) == {"hour": counts(2, 2), "day": counts(2, 2)}
    assert own(officer, lane=2)["day"] == counts(0, 0)


@on_both
def test_pace_of_the_last_hour_forgets_what_is_older(officer):
    handed_over(officer, 1)
    with clock.shift(timedelta(minutes=61)):
        handed_over(officer, 2)
        assert own(officer) == {"hour": counts(1, 1), "day": counts(2, 2)}


def test_pace_of_a_day_ends_with_the_day(app, officer):
    handed_over(officer, 1)
    with clock.shift(timedelta(days=1)):
        assert own(builders.signed_in(app, "officer"))["day"] == counts(0, 0)


def test_vehicle_that_left_without_a_book_counts_nowhere(officer):
    _, code = builders.ready(1)
    visit = steps.serving(officer, code)
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert own(officer)["day"] == counts(0, 0)


def test_voided_handover_is_no_book(app, officer):
    _, record = handed_over(officer, 1)
    supervisor = builders.signed_in(app, "supervisor")
    answer = supervisor.post(
        f"/api/v1/handovers/{record['id']}/void",
        json={"reason": "salah buku", "shelf": "A-01", "book": "X0000001"},
    )
    assert answer.status_code == 200, answer.get_json()
    assert own(officer)["day"] == counts(1, 0)


def test_officer_sees_the_own_pace_only(app, officer):
    handed_over(officer, 1)
    assert own(builders.signed_in(app, "supervisor"))["day"] == counts(0, 0)
    assert officer.get("/api/v1/pace").status_code == 403
    assert officer.get("/reports/pace").status_code == 403


def test_key_of_a_supervisor_sees_nobodys_pace(api):
    assert api("supervisor").get("/api/v1/pace").status_code == 403


@on_both
def test_pace_for_supervisors_names_lanes_officers_and_the_present_service(app, officer):
    first, _ = handed_over(officer, 1)
    _, code = builders.ready(2, 3)
    with clock.shift(timedelta(minutes=2)):
        serving = steps.serving(officer, code, lane=2)
        lanes = {lane["lane"]: lane["officers"] for lane in pace()["lanes"]}
    (first_row,), (second_row,) = lanes[1], lanes[2]
    assert (first_row["day"], first_row["serving"], first_row["service_s"]) == (counts(1, 1), [], 0)
    assert (second_row["day"], second_row["service_s"]) == (counts(0, 0), None)
    assert second_row["serving"] == [
        {
            "queue_no": serving["queue_no"],
            "window": 1,
            "served_at": serving["served_at"],
            "parked_s": 0,
            "books": 2,
        }
    ]
    assert first_row["officer"] == second_row["officer"]
    assert first["queue_no"] != serving["queue_no"]


def test_service_clock_leaves_out_the_time_at_the_side(officer):
    _, code = builders.ready(1)
    visit = steps.serving(officer, code)
    officer.post(f"/api/v1/visits/{visit['id']}/park", json={})
    with clock.shift(timedelta(minutes=5)):
        card = officer.post(f"/api/v1/visits/{visit['id']}/resume", json={"lane": 1}).get_json()
    assert (card["served_at"], card["parked_s"] // 60) == (visit["served_at"], 5)


def test_service_of_a_vehicle_that_came_back_begins_again(officer):
    _, code = builders.ready(1)
    visit = steps.serving(officer, code)
    path = f"/api/v1/visits/{visit['id']}"
    officer.post(f"{path}/park", json={})
    with clock.shift(timedelta(minutes=5)):
        officer.post(f"{path}/leave", json={})
        waiting = officer.post(f"{path}/return", json={}).get_json()
        served = officer.post(f"{path}/serve", json={"lane": 1}).get_json()
    assert (waiting["served_at"], waiting["parked_s"]) == (None, 0)
    assert served["served_at"] > visit["served_at"]
    assert served["parked_s"] == 0


def test_parked_vehicle_is_no_present_service(officer):
    _, code = builders.ready(1)
    visit = steps.serving(officer, code)
    officer.post(f"/api/v1/visits/{visit['id']}/park", json={})
    assert all(not officer["serving"] for lane in pace()["lanes"] for officer in lane["officers"])


def test_pace_is_pushed_to_supervisors_in_person(app, listen, officer):
    page = listen("/pace", browser=builders.signed_in(app, "supervisor"))
    assert page.is_listening
    handed_over(officer, 1)
    page.newest(when=lambda state: state["lanes"][0]["officers"] and state["lanes"][0]["officers"][0]["day"]["books"])


def test_pace_is_not_pushed_to_officers(listen, officer):
    assert not listen("/pace", browser=officer).is_listening
