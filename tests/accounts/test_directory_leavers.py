"""Leavers of a directory are out within a minute: it says so itself, or answers no when it is asked."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from ampera import clock, db, migrate
from ampera.accounts.directory import service, tasks
from ampera.accounts.directory.models import DirectoryAccount, DirectoryMark
from ampera.accounts.directory.queries import due_accounts
from ampera.accounts.directory.service import directory_actor, tokens_place
from ampera.accounts.models import SignIn
from ampera.accounts.pins.models import DevicePin
from ampera.installation.data_keys import Unreadable
from tests.accounts.directory_steps import (
    account_of,
    come_back,
    enter,
    forge,
    history,
    is_inside,
    question,
    running,
    staff_of,
    use,
)
from tests.accounts.test_factors import add_app, code_now, count, post
from tests.conftest import on_both
from tests.directories import OFFICER, SUPERVISOR

pytestmark = pytest.mark.true_time
MINUTE = timedelta(seconds=55)


def check(after=MINUTE):
    """What the server does this long after now."""
    with clock.shift(after):
        assert tasks.step() == tasks.REST


def log_out(app, token):
    return app.test_client().post("/login/oidc/logout", data={"logout_token": token})


@on_both
def test_leaver_is_out_within_a_minute_and_the_others_stay(app, directory):
    use(app, directory)
    leaver, colleague = directory.person("pergi", OFFICER), directory.person("tetap", OFFICER)
    gone, other = enter(app, directory, leaver)[0], enter(app, directory, colleague)[0]
    before = account_of("tetap").sealed_tokens
    directory.dismiss(leaver)
    check()
    assert not is_inside(gone) and is_inside(other)
    assert [json.loads(entry.details)["why"] for entry in history("staff.directory_ended")] == ["refused"]
    assert account_of("pergi").sealed_tokens is None and account_of("tetap").sealed_tokens != before


def test_person_is_asked_about_once_a_minute(app, forger):
    use(app, forger)
    forge(app, forger)
    check(timedelta(seconds=20))
    assert not refreshed(forger)
    check()
    with clock.shift(timedelta(seconds=10)):
        check()
    assert len(refreshed(forger)) == 1


def refreshed(forger):
    return [form for path, form in forger.asked if form.get("grant_type") == "refresh_token"]


def test_of_many_checks_at_once_one_uses_the_refresh_token(app, forger):
    use(app, forger)
    forge(app, forger)
    with clock.shift(MINUTE), db.reading() as session:
        (due,) = due_accounts(session, forger.issuer, clock.now())

    def ask(_):
        with app.app_context():
            tasks.check(due)

    with clock.shift(MINUTE), ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert len(refreshed(forger)) == 1


def test_directory_that_does_not_answer_ends_nothing_for_an_hour(app, forger):
    use(app, forger)
    browser, _ = forge(app, forger)
    forger.is_down = True
    check()
    check(timedelta(minutes=59))
    assert is_inside(browser)
    check(timedelta(minutes=61))
    assert not is_inside(browser)
    assert [json.loads(entry.details)["why"] for entry in history("staff.directory_ended")] == ["no answer"]


def test_answer_of_the_directory_begins_a_new_hour(app, forger):
    use(app, forger)
    browser, _ = forge(app, forger)
    check(timedelta(minutes=30))
    forger.is_down = True
    check(timedelta(minutes=80))
    assert is_inside(browser)
    check(timedelta(minutes=92))
    assert not is_inside(browser)


@pytest.mark.parametrize("refusal", [(401, "invalid_client"), (429, "slow_down"), (400, "unauthorized_client")])
def test_trouble_with_the_directory_is_no_refusal_of_the_person(app, forger, refusal):
    use(app, forger)
    browser, _ = forge(app, forger)
    forger.refusal = refusal
    check()
    assert is_inside(browser)


@pytest.mark.parametrize("error", ["invalid_grant", "interaction_required"])
def test_definite_refusal_ends_the_session(app, forger, error):
    use(app, forger)
    browser, _ = forge(app, forger)
    forger.refusal = (400, error)
    check()
    assert not is_inside(browser)


def test_without_a_refresh_token_the_directory_is_asked_for_the_person(app, forger):
    use(app, forger)
    forger.has_refresh = False
    browser, _ = forge(app, forger)
    check()
    assert is_inside(browser)
    forger.refusal = (401, "")
    check(timedelta(minutes=2))
    assert not is_inside(browser)


@pytest.mark.parametrize("claims", [{"groups": [SUPERVISOR]}, {"groups": []}, {"sub": "sub-other"}])
def test_other_groups_or_person_in_a_refreshed_token_end_the_session(app, forger, claims):
    use(app, forger)
    forger.repeats_identity = True
    browser, _ = forge(app, forger)
    check()
    assert is_inside(browser)
    forger.claims = claims
    check(timedelta(minutes=2))
    assert not is_inside(browser)


def test_refreshed_token_without_groups_changes_nothing(app, forger):
    use(app, forger)
    browser, _ = forge(app, forger)
    forger.repeats_identity, forger.claims = True, {"groups": None}
    check()
    assert is_inside(browser)


def test_leaver_comes_back_with_no_pin(app, forger):
    """Somebody else works in the browser: no session of the leaver runs, but the PIN would begin one."""
    use(app, forger)
    browser, _ = forge(app, forger)
    made = post(browser, "/login/pin", pin="493817", again="493817")
    assert made.status_code == 303 and count(DevicePin) == 1
    post(browser, "/logout")
    forger.refusal = (400, "invalid_grant")
    check()
    assert count(DevicePin) == 0


def test_session_by_pin_is_checked_too(app, forger):
    use(app, forger)
    browser, _ = forge(app, forger)
    post(browser, "/login/pin", pin="493817", again="493817")
    post(browser, "/logout")
    with db.reading() as session:
        pin = session.query(DevicePin).one()
    entered = post(browser, "/login/switch", who=str(pin.id), pin="493817")
    assert entered.status_code == 302 and is_inside(browser)
    forger.refusal = (400, "invalid_grant")
    check()
    assert not is_inside(browser)


def test_refusal_of_an_old_token_ends_nothing_after_a_new_sign_in(app, forger):
    use(app, forger)
    forge(app, forger)
    with clock.shift(MINUTE), db.reading() as session:
        (due,) = due_accounts(session, forger.issuer, clock.now())
    browser, _ = forge(app, forger)
    assert not service.claim(directory_actor(due.office_id), due)
    assert not service.end(directory_actor(due.office_id), due, "refused")
    assert is_inside(browser)


def test_another_directory_in_the_settings_ends_the_sessions_of_the_earlier_one(app, forger, directory):
    use(app, forger)
    browser, _ = forge(app, forger)
    use(app, directory)
    check(timedelta(0))
    assert not is_inside(browser)


@on_both
def test_earlier_version_of_the_product_lets_nobody_of_the_directory_in(app, forger):
    """It asks no directory: the sessions end, and the accounts are disabled until somebody decides about them."""
    use(app, forger)
    forge(app, forger)
    database = app.extensions["ampera.db"]
    migrate.downgrade(database, "0026")
    with database.reader.connect() as conn:
        active = dict(conn.execute(text("SELECT login, is_active FROM staff")).all())
        left = conn.execute(text("SELECT count(*) FROM sign_ins WHERE ended_at IS NULL")).scalar()
    assert not active["palsu"] and active["officer.plg"] and left == 0


def test_tokens_are_sealed_for_the_account_and_forgotten_after_use(app, forger):
    use(app, forger)
    browser, _ = forge(app, forger)
    account, keys = account_of("palsu"), app.extensions["ampera.settings"].sealing_keys
    assert set(json.loads(keys.open(account.sealed_tokens, tokens_place(account.id)))) == {"access", "refresh"}
    with pytest.raises(Unreadable):
        keys.open(account.sealed_tokens, tokens_place(account.id + 1))
    tasks.forget()
    assert account_of("palsu").sealed_tokens and count(DirectoryMark) == 1
    post(browser, "/logout")
    with clock.shift(timedelta(hours=2)):
        tasks.forget()
    assert account_of("palsu").sealed_tokens is None and count(DirectoryMark) == 0


def test_tokens_that_cannot_be_opened_end_the_session(app, forger):
    use(app, forger)
    browser, _ = forge(app, forger)
    spoil = update(DirectoryAccount).values(sealed_tokens="gone:AAAA")
    db.current().write(lambda unit: unit.conn.execute(spoil))
    check()
    assert not is_inside(browser)


def test_logout_of_the_directory_ends_every_session_of_the_person(app, forger):
    use(app, forger)
    first, second = forge(app, forger)[0], forge(app, forger)[0]
    answer = log_out(app, forger.logout_token())
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert not is_inside(first) and not is_inside(second)
    assert running("palsu") == [] and staff_of("palsu").is_active, "the next sign-in decides"


@pytest.mark.parametrize("named", [{}, {"sub": None, "sid": "one"}])
def test_logout_of_the_directory_ends_the_pins_of_the_person(app, forger, named):
    use(app, forger)
    forger.claims = {"sid": "one"}
    browser, _ = forge(app, forger)
    post(browser, "/login/pin", pin="493817", again="493817")
    assert count(DevicePin) == 1
    assert log_out(app, forger.logout_token(**named)).status_code == 200
    assert count(DevicePin) == 0


def test_logout_of_one_session_there_ends_the_one_here(app, forger):
    use(app, forger)
    browsers = []
    for sid in ("one", "two"):
        forger.claims = {"sid": sid}
        browsers.append(forge(app, forger)[0])
    assert log_out(app, forger.logout_token(sub=None, sid="one")).status_code == 200
    assert [is_inside(browser) for browser in browsers] == [False, True]
    assert log_out(app, forger.logout_token(sid="two")).status_code == 200
    assert not is_inside(browsers[1])


def test_session_that_began_with_our_factor_ends_with_the_one_of_the_directory(app, forger):
    use(app, forger)
    forger.claims = {"sid": "one"}
    forge(app, forger)
    add_app(app, "palsu")
    browser, _ = forge(app, forger)
    assert post(browser, "/login/factor", code=code_now()).status_code == 302 and is_inside(browser)
    assert [session.directory_sid for session in running("palsu")] == ["one"]
    assert log_out(app, forger.logout_token(sub=None, sid="one")).status_code == 200
    assert not is_inside(browser)


def test_logout_of_somebody_unknown_is_accepted_and_ends_nothing(app, forger):
    use(app, forger)
    browser, _ = forge(app, forger)
    for claims in ({"sub": "sub-other"}, {"sub": None, "sid": "unknown"}):
        assert log_out(app, forger.logout_token(**claims)).status_code == 200
    assert is_inside(browser)


@on_both
def test_logout_token_works_once(app, forger):
    use(app, forger)
    token = forger.logout_token()
    assert log_out(app, token).status_code == 200
    browser, _ = forge(app, forger)
    answer = log_out(app, token)
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})
    assert is_inside(browser)


def now():
    return int(clock.now().timestamp())


WRONG = {
    "another client": lambda forger: forger.logout_token(aud="other"),
    "another issuer": lambda forger: forger.logout_token(iss="https://other.example"),
    "too old": lambda forger: forger.logout_token(iat=now() - 900, exp=None),
    "not made yet": lambda forger: forger.logout_token(iat=now() + 900),
    "no time": lambda forger: forger.logout_token(iat=None),
    "over": lambda forger: forger.logout_token(exp=now() - 60),
    "no event": lambda forger: forger.logout_token(events=None),
    "another event": lambda forger: forger.logout_token(events={"http://other.example": {}}),
    "a nonce": lambda forger: forger.logout_token(nonce="x"),
    "no id": lambda forger: forger.logout_token(jti=None),
    "nobody": lambda forger: forger.logout_token(sub=None),
    "an ID token": lambda forger: forger.id_token("x"),
    "no signature": lambda forger: forger.signed({"iss": forger.issuer}, {"alg": "none"}),
    "another type": lambda forger: forger.signed(json.loads(payload(forger.logout_token())), {"typ": "at+jwt"}),
    "nothing": lambda forger: "",
    "nonsense": lambda forger: "a.b.c",
    "a long text": lambda forger: "x" * 30_000,
}


def payload(token):
    return base64.urlsafe_b64decode(token.split(".")[1] + "==")


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG)
def test_wrong_logout_token_ends_nothing(app, forger, token):
    use(app, forger)
    browser, _ = forge(app, forger)
    assert log_out(app, token(forger)).status_code == 400
    assert is_inside(browser)


def test_logout_token_opens_no_session(app, forger):
    use(app, forger)
    browser = app.test_client()
    forger.claims = {"events": {}, "nonce": None}
    assert come_back(browser, forger.answer(question(browser))).status_code == 403
    assert not is_inside(browser) and count(SignIn, SignIn.ended_at.is_(None), SignIn.staff_id.is_(None)) == 0


def test_logout_while_the_directory_has_no_keys_is_answered_as_unavailable(app, forger):
    use(app, forger)
    token = forger.logout_token()
    forger.is_down = True
    assert log_out(app, token).status_code == 503
    forger.is_down = False
    assert log_out(app, token).status_code == 200, "the directory may send it again"
