"""Closing the line by hand and temporary messages: both need words and an end ahead, and end by themselves."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.offices import closing_service, queries
from ampera.offices.calendar.admission import message_line
from ampera.offices.models import Office
from tests import builders
from tests.conftest import on_both

HOUR = timedelta(hours=1)


def office() -> Office:
    with db.reading() as session:
        return session.get_one(Office, 1)


def line():
    with db.reading() as session:
        return queries.admission_of(session, session.get_one(Office, 1))


def iso(later: timedelta) -> str:
    return clock.iso(clock.now() + later)


@pytest.fixture
def supervisor(app):
    return builders.actor("supervisor")


@on_both
def test_closed_and_opened_with_a_history(supervisor):
    until = clock.now() + HOUR
    closed = closing_service.close_now(supervisor, " Contoh:  genset rusak ", until)
    assert (closed.revision, line().reason) == (1, "by_hand")
    with clock.shift(HOUR):
        assert line().is_open
    assert closing_service.open_again(supervisor).revision == 2 and line().is_open
    assert closing_service.open_again(supervisor).revision == 2  # nothing to open
    with db.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.subject == "office:1").order_by(AuditEntry.id))
        recorded = [(row.action, json.loads(row.details)) for row in rows]
    assert recorded[0] == ("office.closed", {"reason": "Contoh: genset rusak", "until": clock.iso(until)})
    assert recorded[1][0] == "office.opened" and len(recorded) == 2


def test_closing_again_replaces_the_end(supervisor):
    closing_service.close_now(supervisor, "Contoh", clock.now() + HOUR)
    closing_service.close_now(supervisor, "Contoh")
    with clock.shift(2 * HOUR):
        assert line().reason == "by_hand" and line().opens_at is None


@pytest.mark.parametrize(
    ("reason", "later", "code"),
    [
        ("", None, "reason_missing"),
        (" \n ", HOUR, "reason_missing"),
        ("x" * 161, None, "bad_line"),
        ("rusak\x00", None, "bad_line"),
        ("Contoh", timedelta(0), "bad_until"),
        ("Contoh", -HOUR, "bad_until"),
        ("Contoh", timedelta(days=367), "bad_until"),
    ],
)
def test_a_closing_that_makes_no_sense_is_refused(supervisor, reason, later, code):
    until = None if later is None else clock.now() + later
    with clock.freeze(clock.now()):
        assert closing_service.close_now(supervisor, reason, until).code == code
    assert office().options == {} and office().revision == 0


def test_banner_ends_in_time_or_by_hand(supervisor):
    standing = message_line({}, clock.now())
    closing_service.set_banner(supervisor, "Uji listrik.", clock.now() + HOUR)
    assert message_line(office().options, clock.now()) == "Uji listrik."
    assert message_line(office().options, clock.now() + HOUR) == standing
    closing_service.drop_banner(supervisor)
    assert message_line(office().options, clock.now()) == standing
    assert closing_service.drop_banner(supervisor).revision == 2
    assert closing_service.set_banner(supervisor, "", clock.now() + HOUR).code == "bad_line"
    assert closing_service.set_banner(supervisor, "x", clock.now() - HOUR).code == "bad_until"


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_the_api_closes_and_opens(api, role):
    who = api(role)
    until = iso(HOUR)
    recorded = who.post("/api/v1/office/close", json={"reason": "Contoh", "until": until}).get_json()
    assert recorded == {"open": False, "until": until, "revision": 1}
    assert line().reason == "by_hand"
    assert who.post("/api/v1/office/open").get_json() == {"open": True, "revision": 2}
    assert line().is_open
    assert who.post("/api/v1/office/close", json={"reason": "Contoh"}).get_json()["until"] is None


def test_the_api_sets_a_message_for_a_while(api):
    who, until = api("supervisor"), iso(HOUR)
    assert who.put("/api/v1/office/message", json={"message": "Tetap."}).get_json()["until"] is None
    assert who.put("/api/v1/office/message", json={"message": "Uji.", "until": until}).get_json()["until"] == until
    assert message_line(office().options, clock.now()) == "Uji."
    assert message_line(office().options, clock.now() + HOUR) == "Tetap."


@pytest.mark.parametrize("role", ["officer", "desk"])
def test_nobody_else_closes(api, role):
    assert api(role).post("/api/v1/office/close", json={"reason": "Contoh"}).status_code == 403
    assert api(role).post("/api/v1/office/open").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": ""},
        {"reason": "x" * 161},
        {"reason": " "},
        {"reason": "Contoh", "until": "nanti"},
        {"reason": "Contoh", "until": "2099-01-01T10:00"},
        {"reason": "Contoh", "until": "9999-12-31T23:59:59+00:00"},
        {"reason": "Contoh", "until": "0001-01-01T00:00:00+07:00"},
        {"reason": "Contoh", "more": 1},
    ],
)
def test_a_body_that_makes_no_sense_is_refused_by_field(api, body):
    answer = api("admin").post("/api/v1/office/close", json=body)
    assert answer.status_code == 422 and answer.get_json()["error"]["fields"]
