"""The heartbeat reads what has changed, and sends again what has not; what it leaves out costs nothing."""

import itertools
import json
import time
from datetime import datetime, timedelta

import pytest

from ampera import clock, db
from ampera.live import pump as pumps
from ampera.live.rooms import HEARTBEAT, LENGTH_A_SECOND
from ampera.offices import service
from tests import builders
from tests.board import steps
from tests.statements import executed


@pytest.fixture
def beat(app):
    """`beat()` is one turn of the heartbeat, in place of the task that makes one every two seconds.

    `beat(after)` is one after so many seconds without a state, `news=False` one without news.
    """
    pump, moments = app.extensions["ampera.pump"], itertools.count(1)
    pump.is_running = True  # so that no socket starts its task

    def beat(after=0.0, news=True):
        for kept in pump.rooms.kept.values():
            kept.sent_at -= after
        if not news:
            pump.due.clear()
        pump.beat_at = time.monotonic() - HEARTBEAT
        with clock.freeze(clock.now() + timedelta(milliseconds=next(moments))):
            pump.turn()

    with clock.freeze(clock.now()):  # no minute ends by itself
        yield beat


@pytest.fixture
def statements(app):
    """What was read from the database until now."""
    with executed(db.current().reader) as found:
        yield found


@pytest.fixture
def everybody(listen, sign_in):
    """A listener of each kind, and the link of the phone."""
    builders.ready(20)
    link = steps.link(1)
    return {
        "board": listen("/board", token=steps.display()),
        "lane screen": listen("/board", token=steps.display(lane=1)),
        "tablet": listen("/lane", sign_in("officer"), lane=1),
        "desk": listen("/desk", sign_in("desk")),
        "pace": listen("/pace", sign_in("supervisor")),
        "supervisor": listen("/supervisor", sign_in("supervisor")),
        "attention": listen("/attention", sign_in("supervisor")),
        "phone": listen("/pickup", link=link),
    }


def content(state):
    return {name: value for name, value in state.items() if name not in ("at", "revision", "screen")}


def test_unchanged_rooms_cost_one_statement_and_are_sent_with_a_later_moment(beat, everybody, statements):
    beat(news=False)
    before = {name: listener.receive()[-1] for name, listener in everybody.items()}
    statements.clear()
    beat()
    assert len(statements) == 1
    for name, listener in everybody.items():
        newest = listener.receive()[-1]
        assert content(newest) == content(before[name]), name
        assert newest["at"] > before[name]["at"], name


CHANGES = {
    "a scan": (lambda officer, link: steps.vehicle(officer, 1), {"board", "tablet", "desk"}),
    "an arrival": (
        lambda officer, link: officer.post(f"/p/{link}/arrival", data={"kind": "leaving"}),
        {"phone", "desk"},
    ),
    "a closed lane": (lambda officer, link: service.set_lane_open(builders.actor("supervisor"), 1, False), {"board"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_without_news_reaches_the_pages_with_the_next_heartbeat(beat, everybody, api, change):
    """As when another process makes it without Redis, or a command."""
    work, concerned = CHANGES[change]
    beat()
    before = {name: content(listener.receive()[-1]) for name, listener in everybody.items()}
    work(api("officer"), steps.link(1))
    beat(news=False)
    changed = {name for name, listener in everybody.items() if content(listener.receive()[-1]) != before[name]}
    assert changed >= concerned


def test_rooms_of_an_office_share_one_read_of_a_change(beat, listen, api, statements):
    screens = [listen("/board", token=steps.display(lane=lane)) for lane in (None, 1, 2)]
    steps.vehicle(api("officer"))
    statements.clear()
    beat()
    assert sum("FROM offices LEFT OUTER JOIN audit_heads" in statement for statement in statements) == 2
    assert all(screen.receive()[-1]["next"] for screen in screens)


def test_another_office_is_not_read_for_a_change(beat, listen, api, statements):
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")
    elsewhere = listen("/board", token=steps.display(office="JKT"))
    beat()
    steps.vehicle(api("officer"))
    statements.clear()
    beat()
    assert len(statements) == 1
    assert elsewhere.receive()[-1]["at"]


def test_a_phone_receives_fewer_states_when_the_page_agrees(beat, listen):
    builders.ready(1)
    patient, other = listen("/pickup", link=steps.link(1), beat=12), None
    received = []
    for seconds in (2, 8.5, 2):  # 2, 10.5 and 2 since the last state
        count = len(patient.receive())
        beat(seconds)
        received.append(len(patient.receive()) - count)
    assert received == [0, 1, 0]
    other = listen("/pickup", link=steps.link(1))  # of an older version, which asks after three seconds
    count = len(patient.receive())
    beat(2)
    assert len(patient.receive()) > count and other.receive()


def test_a_patient_phone_receives_a_new_place_at_once(beat, listen, api):
    officer = api("officer")
    first, second = steps.vehicle(officer, 1), steps.vehicle(officer, 2)
    phone = listen("/pickup", link=steps.link(second["passports"][0]["pickup_id"]), beat=12)
    steps.call(officer, first)
    beat()
    assert phone.receive()[-1]["visit"]["position"] == 1


@pytest.mark.parametrize("beat_", [None, "12", 1, 16, 10**9, -3, True, 2.5])
def test_a_wish_that_is_no_sensible_beat_is_ignored(beat, listen, beat_):
    builders.ready(1)
    phone = listen("/pickup", link=steps.link(1), beat=beat_)
    count = len(phone.receive())
    beat()
    assert len(phone.receive()) == count + 1


def test_a_state_that_time_alone_changes_is_read_at_the_next_full_minute(beat, listen):
    service.set_option(builders.actor("supervisor"), "quiet_hours", ["12:00", "13:00"])
    noon = datetime.fromisoformat("2026-11-30T12:00:00+07:00")
    with clock.freeze(noon - timedelta(seconds=1)):
        screen = listen("/board", token=steps.display())
        beat()
        assert screen.receive()[-1]["quiet"] is False
    with clock.freeze(noon):
        beat()
    assert screen.receive()[-1]["quiet"] is True


def test_the_end_of_a_closure_by_hand_is_planned(beat, listen, sign_in, app):
    until = clock.now() + timedelta(minutes=5, seconds=7)
    body = {"until": clock.iso(until), "reason": "uji"}
    answer = sign_in("supervisor").post("/api/v1/office/close", json=body)
    assert answer.status_code == 200, answer.get_json()
    tablet = listen("/lane", sign_in("officer"), lane=1)
    pump = app.extensions["ampera.pump"]
    planned = min(at for (namespace, _), at in pump.later.items() if namespace == "/lane")
    assert tablet.receive()[-1]["line"]["open"] is False
    assert planned - time.monotonic() == pytest.approx(307, abs=5)


def test_a_phone_whose_link_was_replaced_is_disconnected(beat, listen, sign_in):
    builders.ready(1)
    phone = listen("/pickup", link=steps.link(1))
    assert sign_in("desk").post("/api/v1/pickups/1/codes").status_code == 201
    beat()
    assert not phone.is_listening


def test_nothing_is_sent_as_fresh_while_the_database_does_not_answer(beat, listen, app, monkeypatch):
    screen = listen("/board", token=steps.display())
    beat()
    count = len(screen.receive())

    def fails(*_asked):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(pumps, "marks_of", [fails])
        with pytest.raises(OSError):
            beat()
    assert len(screen.receive()) == count
    beat()
    assert len(screen.receive()) == count + 1


def test_an_office_whose_state_cannot_be_read_does_not_hold_up_the_others(beat, listen, api, monkeypatch):
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")
    broken, whole = listen("/desk"), listen("/board", token=steps.display(office="JKT"))
    del broken
    screen = listen("/board", token=steps.display())
    feed, failed = pumps.feeds["/board"], []

    def state(session, room):
        if room == "1" and not failed:
            failed.append(room)
            raise ValueError
        return feed.state(session, room)

    monkeypatch.setitem(pumps.feeds, "/board", type(feed)("/board", feed.admit, state))
    for office in (1, 2):
        service.set_option(builders.actor("supervisor", "PLG" if office == 1 else "JKT"), "message", "Uji.")
    beat(news=False)
    assert whole.receive()[-1]["message"] == "Uji."
    beat(news=False)
    assert screen.receive()[-1]["message"] == "Uji."


def test_news_that_comes_during_a_heartbeat_goes_first(beat, listen, app, monkeypatch):
    screens = {lane: listen("/board", token=steps.display(lane=lane)) for lane in (None, 1, 2)}
    pump = app.extensions["ampera.pump"]
    beat()
    sent = []

    def emit(room, state):
        sent.append(room[1])
        if len(sent) == 1:
            pump.mark([("/board", "1")])

    monkeypatch.setattr(pump, "emit", emit)
    beat()
    assert len(screens) == 3
    assert sorted(sent[1:4]) == sorted({"1", *(room for _, room in pump.rooms.places())})


def test_room_with_a_long_state_rests_before_the_newest_is_sent(beat, listen, sign_in, api, app):
    pump, room = app.extensions["ampera.pump"], ("/desk", "1")
    desk, tablet = listen("/desk", sign_in("desk")), listen("/lane", sign_in("officer"), lane=1)
    beat()
    sent = len(json.dumps(desk.receive()[-1], separators=(",", ":")))
    assert sent < pump.rooms.kept[room].length < sent + 100
    pump.rooms.kept[room].length = 3600 * LENGTH_A_SECOND
    for n in (1, 2):
        steps.vehicle(api("officer"), n)
        pump.turn()
        assert len(tablet.receive()[-1]["waiting"]) == n
    assert not desk.receive()[-1]["picks"]
    pump.rooms.kept[room].sent_at -= 3600
    pump.later[room] -= 3600
    count = len(desk.states)
    pump.turn()
    assert [len(state["picks"]) for state in desk.receive()[count:]] == [2]
    steps.vehicle(api("officer"), 3)
    pump.turn()
    assert len(desk.receive()[-1]["picks"]) == 3  # the state is a short one again
