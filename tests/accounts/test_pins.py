"""A tablet goes from one officer to the next with six digits: on this tablet, in this shift, five tries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ampera import clock, db
from ampera.accounts import own_service, service
from ampera.accounts.models import SignIn, Staff
from ampera.accounts.pins import numbers
from ampera.accounts.pins import service as pins
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.numbers import LIVES, MOST_MISSES
from ampera.accounts.sign_in import known_devices
from ampera.audit import Actor
from tests import builders
from tests.accounts.test_factors import post
from tests.accounts.test_sign_in import log_in
from tests.conftest import on_both

PIN, OTHER_PIN = "402918", "731604"


@pytest.fixture
def tablet(app):
    """Both officers have signed in on this tablet and made their PINs; the second one is signed in."""
    browser = app.test_client()
    for login, pin in (("officer.plg", PIN), ("officer2.plg", OTHER_PIN)):
        assert log_in(browser, login).status_code == 302
        assert make_pin(browser, pin).status_code == 303
    return browser


def make_pin(browser, pin, again=None, password=builders.PASSWORD):
    return post(browser, "/login/pin", pin=pin, again=again or pin, password=password)


def switch(browser, login, pin, next_path=""):
    with db.reading() as session:
        owner = builders.staff(login).id
        found = session.scalar(select(DevicePin.id).where(DevicePin.staff_id == owner))
    return post(browser, "/login/switch", who=str(found or 0), pin=pin, next=next_path)


def who_is_in(browser):
    page = browser.get("/account").text
    return next((login for login in ("officer.plg", "officer2.plg", "desk.plg") if f"Contoh {login} ·" in page), None)


def live_sessions():
    with db.reading() as session:
        return session.scalar(select(func.count(SignIn.id)).where(SignIn.ended_at.is_(None)))


def test_next_officer_goes_on_at_the_same_place_and_the_session_before_ends(tablet):
    answer = switch(tablet, "officer.plg", PIN, "/lane?lane=1&point=window")
    assert (answer.status_code, answer.location) == (302, "/lane?lane=1&point=window")
    assert who_is_in(tablet) == "officer.plg" and live_sessions() == 1
    assert switch(tablet, "officer2.plg", OTHER_PIN).status_code == 302
    assert who_is_in(tablet) == "officer2.plg"


def test_pin_works_on_one_tablet_only(app, tablet):
    elsewhere = app.test_client()
    log_in(elsewhere, "desk.plg")
    assert switch(elsewhere, "officer.plg", PIN).status_code == 422
    assert "Contoh officer.plg" not in elsewhere.get("/login/switch").text
    assert switch(app.test_client(), "officer.plg", PIN).status_code == 422


def test_five_wrong_pins_leave_the_password_only(tablet):
    answers = [switch(tablet, "officer.plg", "000000").status_code for _ in range(MOST_MISSES)]
    assert answers == [401] * MOST_MISSES
    assert switch(tablet, "officer.plg", PIN).status_code == 422
    assert who_is_in(tablet) == "officer2.plg"
    assert log_in(tablet, "officer.plg").status_code == 302


@on_both
def test_of_forty_guesses_at_once_five_are_counted(app, sign_in):
    sign_in("officer")
    with db.reading() as session:
        session_id = session.scalars(select(SignIn.id)).one()
    who = builders.staff("officer.plg")
    pins.make(Actor("staff", who.name, who.role, 1, staff_id=who.id, sign_in_id=session_id), "device", "h")

    def guess(_):
        with app.app_context():
            return pins.reserve(1)

    with ThreadPoolExecutor(40) as pool:
        assert sum(pool.map(guess, range(40))) == MOST_MISSES


def test_right_pin_forgives_the_misses(tablet):
    for _ in range(3):
        for _ in range(MOST_MISSES - 1):
            switch(tablet, "officer.plg", "000000")
        assert switch(tablet, "officer.plg", PIN).status_code == 302
        assert switch(tablet, "officer2.plg", OTHER_PIN).status_code == 302


def test_pin_and_the_sessions_by_pin_end_with_the_shift(tablet):
    began = clock.now()
    with clock.shift(timedelta(hours=3)):
        assert switch(tablet, "officer.plg", PIN).status_code == 302
        with db.reading() as session:
            newest = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
            assert newest.factor == "pin" and newest.created_at - began < timedelta(minutes=1)
    with clock.shift(LIVES + timedelta(minutes=1)):
        assert switch(tablet, "officer2.plg", OTHER_PIN).status_code == 422


def test_session_by_pin_is_not_fresh(tablet):
    switch(tablet, "officer.plg", PIN)
    assert tablet.get("/account/factors").location.startswith("/login/confirm")


@pytest.mark.parametrize(
    "end",
    [
        lambda who: service.reset_password(builders.actor("admin"), who.staff_id, "x"),
        lambda who: service.set_active(builders.actor("admin"), who.staff_id, False),
        lambda who: service.set_role(builders.actor("admin"), who.staff_id, "desk"),
        own_service.end_other_sessions,
    ],
    ids=["reset", "disabled", "role", "signed out everywhere"],
)
def test_pins_end_with_the_access_of_the_owner(tablet, end):
    end(builders.actor("officer"))
    assert switch(tablet, "officer.plg", PIN).status_code == 422
    with db.reading() as session:
        assert session.scalar(select(func.count(DevicePin.id))) == 1


def test_colleague_at_a_fresh_session_makes_no_pin_without_the_password(app):
    browser = app.test_client()
    log_in(browser)
    for password, status in (("", 401), ("salah-sekali-12345", 401), (builders.PASSWORD, 303)):
        assert make_pin(browser, PIN, password=password).status_code == status


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        *[(wrong, wrong, "enam angka") for wrong in ("12345", "1234567", "abcdef", "")],
        *[(easy, easy, "mudah ditebak") for easy in ("123456", "987654", "111111", "121212", "472472")],
        (PIN, OTHER_PIN, "tidak sama"),
    ],
)
def test_bad_pin_is_refused_beside_the_field(app, pin, again, sentence):
    browser = app.test_client()
    log_in(browser)
    answer = make_pin(browser, pin, again)
    assert answer.status_code == 422 and sentence in answer.text
    assert not numbers.is_easy(PIN)


def test_database_alone_opens_no_pin(tablet):
    """The hash covers the secret of the browser, which is in no row."""
    with db.reading() as session:
        rows = [str(vars(pin)) for pin in session.scalars(select(DevicePin))]
    nonce = known_devices.read(
        tablet.application.extensions["ampera.settings"].secret_key,
        tablet.get_cookie(known_devices.COOKIE, path="/login").value,
    ).nonce
    assert rows and not any(nonce in row or PIN in row for row in rows)


def test_own_pin_is_removed(tablet):
    assert post(tablet, "/login/pin/remove").status_code == 303
    switch(tablet, "officer.plg", PIN)
    assert switch(tablet, "officer2.plg", OTHER_PIN).status_code == 422


def test_pin_keeps_the_way_of_an_account_with_a_second_factor(app, tablet):
    """The full sign-in of the shift had the second factor; the PIN stands for it on this tablet."""
    builders.set_columns(Staff, {"login": "officer.plg"}, has_factor=True)
    assert switch(tablet, "officer.plg", PIN).status_code == 302
    assert who_is_in(tablet) == "officer.plg"
