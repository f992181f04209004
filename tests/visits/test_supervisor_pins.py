"""A supervisor decides on the officer's tablet with the own PIN: nobody is signed out, the record names all three."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.accounts import service
from ampera.accounts.models import Device, SignIn, Staff
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.numbers import LIVES, MOST_MISSES
from ampera.audit import AuditEntry
from tests import builders
from tests.accounts.test_pins import OTHER_PIN, PIN, make_pin, switch, who_is_in
from tests.accounts.test_sign_in import csrf_token, log_in
from tests.accounts.test_tablets import JSON, admin, enrolled  # noqa: F401
from tests.conftest import on_both
from tests.handovers import steps as window
from tests.visits.test_supervisor_calls import call, hand_over, lock, path, refusal

SUPERVISOR = "supervisor.plg"


def with_pins(browser):
    """The supervisor has signed in here once and made a PIN; the officer is at work."""
    for login, pin in ((SUPERVISOR, PIN), ("officer.plg", OTHER_PIN)):
        assert log_in(browser, login).status_code == 302
        assert make_pin(browser, pin).status_code == 303
    browser.environ_base["HTTP_X_CSRFTOKEN"] = csrf_token(browser)
    return browser


@pytest.fixture
def officer(app):
    return with_pins(app.test_client())


@pytest.fixture
def called(officer):
    visit = window.serving(officer, builders.ready(1)[1])
    call(officer, visit)
    return visit


def pin_id(login=SUPERVISOR):
    with db.reading() as session:
        return session.scalar(select(DevicePin.id).where(DevicePin.staff_id == builders.staff(login).id)) or 0


def decide(client, visit, pin=PIN, decision="attend", **more):
    body = {"pin_id": pin_id(), "pin": pin, "decision": decision} | more
    return client.post(f"/login/decision/{visit['id']}", json=body, headers=JSON)


def entry(action):
    with db.reading() as session:
        return session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()


def set_of_directory(monkeypatch, app, factor):
    """The supervisor comes from a directory, which asked for a second step or not; supervisors need one."""
    with db.reading() as session:
        made = session.scalar(select(DevicePin.signed_in_at).where(DevicePin.id == pin_id()))
    builders.set_columns(SignIn, {"created_at": made}, factor=factor)
    builders.set_columns(Staff, {"login": SUPERVISOR}, password_hash="")
    settings = app.extensions["ampera.settings"]
    monkeypatch.setitem(app.extensions, "ampera.settings", replace(settings, second_factor="supervisor"))


@on_both
def test_record_names_supervisor_officer_and_tablet_and_nobody_is_signed_out(app, enrolled):  # noqa: F811
    officer = with_pins(enrolled())
    (book,), code = builders.ready(1)
    visit = window.serving(officer, code)
    lock(officer, visit, book)
    call(officer, visit, "locked")
    here = officer.get("/login/supervisors").get_json()["supervisors"]
    assert here == [{"pin_id": pin_id(), "name": builders.staff(SUPERVISOR).name}]
    answer = decide(officer, visit, decision="unlock")
    assert (answer.status_code, answer.get_json()["decided_by"]) == (200, builders.staff(SUPERVISOR).name)
    with db.reading() as session:
        tablet = session.scalar(select(Device.id))
    row, vouched = entry("supervisor.decided"), entry("staff.vouched")
    assert row.staff_id == vouched.staff_id == builders.staff(SUPERVISOR).id
    details = json.loads(row.details)
    assert (details["tablet_of"], details["tablet"]) == (builders.staff("officer.plg").id, tablet)
    assert json.loads(vouched.details) == {"factor": "pin", "tablet": tablet}
    assert who_is_in(officer) == "officer.plg"
    assert hand_over(officer, visit, book).status_code == 201


def test_wrong_pins_count_as_at_the_change_of_officer(officer, called):
    for _ in range(2):
        assert refusal(decide(officer, called, "000000")) == (403, "pin_wrong")
    assert [switch(officer, SUPERVISOR, "000000").status_code for _ in range(2)] == [401, 401]
    wrong = decide(officer, called, "x" * 200)
    assert refusal(wrong) == (403, "pin_wrong") and "pin" in wrong.get_json()["error"]["fields"]
    assert refusal(decide(officer, called)) == (422, "pin_over")
    assert switch(officer, SUPERVISOR, PIN).status_code == 422
    assert officer.get("/login/supervisors").get_json() == {"supervisors": []}
    with db.reading() as session:
        refused = session.scalars(select(AuditEntry.staff_id).where(AuditEntry.action == "staff.pin_refused")).all()
    assert refused == [builders.staff(SUPERVISOR).id] * MOST_MISSES
    assert who_is_in(officer) == "officer.plg"
    person = {"login": SUPERVISOR, "password": builders.PASSWORD}
    assert officer.post(path(called, "/decision"), json={"decision": "attend", **person}).status_code == 200


def test_right_pin_forgives_the_misses(officer, called):
    for _ in range(2):
        for _ in range(MOST_MISSES - 1):
            decide(officer, called, "000000")
        assert decide(officer, called).status_code == 200
        call(officer, called)


def test_pin_is_of_this_browser_only(app, officer, called):
    elsewhere = app.test_client()
    log_in(elsewhere, "officer.plg")
    elsewhere.environ_base["HTTP_X_CSRFTOKEN"] = csrf_token(elsewhere)
    assert elsewhere.get("/login/supervisors").get_json() == {"supervisors": []}
    assert refusal(decide(elsewhere, called)) == (422, "pin_over")


@pytest.mark.parametrize(
    "change",
    [
        lambda who: service.set_active(builders.actor("admin"), who.staff_id, False),
        lambda who: service.reset_password(builders.actor("admin"), who.staff_id, "x"),
        lambda who: service.set_role(builders.actor("admin"), who.staff_id, "officer"),
        lambda who: builders.set_columns(Staff, {"id": who.staff_id}, role="desk"),
        lambda who: builders.set_columns(Staff, {"id": who.staff_id}, office_id=2),
    ],
    ids=["disabled", "reset", "role", "no supervisor", "other office"],
)
def test_only_a_supervisor_of_the_office_decides_with_a_pin(officer, called, change):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    kept = pin_id()
    change(builders.actor("supervisor"))
    assert refusal(decide(officer, called, pin_id=kept)) == (422, "pin_over")
    assert officer.get("/login/supervisors").get_json() == {"supervisors": []}


def test_supervisor_at_work_does_not_decide_the_own_call(app):
    browser = with_pins(app.test_client())
    assert switch(browser, SUPERVISOR, PIN).status_code == 302
    browser.environ_base["HTTP_X_CSRFTOKEN"] = csrf_token(browser)
    visit = window.serving(browser, builders.ready(1)[1])
    call(browser, visit)
    assert refusal(decide(browser, visit)) == (422, "pin_over")


def test_pin_decides_until_the_shift_is_over(officer, called):
    late = clock.now() + LIVES + timedelta(minutes=1)
    assert decide(officer, called).status_code == 200
    builders.set_columns(DevicePin, {"id": pin_id()}, expires_at=late - LIVES - timedelta(hours=1))
    call(officer, called)
    assert refusal(decide(officer, called)) == (422, "pin_over")


def test_pin_stands_for_the_second_step_of_the_full_sign_in(officer, called):
    builders.set_columns(Staff, {"login": SUPERVISOR}, has_factor=True)
    assert decide(officer, called).status_code == 200


def test_supervisor_of_a_directory_without_a_password_decides(app, officer, called, monkeypatch):
    set_of_directory(monkeypatch, app, "oidc")
    assert decide(officer, called).status_code == 200


def test_supervisor_whose_second_step_became_needed_decides_after_a_new_sign_in_only(app, officer, called, monkeypatch):
    set_of_directory(monkeypatch, app, None)
    assert refusal(decide(officer, called)) == (403, "factor_missing")


def test_body_that_makes_no_sense_counts_no_try(officer, called):
    good = {"decision": "attend", "pin_id": pin_id(), "pin": PIN}
    bad = ({"decision": "bosan"}, {"pin_id": str(pin_id())}, {"login": "x"}, {"reason": "dua\nbaris"}, {"pin": 1})
    for wrong in bad:
        assert refusal(officer.post(f"/login/decision/{called['id']}", json=good | wrong, headers=JSON))[0] == 422
    assert officer.post(f"/login/decision/{called['id']}", json={}).status_code == 422
    with db.reading() as session:
        assert session.get_one(DevicePin, pin_id()).misses == 0
