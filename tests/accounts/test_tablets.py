"""A tablet of the office: enrolled by its code, of one use, and dead as soon as it is revoked."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ampera import COOKIE, audit, clock, db, migrate
from ampera.accounts.devices.enrolment_codes import COLLECTED_WITHIN
from ampera.accounts.models import Device, SignIn
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.tablets.browser_views import COOKIE as TABLET_COOKIE
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.tools.auditing.proof import verify
from tests import builders, intruder
from tests.accounts.test_factors import add_app, code_now, post
from tests.accounts.test_pins import PIN, make_pin, switch
from tests.accounts.test_sign_in import count, csrf_token, log_in
from tests.conftest import on_both
from tests.handovers import steps as window

JSON = {"Accept": "application/json"}


@pytest.fixture
def admin(app):
    """An administrator who has typed the password just now."""
    browser = app.test_client()
    assert log_in(browser, "admin.plg").status_code == 302
    return browser


@pytest.fixture
def enrolled(app, admin):
    """`enrolled("window", lane="1")` is a browser that an administrator has made a tablet."""

    def enrol(kind="window", name="Tablet 1", lane=""):
        browser = app.test_client()
        answer = collect(browser, confirm(admin, request_code(browser), kind=kind, name=name, lane=lane))
        assert answer["state"] == "enrolled" and answer["path"] == "/login"
        return browser

    return enrol


@pytest.fixture
def tied(app, monkeypatch):
    """Officers and desk sign in on tablets only, as in production."""
    settings = app.extensions["ampera.settings"]
    monkeypatch.setitem(app.extensions, "ampera.settings", replace(settings, enrolled_tablets="officer,desk"))


def request_code(browser):
    return browser.post("/board/knock", json={}, headers=JSON).get_json()


def confirm(admin, asked, **form):
    wanted = {"kind": "window", "name": "Tablet 1", "lane": "", "code": asked["code"]} | form
    assert post(admin, "/admin/devices/tablets/confirm", **wanted).status_code == 303
    return asked


def collect(browser, asked):
    return browser.post("/board/collect", json={"secret": asked["secret"]}, headers=JSON).get_json()


def tablets():
    with db.reading() as session:
        return list(session.scalars(select(Device).where(Device.kind != "display").order_by(Device.id)))


def entries(action):
    with db.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        return [json.loads(row.details) for row in rows]


def refusal(answer):
    return answer.status_code, answer.get_json()["error"]["code"]


def at_work(tablet, login="officer.plg"):
    """Somebody signs in on this tablet, whose pages then send the token with every request."""
    assert log_in(tablet, login).status_code == 302
    tablet.environ_base["HTTP_X_CSRFTOKEN"] = csrf_token(tablet)
    return tablet


def give(tablet):
    """The vehicle of book 1 is served, and the answer to its handover."""
    ids, code = builders.ready(1)
    visit = window.serving(tablet, code)
    return visit["id"], tablet.post("/api/v1/handovers", json=window.body(visit["id"], window.book(ids[0], 1)))


@on_both
def test_confirmed_browser_is_a_tablet_of_the_office(app, admin):
    browser = app.test_client()
    assert "Tablet ini belum terdaftar" in browser.get("/tablet").text
    asked = request_code(browser)
    assert collect(browser, asked) == {"state": "waiting"}
    confirm(admin, asked, name="Tablet 7", kind="gate", lane="2")
    assert collect(browser, asked)["state"] == "enrolled"
    page = browser.get("/tablet").text
    assert "Tablet 7" in page and "Gerbang" in page and "Jalur 2" in page
    assert "Tablet 7" in admin.get("/admin/devices/tablets").text
    assert "Tablet 7" not in admin.get("/admin/devices").text


@pytest.mark.parametrize(
    ("form", "field"),
    [({"kind": "display"}, "kind"), ({"kind": ""}, "kind"), ({"lane": "99"}, "lane"), ({"lane": "x"}, "lane"),
     ({"name": " "}, "name"), ({"lock_minutes": "61"}, "lock"), ({"lock_minutes": "-1"}, "lock"),
     ({"code": "AAA-AAA"}, "code")],
)  # fmt: skip
def test_refused_form_names_the_wrong_field_and_enrols_nothing(app, admin, form, field):
    asked = request_code(app.test_client())
    wanted = {"kind": "window", "name": "Tablet 1", "lane": "", "code": asked["code"]} | form
    answer = post(admin, "/admin/devices/tablets/confirm", **wanted)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert tablets() == []


def test_enrolment_needs_a_fresh_proof_of_the_password(app, admin):
    builders.set_columns(SignIn, {}, proved_at=clock.now() - audit.FRESH)
    asked = request_code(app.test_client())
    wanted = {"kind": "window", "name": "Tablet 1", "code": asked["code"]}
    assert post(admin, "/admin/devices/tablets/confirm", **wanted).status_code == 422
    assert post(admin, "/admin/devices/tablets/confirm", **wanted, proof=builders.PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("kind", "lane", "login", "target"),
    [("window", "2", "officer.plg", "/lane?lane=2&point=window"),
     ("gate", "1", "officer.plg", "/lane?lane=1&point=gate"), ("window", "", "officer.plg", "/lane"),
     ("window", "1", "supervisor.plg", "/lane?lane=1&point=window"), ("desk", "", "supervisor.plg", "/desk"),
     ("desk", "", "admin.plg", "/admin")],
)  # fmt: skip
def test_work_begins_at_the_place_of_the_tablet(enrolled, kind, lane, login, target):
    assert log_in(enrolled(kind, lane=lane), login).location == target


@pytest.mark.parametrize(
    ("kind", "login"), [("window", "desk.plg"), ("gate", "admin.plg"), ("desk", "officer.plg")]
)  # fmt: skip
def test_tablet_refuses_roles_that_do_not_work_there(enrolled, kind, login):
    answer = log_in(enrolled(kind), login)
    assert answer.status_code == 403 and "tidak terdaftar untuk peran Anda" in answer.text
    assert entries("staff.browser_refused") == [{"why": "tablet_not_for_role"}]


def test_tablet_of_another_office_refuses_everybody(enrolled):
    tablet = enrolled()
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    answer = log_in(tablet, "officer.jkt")
    assert answer.status_code == 403 and "terdaftar pada kantor lain" in answer.text


def test_role_that_is_tied_to_tablets_signs_in_nowhere_else(app, tied, enrolled):
    elsewhere = app.test_client()
    for _ in range(7):  # a right password counts as no miss
        answer = log_in(elsewhere, "officer.plg")
        assert answer.status_code == 403 and 'href="/tablet"' in answer.text
    assert log_in(elsewhere, "officer.plg", "salah-sekali-12345").status_code == 401
    assert log_in(elsewhere, "supervisor.plg").status_code == 302
    assert log_in(enrolled(), "officer.plg").status_code == 302


def test_second_factor_and_pin_open_nothing_in_another_browser(app, tied, enrolled):
    add_app(app, "officer.plg")
    tablet = enrolled()
    assert log_in(app.test_client(), "officer.plg").status_code == 403
    assert log_in(tablet, "officer.plg").location == "/login/factor"
    assert post(tablet, "/login/factor", code=code_now()).status_code == 302
    assert make_pin(tablet, PIN).status_code == 303
    tablet.delete_cookie(TABLET_COOKIE)
    answer = switch(tablet, "officer.plg", PIN)
    assert answer.status_code == 403 and "hanya masuk di tablet kantor" in answer.text


@pytest.mark.parametrize(
    ("env", "chosen", "roles"),
    [("production", "", {"officer", "desk"}), ("development", "", set()), ("production", "none", set()),
     ("development", "desk", {"desk"})],
)  # fmt: skip
def test_roles_that_are_tied_to_tablets(app, env, chosen, roles):
    settings = replace(app.extensions["ampera.settings"], env=env, enrolled_tablets=chosen)
    assert settings.tablet_roles == roles


@on_both
def test_session_of_a_tablet_opens_nothing_in_another_browser(app, enrolled):
    tablet, thief = enrolled(), app.test_client()
    log_in(tablet, "officer.plg")
    assert tablet.get("/lane").status_code == 200
    thief.set_cookie(COOKIE, tablet.get_cookie(COOKIE).value)
    assert thief.get("/lane").status_code == 302
    thief.set_cookie(TABLET_COOKIE, "ampera_device_" + "x" * 43)
    assert thief.get("/lane").status_code == 302
    assert tablet.get("/lane").status_code == 200


@on_both
def test_revoked_tablet_is_dead_with_all_sessions_and_pins(enrolled, sign_in):
    tablet = enrolled()
    log_in(tablet, "officer.plg")
    assert make_pin(tablet, PIN).status_code == 303
    (device,) = tablets()
    supervisor = sign_in("supervisor")
    assert "Cabut Tablet 1" in supervisor.get(f"/admin/devices/tablets/{device.id}/revoke").text
    assert supervisor.post(f"/admin/devices/tablets/{device.id}/revoke").status_code == 303
    assert tablet.get("/lane").location.startswith("/login")
    assert refusal(tablet.get("/api/v1/visits", headers=JSON)) == (401, "sign_in_needed")
    assert count(DevicePin) == 0 and count(SignIn, SignIn.device_id == device.id, SignIn.ended_at.is_(None)) == 0
    assert "Tablet ini belum terdaftar" in tablet.get("/tablet").text
    assert supervisor.get(f"/admin/devices/tablets/{device.id}/revoke").status_code == 404


def test_pin_from_before_the_enrolment_ends_with_the_tablet(app, admin, sign_in):
    browser = at_work(app.test_client())
    assert make_pin(browser, PIN).status_code == 303
    assert collect(browser, confirm(admin, request_code(browser)))["state"] == "enrolled"
    log_in(browser, "supervisor.plg")
    assert sign_in("supervisor").post(f"/admin/devices/tablets/{tablets()[0].id}/revoke").status_code == 303
    assert count(DevicePin) == 0


def test_right_of_a_tablet_alone_opens_nothing(enrolled):
    tablet = enrolled()
    token = tablet.get_cookie(TABLET_COOKIE).value
    tablet.delete_cookie(TABLET_COOKIE)
    for path in ("/api/v1/boards/PLG", "/api/v1/visits"):
        answer = tablet.get(path, headers={"Authorization": f"Bearer {token}"})
        assert refusal(answer) == (401, "sign_in_needed")
    assert tablet.post("/board/enter", json={"token": token}, headers=JSON).status_code == 404


@pytest.mark.parametrize("kind", ["gate", "desk"])
def test_tablet_that_is_not_at_a_window_gives_no_book(enrolled, kind):
    tablet = at_work(enrolled(kind), "supervisor.plg")
    visit_id, given = give(tablet)
    assert refusal(given) == (403, "wrong_tablet")
    checked = tablet.post(f"/api/v1/visits/{visit_id}/checks", json={"passport_id": 1, "book": "X0000001"})
    assert refusal(checked) == (403, "wrong_tablet")
    assert count(Handover) == 0


def test_other_use_of_a_tablet_ends_the_sessions_there(enrolled, admin):
    tablet = enrolled()
    log_in(tablet, "officer.plg")
    (device,) = tablets()
    path = f"/admin/devices/tablets/{device.id}"
    assert post(admin, path, kind="window", name="Tablet 2", lane="1").status_code == 303
    assert tablet.get("/lane").status_code == 200
    assert post(admin, path, kind="desk", name="Tablet 2").status_code == 303
    assert tablet.get("/lane").status_code == 302
    assert log_in(tablet, "desk.plg").status_code == 302
    assert post(admin, f"/admin/devices/{device.id}", name="Layar", place="all").status_code == 404


@on_both
def test_record_and_history_name_the_tablet(enrolled):
    tablet = at_work(enrolled(name="Tablet 9"))
    assert give(tablet)[1].status_code == 201
    (device,) = tablets()
    with db.reading() as session:
        assert session.scalars(select(Handover.device_id)).one() == device.id
        assert verify(session)["ok"]
    assert [row["tablet"] for row in entries("handover.recorded")] == [device.id]
    assert "Tablet 9" in tablet.get("/register/1").text
    assert [row["tablet"] for row in entries("handover.viewed")] == [device.id]


def test_changed_tablet_of_a_record_is_noticed(enrolled):
    assert give(at_work(enrolled()))[1].status_code == 201
    enrolled(name="Tablet 2")
    intruder.change(update(Handover).values(device_id=tablets()[1].id))
    with db.reading() as session:
        assert not verify(session)["ok"]


@on_both
def test_tablet_of_a_record_is_proved_after_a_downgrade_and_an_upgrade(enrolled):
    assert give(at_work(enrolled()))[1].status_code == 201
    migrate.downgrade(db.current(), "0025")
    migrate.upgrade(db.current())
    with db.reading() as session:
        assert session.scalars(select(Handover.device_id)).one() == tablets()[0].id
        assert verify(session)["ok"]
    assert tablets()[0].revoked_at, "the version between would have let it watch as a display"


def test_list_shows_who_was_there_last_and_with_which_version(enrolled, admin):
    tablet = enrolled()
    assert "Belum ada yang masuk di sini" in admin.get("/admin/devices/tablets").text
    log_in(tablet, "officer.plg")
    page = admin.get("/admin/devices/tablets").text
    assert "Petugas Contoh officer.plg" in page and "Versi " in page


def test_locked_tablet_shows_nothing_of_anybody_and_goes_on_at_the_same_place(enrolled):
    tablet = enrolled()
    log_in(tablet, "officer.plg")
    answer = post(tablet, "/login/lock", next="/lane?lane=1")
    assert answer.status_code == 303
    page = tablet.get(answer.location)
    assert "Petugas Contoh" not in page.text and 'href="/login?next=/lane?lane%3D1"' in page.text
    assert tablet.get("/lane").status_code == 302
    assert count(SignIn, SignIn.ended_at.is_(None), SignIn.device_id.is_not(None)) == 0


def test_only_a_tablet_locks_and_not_with_zero_minutes(enrolled, sign_in):
    tablet = enrolled()
    log_in(tablet, "officer.plg")
    assert 'data-after="300"' in tablet.get("/lane?lane=1").text
    assert 'id="idle-lock"' not in sign_in("officer").get("/lane?lane=1").text
    builders.set_columns(Device, {}, lock_minutes=0)
    assert 'id="idle-lock"' not in tablet.get("/lane?lane=1").text


def test_tablet_collects_the_right_once_and_soon(app, admin):
    browser = app.test_client()
    asked = confirm(admin, request_code(browser))
    with clock.shift(COLLECTED_WITHIN + timedelta(seconds=1)):
        assert browser.post("/board/collect", json={"secret": asked["secret"]}, headers=JSON).status_code == 404
    assert collect(browser, asked)["state"] == "enrolled"
    assert browser.post("/board/collect", json={"secret": asked["secret"]}, headers=JSON).status_code == 404


def test_server_locks_a_tablet_whose_page_was_closed(enrolled):
    tablet = at_work(enrolled())
    with clock.shift(timedelta(minutes=6)):
        assert tablet.post("/login/awake").status_code == 204
    with clock.shift(timedelta(minutes=14)):
        assert tablet.get("/lane").status_code == 302
    with clock.shift(timedelta(minutes=12)):
        assert tablet.get("/lane").status_code == 200
    builders.set_columns(Device, {}, lock_minutes=0)
    with clock.shift(timedelta(minutes=60)):
        assert tablet.get("/lane").status_code == 200


def test_session_of_a_tablet_ends_with_the_shift(enrolled):
    tablet = enrolled()
    log_in(tablet, "officer.plg")
    builders.set_columns(SignIn, {}, created_at=clock.now() - timedelta(hours=15))
    assert tablet.get("/lane").status_code == 302
