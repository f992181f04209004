"""What a scan is worth after something has happened elsewhere: no verdict outlives its truth."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ampera import clock
from ampera.passports.models import Passport
from ampera.pickups import service as pickups
from ampera.visits.scan.validity import ScannedVisit, present_verdict
from tests import builders
from tests.handovers import steps
from tests.visits import steps as visits


@pytest.fixture
def officer(api):
    return api("officer")


@pytest.fixture
def lanes(api) -> SimpleNamespace:
    """Officers at lanes 1 and 2, and a vehicle with two books that lane 1 has scanned."""
    officer, other = api("officer"), api("officer2")
    books, code = builders.ready(1, 2)
    scanned = steps.scan(officer, code).get_json()
    return SimpleNamespace(
        api=api, officer=officer, other=other, books=books, code=code, scan=scanned, visit=scanned["visit"]
    )


def validity(client: Any, scan: dict[str, Any]) -> dict[str, Any]:
    answer = client.get(f"/api/v1/scans/{scan['scan_id']}/validity")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def served_elsewhere(lanes: SimpleNamespace) -> None:
    visits.moved(lanes.other, lanes.visit, "serve", lane=2)


def handed_over_elsewhere(lanes: SimpleNamespace) -> None:
    served_elsewhere(lanes)
    rows = [steps.book(book, n) for n, book in enumerate(lanes.books, start=1)]
    body = steps.body(lanes.visit["id"], *rows, collector=steps.FAMILY)
    assert lanes.other.post("/api/v1/handovers", json=body).status_code == 201


def partly_handed_over(lanes: SimpleNamespace) -> None:
    served_elsewhere(lanes)
    body = steps.body(lanes.visit["id"], steps.book(lanes.books[0], 1), collector=steps.FAMILY)
    assert lanes.other.post("/api/v1/handovers", json=body).status_code == 201


def ended_as(move: str) -> Callable[[SimpleNamespace], None]:
    def end(lanes: SimpleNamespace) -> None:
        served_elsewhere(lanes)
        visits.moved(lanes.other, lanes.visit, move, reason="uji")

    return end


def called_elsewhere(lanes: SimpleNamespace) -> None:
    visits.moved(lanes.other, lanes.visit, "call", lane=2)


def transferred(lanes: SimpleNamespace) -> None:
    visits.moved(lanes.officer, lanes.visit, "call", lane=1)
    visits.moved(lanes.officer, lanes.visit, "transfer", lane=2, reason="uji")


def books_become(**values: Any) -> Callable[[SimpleNamespace], None]:
    def change(lanes: SimpleNamespace) -> None:
        for book in lanes.books:
            builders.set_columns(Passport, {"id": book}, **values)

    return change


def locked(lanes: SimpleNamespace) -> None:
    books_become(locked_at=clock.now())(lanes)


def code_replaced(lanes: SimpleNamespace) -> None:
    pickups.reissue(builders.actor("supervisor"), lanes.scan["pickup_id"], "uji coba")


def taken_out(lanes: SimpleNamespace) -> None:
    _, second = builders.ready(3)
    steps.scan(lanes.officer, second, visit_id=lanes.visit["id"])
    path = f"/api/v1/visits/{lanes.visit['id']}/pickups/{lanes.scan['pickup_id']}"
    assert lanes.other.delete(path).status_code == 200


def joined_another(lanes: SimpleNamespace) -> None:
    other = visits.vehicle(lanes.other, 4, lane=2)
    steps.scan(lanes.other, lanes.code, 2, visit_id=other["id"])


OVERDUE = clock.today() - timedelta(days=60)


@pytest.mark.parametrize(
    ("happens", "verdict", "tone"),
    [
        (served_elsewhere, "open_elsewhere", "wait"),
        (handed_over_elsewhere, "visit_over", "stop"),
        (partly_handed_over, "open_elsewhere", "wait"),
        (ended_as("leave"), "visit_over", "stop"),
        (ended_as("divert"), "visit_over", "stop"),
        (ended_as("no-show"), "visit_over", "stop"),
        (called_elsewhere, "called_elsewhere", "wait"),
        (transferred, "called_elsewhere", "wait"),
        (books_become(state="held"), "held", "wait"),
        (books_become(state="cancelled"), "cancelled", "stop"),
        (books_become(state="collected"), "collected", "stop"),
        (books_become(issued_on=OVERDUE), "overdue", "wait"),
        (locked, "held", "wait"),
        (code_replaced, "revoked", "stop"),
        (taken_out, "visit_left", "stop"),
        (joined_another, "visit_over", "stop"),
    ],
)
def test_green_ends_when_the_truth_behind_the_verdict_ends(lanes, happens, verdict, tone):
    happens(lanes)
    now = validity(lanes.officer, lanes.scan)
    assert (now["verdict"], now["tone"]) == (verdict, tone)
    assert now["title"] and now["advice"] and now["texts"]["en"]["title"] != now["title"]


def test_green_stays_while_the_verdict_is_true(lanes):
    assert validity(lanes.officer, lanes.scan) == lanes.scan
    visits.moved(lanes.officer, lanes.visit, "call", lane=1)
    visits.moved(lanes.officer, lanes.visit, "serve", lane=1)
    assert validity(lanes.officer, lanes.scan)["tone"] == "go"


def test_sentence_names_the_number_and_the_lane(lanes):
    handed_over_elsewhere(lanes)
    assert validity(lanes.officer, lanes.scan)["title"] == "A001 sudah selesai di jalur 2"


def test_green_counts_the_books_that_may_still_go(lanes):
    builders.set_columns(Passport, {"id": lanes.books[0]}, state="held")
    now = validity(lanes.officer, lanes.scan)
    assert (now["verdict"], now["facts"]["books"]) == ("ok", 1)
    assert now["advice"].startswith("Ambil 1 buku")


def test_lease_that_ends_becomes_a_take_over_and_never_green(lanes):
    visits.moved(lanes.officer, lanes.visit, "serve", lane=1)
    amber = steps.scan(lanes.other, lanes.code, 2).get_json()
    assert validity(lanes.other, amber)["next"] == "rescan"
    with clock.shift(timedelta(minutes=10)):
        now = validity(lanes.other, amber)
    assert (now["verdict"], now["tone"], now["next"]) == ("open_elsewhere", "wait", "serve")
    assert "10 mnt" in now["advice"] or "11 mnt" in now["advice"]


def test_amber_of_an_open_visit_ends_with_the_visit_and_never_turns_green(lanes):
    visits.moved(lanes.officer, lanes.visit, "serve", lane=1)
    amber = steps.scan(lanes.other, lanes.code, 2).get_json()
    visits.moved(lanes.officer, lanes.visit, "undo")
    assert (validity(lanes.other, amber)["verdict"], validity(lanes.other, amber)["tone"]) == ("changed", "wait")
    visits.moved(lanes.officer, lanes.visit, "serve", lane=1)
    visits.moved(lanes.officer, lanes.visit, "leave", reason="uji")
    assert validity(lanes.other, amber)["title"] == "A001 sudah keluar dari antrean"


def test_refusal_of_a_book_that_is_released_asks_for_a_new_scan(officer):
    (book,), code = builders.ready(9, state="held")
    amber = steps.scan(officer, code).get_json()
    assert validity(officer, amber) == amber
    builders.set_columns(Passport, {"id": book}, state="ready")
    assert (validity(officer, amber)["verdict"], validity(officer, amber)["next"]) == ("changed", "rescan")
    builders.set_columns(Passport, {"id": book}, state="cancelled")
    assert validity(officer, amber)["verdict"] == "cancelled"


def test_closed_line_that_opens_asks_for_a_new_scan(officer):
    visits.lane(1, is_open=False)
    _, code = builders.ready(9)
    closed = steps.scan(officer, code).get_json()
    assert closed["verdict"] == "closed" and validity(officer, closed) == closed
    visits.lane(1, is_open=True)
    assert validity(officer, closed)["verdict"] == "changed"


def test_vehicle_that_is_in_already_stays_green_when_the_lane_closes(lanes):
    visits.lane(1, is_open=False)
    assert validity(lanes.officer, lanes.scan)["tone"] == "go"


@pytest.mark.parametrize("read", ["X1234567", "SAB" + "0" * 26])
def test_scan_without_a_pickup_keeps_the_answer(officer, read):
    answer = steps.scan(officer, read).get_json()
    assert validity(officer, answer) == answer


def test_unknown_scan_has_no_validity(officer):
    assert officer.get(f"/api/v1/scans/{uuid.uuid4()}/validity").status_code == 404


def test_stored_answer_of_the_scan_never_changes(lanes):
    handed_over_elsewhere(lanes)
    assert validity(lanes.officer, lanes.scan)["tone"] == "stop"
    assert steps.scan(lanes.officer, lanes.code, scan_id=lanes.scan["scan_id"]).get_json() == lanes.scan


def test_visit_of_yesterday_is_over(lanes):
    with clock.shift(timedelta(days=1)):
        assert validity(lanes.officer, lanes.scan)["tone"] == "stop"


def test_vehicle_that_came_to_another_lane_than_called_stays_green():
    visit = ScannedVisit("called", 1, was_at=("called", 1))
    assert present_verdict("ok", "ok", 2, visit) == "ok"
    assert present_verdict("ok", "ok", 2, ScannedVisit("called", 3, was_at=("called", 1))) == "called_elsewhere"


@pytest.mark.parametrize(("move", "reason"), [("serve", None), ("call", None), ("divert", "uji"), ("recall", None)])
def test_refused_move_names_the_state(lanes, move, reason):
    handed_over_elsewhere(lanes)
    answer = visits.move(lanes.officer, lanes.visit, move, reason=reason)
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"]) == (409, "wrong_state")
    assert error["message"] == "A001 sudah selesai di jalur 2."


def test_refused_move_on_a_foreign_claim_names_the_lane(lanes):
    served_elsewhere(lanes)
    error = visits.move(lanes.officer, lanes.visit, "leave", reason="uji").get_json()["error"]
    assert (error["code"], error["message"]) == ("claimed_elsewhere", "A001 sedang dilayani di jalur 2.")
