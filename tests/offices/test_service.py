"""What an office changes about itself: valid or refused, in the history, and its revision grows."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from ampera import audit, clock, db
from ampera.errors import Refused
from ampera.offices import cli, queries, service
from ampera.offices.calendar.hours import Span, Special
from ampera.offices.models import Office
from ampera.offices.options.defaults import OPTIONS, option
from ampera.offices.options.validation import are_spans, is_code, is_option
from ampera.offices.service import LaneSettings
from tests import builders

TODAY = Span("00:00", "24:00")


def office():
    with db.reading() as session:
        return session.get_one(Office, 1)


def lanes():
    with db.reading() as session:
        return {lane.number: (lane.kind, lane.is_open) for lane in queries.lanes_of(session, 1)}


def is_open_now():
    with db.reading() as session:
        return queries.admission_of(session, session.get_one(Office, 1)).is_open


@pytest.fixture
def supervisor(app):
    return builders.actor("supervisor")


def test_a_lane_is_opened_closed_and_added(supervisor):
    service.set_lane_open(supervisor, 2, False)
    service.add_lane(supervisor, 3, LaneSettings("motorcycle", "Jalur motor"))
    assert lanes() == {1: ("mixed", True), 2: ("mixed", False), 3: ("motorcycle", True)}
    before = office().revision
    service.set_lane_open(supervisor, 2, False)
    assert office().revision == before
    assert service.set_lane_open(supervisor, 9, True) == Refused("unknown_lane", 404)
    assert service.add_lane(supervisor, 1, LaneSettings("car")).code == "lane_taken"
    assert service.add_lane(supervisor, 4, LaneSettings("boat")).code == "unknown_kind"
    assert service.add_lane(supervisor, 4, LaneSettings("car", windows=10)).code == "bad_windows"


def test_a_lane_has_a_kind_a_name_a_place_and_windows(supervisor):
    service.set_lane(supervisor, 2, LaneSettings("motorcycle", "  Jalur \n motor ", "Mal Contoh", 3))
    with db.reading() as session:
        lane = queries.lanes_of(session, 1)[1]
    assert (lane.kind, lane.name, lane.site, lane.windows) == ("motorcycle", "Jalur motor", "Mal Contoh", 3)
    before = office().revision
    service.set_lane(supervisor, 2, LaneSettings("motorcycle", "Jalur motor", "Mal Contoh", 3))
    assert office().revision == before
    assert service.set_lane(supervisor, 9, LaneSettings("car", "", "", 1)) == Refused("unknown_lane", 404)
    assert service.set_lane(supervisor, 2, LaneSettings("boat", "", "", 1)).code == "unknown_kind"
    assert service.set_lane(supervisor, 2, LaneSettings("car", "", "", 0)).code == "bad_windows"


def test_a_special_day_may_have_a_break_a_title_and_a_quota(supervisor):
    day, spans = date(2027, 3, 20), [Span("08:00", "10:00"), Span("10:30", "12:00")]
    service.set_special_day(supervisor, day, " Layanan  akhir pekan ", spans, 100)
    with db.reading() as session:
        assert queries.specials_of(session, 1, day)[day] == Special("Layanan akhir pekan", tuple(spans), 100)
    service.set_special_day(supervisor, day, "Libur", [])
    with db.reading() as session:
        assert queries.specials_of(session, 1, day) == {day: Special("Libur", (), None)}
    assert service.set_special_day(supervisor, day, "Libur", [], -1).code == "bad_quota"
    assert service.set_special_day(supervisor, day, " ", []).code == "title_missing"
    assert service.set_special_day(supervisor, day, "Libur", [spans[1], Span("09:00", "11:00")]).code == "bad_hours"


def test_hours_and_special_days_open_the_office(supervisor):
    today = clock.today()
    assert is_open_now()
    service.set_hours(supervisor, today.weekday(), [])
    assert not is_open_now()
    service.set_special_day(supervisor, today, "Layanan akhir pekan", [TODAY])
    assert is_open_now()
    service.set_special_day(supervisor, today, "Libur", [])
    assert not is_open_now()
    service.drop_special_day(supervisor, today)
    service.set_hours(supervisor, today.weekday(), [TODAY])
    assert is_open_now()
    assert service.drop_special_day(supervisor, today) == Refused("not_found", 404)


def test_every_change_raises_the_revision_and_is_in_the_history(supervisor):
    changes = [
        service.set_lane_open(supervisor, 1, False),
        service.set_option(supervisor, "message", "Mohon bersabar."),
        service.set_hours(supervisor, 0, [Span("08:00", "12:00"), Span("13:00", "15:30")]),
        service.set_special_day(supervisor, date(2027, 3, 20), "Libur", []),
        service.drop_special_day(supervisor, date(2027, 3, 20)),
    ]
    assert [change.revision for change in changes] == [1, 2, 3, 4, 5] and office().revision == 5
    with db.reading() as session:
        query = select(audit.AuditEntry.action).where(audit.AuditEntry.subject == "office:1")
        actions = list(session.scalars(query.order_by(audit.AuditEntry.id)))
    assert actions == [
        "lane.closed",
        "office.option_set",
        "office.hours_set",
        "office.special_day_set",
        "office.special_day_dropped",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("message", "x" * 161),
        ("message", "dua\nbaris"),
        ("lease_seconds", 5),
        ("lease_seconds", True),
        ("call_seconds", "8"),
        ("collection_limit", "soon"),
        ("deadline_extended_until", "2027-13-01"),
        ("checklists", {"self": []}),
        ("checklists", {"self": ["blood"], "family": [], "proxy": []}),
        ("prefixes", {"car": "A", "motorcycle": "A", "priority": "P", "mixed": "A"}),
        ("hold_mode", "never"),
        ("day_quota", -1),
        ("day_quota", True),
        ("quiet_hours", ["22:00"]),
        ("quiet_hours", ["22:00", "22:00"]),
        ("rack_order", "A;B"),
        ("notice", {"text": "x"}),
        ("notice", {"text": "x", "until": "9999-12-31T23:59:59+00:00"}),
        ("closed_by_hand", {"reason": "x", "until": "nanti"}),
        ("closed_by_hand", {"reason": "x", "since": 5}),
        ("colour", "blue"),
    ],
)
def test_options_that_make_no_sense_are_refused(supervisor, name, value):
    assert service.set_option(supervisor, name, value).code == "bad_option"
    assert office().options == {} and office().revision == 0


def test_every_option_accepts_the_default():
    assert [known.name for known in OPTIONS if not is_option(known.name, known.default)] == []


@pytest.mark.parametrize(
    "spans",
    [
        [Span("12:00", "08:00")],
        [Span("8:00", "12:00")],
        [Span("08:00", "25:00")],
        [Span("08:00", "12:00"), Span("11:00", "15:00")],
        [Span("", "")],
    ],
)
def test_hours_that_make_no_sense_are_refused(supervisor, spans):
    assert not are_spans(spans)
    assert service.set_hours(supervisor, 0, spans).code == "bad_hours"
    assert service.set_hours(supervisor, 7, []).code == "bad_hours"


def test_new_office_without_hours_is_closed(app):
    made = service.create_office(audit.command(), "BDG", "Kantor Imigrasi Contoh Bandung", lanes=3)
    with db.reading() as session:
        assert len(queries.lanes_of(session, made.office_id)) == 3
        assert not queries.admission_of(session, session.get_one(Office, made.office_id)).is_open
    assert service.create_office(audit.command(), "BDG", "Lagi").code == "code_taken"
    assert service.create_office(audit.command(), "b/d", "Lagi").code == "bad_code"
    assert is_code("PLG2") and not is_code("P") and not is_code("PLG-2")


def test_the_api_belongs_to_the_lane_and_the_message_to_supervisors(api):
    assert api("officer").post("/api/v1/lanes/1/close").get_json() == {"lane": 1, "open": False, "revision": 1}
    assert api("desk").post("/api/v1/lanes/1/open").status_code == 403
    assert api("officer").post("/api/v1/lanes/9/open").status_code == 404
    assert api("officer").put("/api/v1/office/message", json={"message": "x"}).status_code == 403
    assert api("admin").put("/api/v1/office/message", json={"message": "Mohon bersabar."}).status_code == 200
    for body in ({}, {"message": "x" * 161}, {"message": "x", "more": 1}, {"message": "dua\nbaris"}):
        assert api("admin").put("/api/v1/office/message", json=body).status_code == 422
    assert option(office().options, "message") == "Mohon bersabar."


def test_command_line_sets_lanes_hours_days_and_options(app):
    def run(*arguments, fails=False):
        done = app.test_cli_runner().invoke(cli.office, arguments)
        assert (done.exit_code != 0) == fails, done.output
        return done.output

    run("create", "BDG", "--name", "Kantor Imigrasi Contoh Bandung", "--lanes", "2")
    run("hours", "mon,tue", "08:00-12:00", "13:00-15:30")
    run("special", "2027-03-20", "Libur contoh")
    run("special", "2027-03-21", "Layanan akhir pekan", "08:00-12:00")
    run("special", "2027-03-20", "--drop")
    run("special", "2027-03-22", "Layanan contoh", "08:00-10:00", "10:30-12:00", "--quota", "100")
    run("lane", "2", "close")
    run("lane", "2", "set", "--kind", "car", "--site", "Mal Contoh", "--windows", "2", "--name", "Depan")
    run("lane", "2", "set", "--windows", "3")
    run("close", "Contoh: genset rusak", "--until", "2099-01-01T10:00", fails=True)
    run("close", "Contoh: genset rusak")
    assert option(office().options, "closed_by_hand")["reason"] == "Contoh: genset rusak"
    run("open")
    assert option(office().options, "closed_by_hand") is None
    run("lane", "3", "add", "--kind", "motorcycle")
    run("set", "call_seconds", "10")
    run("set", "message", "Mohon bersabar.")
    assert option(office().options, "call_seconds") == 10 and lanes()[3] == ("motorcycle", True)
    with db.reading() as session:
        assert queries.week_of(session, 1)[0] == [Span("08:00", "12:00"), Span("13:00", "15:30")]
        specials = queries.specials_of(session, 1, date(2027, 1, 1))
        assert list(specials) == [date(2027, 3, 21), date(2027, 3, 22)]
        assert specials[date(2027, 3, 22)] == Special(
            "Layanan contoh", (Span("08:00", "10:00"), Span("10:30", "12:00")), 100
        )
    printed = json.loads(run("show", "--json"))
    assert printed["options"]["message"] == "Mohon bersabar."
    assert printed["lanes"][1] == {
        "number": 2, "name": "Depan", "kind": "car", "open": False, "site": "Mal Contoh", "windows": 3,
    }  # fmt: skip
    run("hours", "noday", fails=True)
    run("hours", "mon", "8-9", fails=True)
    run("set", "call_seconds", "soon", fails=True)
    run("lane", "9", "open", fails=True)
    run("lane", "9", "set", "--windows", "2", fails=True)
    run("lane", "2", "set", "--windows", "10", fails=True)
    run("special", "2027-03-22", "x", "--quota", "-1", fails=True)
    run("close", " ", fails=True)
    run("show", "--office", "XXX", fails=True)
