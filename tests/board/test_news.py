"""News reaches whom it concerns, at once, as whole states with a revision; outsiders hear nothing."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from ampera import clock
from ampera.live import pump as pumps
from tests import builders
from tests.board import steps
from tests.services import wait_until


def test_a_scan_reaches_screens_tablets_and_the_desk(listen, sign_in, api):
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")
    office, lane = listen("/board", token=steps.display()), listen("/board", token=steps.display(lane=2))
    tablet, desk = listen("/lane", sign_in("officer"), lane=2), listen("/desk", sign_in("desk"))
    elsewhere = listen("/board", token=steps.display(office="JKT"))
    for listener in (office, lane, tablet, desk, elsewhere):
        listener.newest()
    steps.vehicle(api("officer"))
    assert [visit["queue_no"] for visit in office.newest(lambda state: state["next"])["next"]] == ["A001"]
    assert lane.newest(lambda state: state["next"])["revision"] == office.states[-1]["revision"]
    assert tablet.newest(lambda state: state["waiting"])["waiting"][0]["books"] == 1
    assert desk.newest(lambda state: state["picks"])["picks"][0]["books"][0]["holder_name"] == "Contoh Orang 1"
    assert not any(state["next"] for state in elsewhere.receive())


def test_a_call_for_a_supervisor_reaches_supervisors_and_the_lane(listen, sign_in):
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")
    officer = sign_in("officer")
    supervisor = listen("/supervisor", sign_in("supervisor"))
    elsewhere = listen("/supervisor", sign_in("supervisor", "JKT"))
    tablet = listen("/lane", officer, lane=1)
    visit = steps.vehicle(officer)
    for listener in (supervisor, elsewhere, tablet):
        listener.newest()
    officer.post(f"/api/v1/visits/{visit['id']}/supervisor", json={"reason": "other"})
    assert supervisor.newest(lambda state: state["calls"])["calls"][0]["queue_no"] == visit["queue_no"]
    assert tablet.newest(lambda state: state["supervisor_calls"])["supervisor_calls"][0]["reason"] == "other"
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert supervisor.newest(lambda state: not state["calls"])["revision"]
    assert not any(state["calls"] for state in elsewhere.receive())


def test_the_same_state_reads_the_same_from_a_socket_and_over_http(listen, sign_in):
    """Even the order of the keys is equal, because pages redraw only a state that reads differently."""
    officer = sign_in("officer")
    tablet, desk = listen("/lane", officer, lane=1), listen("/desk", officer)
    steps.call(officer, steps.vehicle(officer, 1))
    steps.vehicle(officer, 2)
    for listener, path, parts in (
        (tablet, "/api/v1/lanes/1/state", ("here", "waiting", "recent")),
        (desk, "/api/v1/desk/state", ("picks", "walk", "returns")),
    ):
        asked = officer.get(path).get_json()
        pushed = listener.newest(lambda state, asked=asked: state["revision"] == asked["revision"])
        assert [json.dumps(pushed[part]) for part in parts] == [json.dumps(asked[part]) for part in parts]


def test_the_screen_is_empty_again_when_the_vehicle_has_left(listen, api):
    screen, officer = listen("/board", token=steps.display(lane=1)), api("officer")
    visit = steps.vehicle(officer)
    steps.call(officer, visit)
    shown = screen.newest(lambda state: state["lanes"][0]["visit"])
    assert shown["announcement"]["queue_no"] == "A001"
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert screen.newest(lambda state: not state["lanes"][0]["visit"])["revision"] > shown["revision"]


def test_queued_call_is_announced_without_another_event(listen, api, app):
    officer = api("officer")
    first, second = steps.vehicle(officer, 1), steps.vehicle(officer, 2)
    screen = listen("/board", token=steps.display())
    began = clock.now()
    with clock.freeze(began):
        steps.call(officer, first, lane=1)
        steps.call(officer, second, lane=2)
        screen.newest(lambda state: state["announcement"] and state["announcement"]["queue_no"] == "A001")
        later = app.extensions["ampera.pump"].later
        wait_until(
            lambda: later, "nobody has planned to announce the second call"
        )  # A001 may come before A002 is called
        (planned,) = later
        assert planned == ("/board", "1")
    with clock.freeze(began + timedelta(seconds=8.5)):
        app.extensions["ampera.pump"].later[planned] = 0
        app.extensions["ampera.pump"].wake.set()
        screen.newest(lambda state: state["announcement"] and state["announcement"]["queue_no"] == "A002")


def test_an_applicants_phone_follows_the_vehicle(listen, api):
    officer = api("officer")
    first, second = steps.vehicle(officer, 1), steps.vehicle(officer, 2)
    phone = listen("/pickup", link=steps.link(second["passports"][0]["pickup_id"]))
    assert phone.newest()["visit"]["position"] == 2
    steps.call(officer, first)
    phone.newest(lambda state: state["visit"]["position"] == 1)
    steps.call(officer, second, lane=2)
    assert phone.newest(lambda state: state["visit"]["state"] == "called")["visit"]["lane"] == 2


def test_tablet_state_marks_the_officers_own_claim(listen, sign_in):
    officer, colleague = sign_in("officer"), sign_in("officer2")
    mine, theirs = listen("/lane", officer, lane=1), listen("/lane", colleague, lane=1)
    visit = steps.vehicle(officer)
    officer.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1})
    assert mine.newest(lambda state: state["current"])["current"]["claim"]["mine"] is True
    assert theirs.newest(lambda state: state["current"])["current"]["claim"]["mine"] is False


def test_office_change_reaches_the_screens_of_the_office(listen, sign_in):
    screen, supervisor = listen("/board", token=steps.display()), sign_in("supervisor")
    assert supervisor.post("/api/v1/lanes/2/close").get_json()["open"] is False
    assert screen.newest(lambda state: not state["lanes"][1]["open"])["lanes"][0]["open"] is True
    assert supervisor.put("/api/v1/office/message", json={"message": "Mohon bersabar."}).status_code == 200
    screen.newest(lambda state: state["message"] == "Mohon bersabar.")


def test_refused_scan_pushes_nothing(listen, api):
    screen = listen("/board", token=steps.display())
    revision = screen.newest()["revision"]
    api("officer").post(
        "/api/v1/scans", json={"scan_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "lane": 1, "input": "X"}
    )
    assert all(state["revision"] == revision for state in screen.receive())


@pytest.mark.parametrize(("breath", "breaths"), [(pumps.BREATH, 30), (0.1, 3), (5.0, 2)])
def test_news_arrive_during_a_crowd_of_requests(app, monkeypatch, breath, breaths):
    """Thirty rooms of 10 ms each: one by one in a calm loop, else half of it is theirs, 0.25 s at once at most."""
    at, pauses = [0.0], []
    pump = app.extensions["ampera.pump"]

    def rooms():
        for number in range(30):
            at[0] += 0.01
            yield "/board", str(number)

    def sleep(_seconds):
        pauses.append(at[0])
        at[0] += breath

    monkeypatch.setattr(pumps, "time", SimpleNamespace(perf_counter=lambda: at[0], sleep=sleep))
    pump.paced(rooms())
    assert len(pauses) == breaths
    assert pump.worked == pytest.approx(0.3)
