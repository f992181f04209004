"""The word for a vehicle: staff see it for one day, the public never, and nothing but a short word is taken."""

import pytest

from tests import builders
from tests.conftest import on_both
from tests.handovers.steps import scan
from tests.visits import steps

WORD = "Avanza putih"


@on_both
def test_word_of_a_scan_is_cleaned_and_seen_by_staff_only(api):
    officer = api("officer")
    _, code = builders.ready(1)
    answer = scan(officer, code, look="  Avanza \u200b  putih ")
    assert answer.status_code == 200 and "look" not in answer.get_json()["visit"]
    visit = answer.get_json()["visit"]
    assert officer.get("/api/v1/lanes/1/state").get_json()["waiting"][0]["look"] == WORD
    called = steps.moved(officer, visit, "call")
    assert called["look"] == WORD
    assert officer.get("/api/v1/lanes/1/state").get_json()["here"][0]["look"] == WORD
    assert WORD not in officer.get("/api/v1/boards/PLG").get_data(as_text=True)


@on_both
def test_word_is_changed_and_removed_and_other_values_stay(api):
    officer = api("officer")
    visit = steps.vehicle(officer, 1, plate="BG 1234 XX", look="Jazz")
    changed = steps.moved(officer, visit, "vehicle", look="Jazz merah, stiker (2)")
    assert (changed["look"], changed["plate_masked"]) == ("Jazz merah, stiker (2)", "BG ••34 ••")
    assert steps.moved(officer, visit, "vehicle", plate="B 1 C")["look"] == "Jazz merah, stiker (2)"
    assert steps.moved(officer, visit, "vehicle", look="")["look"] is None


@pytest.mark.parametrize("look", ["1671011405900001", "0812-345-678", "x" * 31, "<b>", "14-05-1990", "a\x07b", "--"])
def test_text_that_is_no_word_for_a_vehicle_is_refused(api, look):
    officer = api("officer")
    visit = steps.vehicle(officer, 1)
    answer = steps.move(officer, visit, "vehicle", look=look)
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (422, "bad_look", ["look"])
    _, code = builders.ready(2)
    assert scan(officer, code, look=look).get_json()["error"]["code"] == "bad_look"


def test_same_scan_with_another_word_is_refused(api):
    officer = api("officer")
    _, code = builders.ready(1)
    scan_id = "6f0d1a52-4c1e-4b43-9a8e-2b0c2f6f7a11"
    assert scan(officer, code, scan_id=scan_id, look="Jazz").status_code == 200
    assert scan(officer, code, scan_id=scan_id, look="Jazz").status_code == 200
    assert scan(officer, code, scan_id=scan_id, look="Brio").get_json()["error"]["code"] == "key_reused"


def test_supervisor_sees_the_word_with_the_call_and_with_a_parked_vehicle(api):
    officer, supervisor = api("officer"), api("supervisor")
    visit = steps.moved(officer, steps.vehicle(officer, 1, look=WORD), "serve")
    officer.post(f"/api/v1/visits/{visit['id']}/supervisor", json={"reason": "other"})
    steps.moved(officer, visit, "park")
    state = supervisor.get("/api/v1/supervisor-calls").get_json()
    assert [state[name][0]["look"] for name in ("calls", "parked")] == [WORD, WORD]
