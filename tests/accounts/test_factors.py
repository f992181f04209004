"""Second factors: codes of an app, recovery codes, and what somebody with the right password alone can do."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from math import log2

import pyotp
import pytest
from sqlalchemy import func, select

from ampera import audit, clock, db
from ampera.accounts import authentication, passwords, service
from ampera.accounts.factors import proofs
from ampera.accounts.factors import service as factors
from ampera.accounts.factors.codes import new_recovery_codes, new_secret, recovery_hash, step_of
from ampera.accounts.factors.models import AuthenticatorApp, Passkey, RecoveryCode
from ampera.accounts.factors.passkeys import NewPasskey, site_of
from ampera.accounts.factors.queries import factors_of
from ampera.accounts.factors.writes import AppCode, TypedRecovery
from ampera.accounts.models import AccountNotice, SignIn, Staff
from ampera.errors import Refused
from ampera.installation.data_keys import DataKeys, Unreadable
from ampera.security import is_unfinished
from tests import builders
from tests.accounts.test_sign_in import csrf_token, log_in
from tests.conftest import on_both

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY = "abcd-efgh-jkmn-pqrs"
SHORT = "biru kuda7x"
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


def count(model, *where):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*where))


def code_now(secret=SECRET, steps=0):
    return pyotp.TOTP(secret).generate_otp(step_now() + steps)


def step_now():
    return int(clock.now().timestamp()) // 30


def wrong_code(secret=SECRET):
    near = {code_now(secret, steps) for steps in range(-3, 4)}
    return next(code for code in map(str, range(100_000, 100_008)) if code not in near)


def add_app(app, login="supervisor.plg"):
    """An app with SECRET and one recovery code, confirmed a minute ago."""
    who = builders.staff(login)
    actor = audit.Actor("staff", who.name, who.role, who.office_id, staff_id=who.id)
    keys = app.extensions["ampera.settings"].sealing_keys
    factors.begin_app(actor, keys.seal(SECRET, proofs.secret_place(who.id)))
    waiting = app_row(who.id)
    assert (
        factors.confirm_app(actor, waiting.id, int(clock.now().timestamp()) // 30 - 2, [recovery_hash(RECOVERY)])
        is None
    )
    return replace(actor, has_factor=True)


def app_row(staff_id):
    with db.reading() as session:
        return session.scalars(select(AuthenticatorApp).where(AuthenticatorApp.staff_id == staff_id)).one()


def half_signed_in(app, login="supervisor.plg"):
    """A browser after the right password."""
    browser = app.test_client()
    assert log_in(browser, login).location == "/login/factor"
    return browser


def send_code(browser, code):
    return post(browser, "/login/factor", code=code)


def post(browser, path, **form):
    """A form of this browser, with a token for its session."""
    return browser.post(path, data=form | {"csrf_token": csrf_token(browser)})


def test_password_alone_opens_nothing_and_the_code_opens_the_page_that_was_wanted(app):
    add_app(app)
    before = count(SignIn)
    browser = half_signed_in(app)
    assert count(SignIn) == before
    assert browser.get("/register").status_code == 302 and browser.get("/api/v1/visits").status_code == 401
    answer = send_code(browser, code_now())
    assert (answer.status_code, answer.location) == (302, "/attention")
    assert browser.get("/register").status_code == 200
    assert count(SignIn, SignIn.factor == "app") == 1


def test_code_works_once(app):
    add_app(app)
    code = code_now()
    assert send_code(half_signed_in(app), code).status_code == 302
    refused = send_code(half_signed_in(app), code)
    assert refused.status_code == 401 and "salah atau sudah dipakai" in refused.text


@on_both
def test_of_eight_uses_of_one_proof_at_once_one_begins_a_session(app):
    actor = add_app(app)
    step = int(clock.now().timestamp()) // 30
    for factor in (AppCode(app_row(actor.staff_id).id, step), TypedRecovery(recovery_hash(RECOVERY))):

        def enter(n, factor=factor):
            with app.app_context():
                return service.sign_in(actor, f"{factor.kind}{n}", factor=factor)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(enter, range(8)))
        refused = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert refused == ["factor_wrong"] * 7


def test_session_without_the_factor_of_the_account_never_begins(app):
    actor = add_app(app)
    assert service.sign_in(actor, "h").code == "factor_needed"
    other = builders.actor("supervisor2")
    assert service.sign_in(other, "h", factor=AppCode(app_row(actor.staff_id).id, 2**40)).code == "factor_wrong"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_code_of_the_neighbouring_half_minute_works(steps):
    now = clock.now()
    step = int(now.timestamp()) // 30 + steps
    assert step_of(SECRET, pyotp.TOTP(SECRET).generate_otp(step), now) == step


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "१२३४५६", "abcdef", "-12345", "1" * 60])
def test_what_is_no_code_is_refused(app, typed):
    add_app(app)
    assert send_code(half_signed_in(app), typed).status_code == 401


def test_code_of_two_half_minutes_ago_is_refused_and_spaces_are_not(app):
    add_app(app)
    assert step_of(SECRET, code_now(steps=-2), clock.now()) is None
    code = code_now()
    assert send_code(half_signed_in(app), f" {code[:3]} {code[3:]} ").status_code == 302


def test_guesses_of_the_code_rest_the_account_over_all_browsers_and_notify_the_owner(app):
    add_app(app)
    assert [send_code(half_signed_in(app), wrong_code()).status_code for _ in range(7)] == [401] * 5 + [429] * 2
    assert send_code(half_signed_in(app), code_now()).status_code == 429
    owner = builders.staff("supervisor.plg").id
    assert count(AccountNotice, AccountNotice.staff_id == owner, AccountNotice.kind == "factor_refused") == 1
    with clock.shift(timedelta(minutes=2)):
        assert send_code(half_signed_in(app), code_now()).status_code == 302


def test_recovery_code_opens_once(app):
    add_app(app)
    assert send_code(half_signed_in(app), RECOVERY.upper().replace("-", " ")).status_code == 302
    assert send_code(half_signed_in(app), RECOVERY).status_code == 401
    assert count(RecoveryCode, RecoveryCode.used_at.is_(None)) == 0


def test_given_secrets_have_128_bits_and_codes_of_an_earlier_version_still_count():
    code, password = new_recovery_codes()[0], passwords.random_password()
    for secret in (code, password):
        assert len(secret.replace("-", "")) * log2(len(passwords.ALPHABET)) >= 128
    assert recovery_hash(code) == recovery_hash(code.upper().replace("-", " ")) and recovery_hash(RECOVERY)
    assert recovery_hash(code[:-1]) is None and recovery_hash(code + "a") is None


def test_half_sign_in_ends_after_five_minutes_and_with_the_password(app):
    actor = add_app(app)
    late, changed = half_signed_in(app), half_signed_in(app)
    with clock.shift(timedelta(minutes=6)):
        assert late.get("/login/factor").location == "/login"
    service.reset_password(audit.command(1), actor.staff_id, "x")
    assert changed.get("/login/factor").location == "/login"


def test_secret_whose_key_is_gone_leaves_the_recovery_codes(app, monkeypatch):
    add_app(app)
    lost = replace(app.extensions["ampera.settings"], data_keys="k9:" + "ab" * 32)
    monkeypatch.setitem(app.extensions, "ampera.settings", lost)
    assert send_code(half_signed_in(app), code_now()).status_code == 401
    assert send_code(half_signed_in(app), RECOVERY).status_code == 302


def test_half_sign_in_of_a_disabled_account_ends(app):
    actor = add_app(app)
    browser = half_signed_in(app)
    service.set_active(audit.command(1), actor.staff_id, False)
    assert browser.get("/login/factor").location == "/login"


def test_abandoned_second_steps_do_not_rest_the_account(app):
    add_app(app)
    for _ in range(8):
        half_signed_in(app)
    assert send_code(half_signed_in(app), code_now()).status_code == 302


def test_old_session_of_the_browser_ends_with_the_new_sign_in(app):
    add_app(app)
    browser = app.test_client()
    log_in(browser, "officer.plg")
    log_in(browser, "supervisor.plg")
    assert send_code(browser, code_now()).status_code == 302
    assert count(SignIn, SignIn.ended_at.is_(None), SignIn.staff_id == builders.staff("officer.plg").id) == 0


def test_first_code_adds_the_app_and_recovery_codes_are_shown_once(app, sign_in):
    here, elsewhere = sign_in("desk"), sign_in("desk")
    assert here.post("/account/factors/app", data={"password": builders.PASSWORD}).location == "/account/factors/app"
    page = here.get("/account/factors/app").text
    secret = re.search(r'class="secret num">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert here.get("/account/factors/app.svg").data.startswith(b"<?xml")
    wrong = f"{(int(code_now(secret)) + 500_000) % 1_000_000:06}"
    assert here.post("/account/factors/app/confirm", data={"code": wrong}).status_code == 422
    assert (
        here.post("/account/factors/app/confirm", data={"code": code_now(secret)}).location
        == "/account/factors/recovery"
    )
    codes = re.findall(r"<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){6})</li>", here.get("/account/factors/recovery").text)
    assert len(codes) == len(set(codes)) == 8
    assert here.get("/account/factors/recovery").status_code == 302
    assert elsewhere.get("/register").status_code == 302
    assert send_code(half_signed_in(app, "desk.plg"), codes[3]).status_code == 302
    assert here.get("/account/factors/app").status_code == 302, "the secret is not shown again"


def test_secret_is_nowhere_in_the_database(app, sign_in):
    desk = sign_in("desk")
    desk.post("/account/factors/app", data={"password": builders.PASSWORD})
    page = desk.get("/account/factors/app").text
    secret = re.search(r'class="secret num">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    with db.reading() as session:
        kept = [
            *session.scalars(select(AuthenticatorApp.sealed_secret)),
            *session.scalars(select(audit.AuditEntry.details)),
        ]
    assert secret not in " ".join(kept)


def test_factors_need_a_fresh_password(app, sign_in):
    desk = sign_in("desk")
    with clock.shift(timedelta(minutes=30)):
        for answer in (desk.get("/account/factors"), desk.post("/account/factors/remove")):
            assert answer.location.startswith("/login/confirm?next=/account")
        refused = desk.post("/account/factors/passkeys", json={}, headers=JSON)
        assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "fresh_sign_in_needed")
    assert count(AuthenticatorApp) == 0


def changes_of_factors(browser):
    """Every address that changes a second factor, asked by this browser."""
    pages = [browser.get("/account/factors"), post(browser, "/account/factors/app", password=builders.PASSWORD)]
    pages += [post(browser, f"/account/factors/{act}") for act in ("app/confirm", "remove", "recovery")]
    headers = JSON | {"X-CSRFToken": csrf_token(browser)}
    bodies = {"/options": {"password": builders.PASSWORD}, "": {}}
    return pages, [
        browser.post(f"/account/factors/passkeys{path}", json=body, headers=headers) for path, body in bodies.items()
    ]


def test_factors_change_only_minutes_after_a_whole_sign_in(app):
    add_app(app)
    late = half_signed_in(app)
    send_code(late, code_now())
    with clock.shift(timedelta(minutes=30)):
        assert post(late, "/login/confirm", password=builders.PASSWORD).status_code == 302
        assert late.get("/lane").status_code == 200, "the password was proved just now"
        pages, answers = changes_of_factors(late)
        assert {page.location for page in pages} == {"/login?switch=factors&next=/account/factors"}
        assert {answer.get_json()["error"]["code"] for answer in answers} == {"whole_sign_in_needed"}
        assert "Masuk lagi dengan langkah kedua" in late.get(pages[0].location).text
    assert count(AuthenticatorApp, AuthenticatorApp.confirmed_at.is_not(None)) == count(RecoveryCode) == 1


def test_new_factor_needs_the_password_even_in_a_fresh_session(sign_in):
    desk = sign_in("desk")
    for password in ("", "salah-sekali-12345"):
        refused = desk.post("/account/factors/app", data={"password": password})
        assert refused.status_code == 401 and "field__error" in refused.text
        body = {"password": password}
        refused = desk.post("/account/factors/passkeys/options", json=body, headers=JSON, base_url="http://localhost")
        assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "wrong_password")
    assert count(AuthenticatorApp) == 0


def test_factor_allows_a_shorter_password_which_must_grow_before_the_factor_goes(app):
    add_app(app)
    browser = half_signed_in(app)
    send_code(browser, code_now())
    assert post(browser, "/account/password", old=builders.PASSWORD, new=SHORT, again=SHORT).status_code == 303
    assert post(browser, "/account/factors/remove").status_code == 303
    assert "terlalu pendek tanpa langkah kedua" in browser.get("/account/factors").text
    assert factors_left("supervisor.plg")


def factors_left(login):
    with db.reading() as session:
        return bool(factors_of(session, builders.staff(login).id))


def test_short_password_is_refused_without_a_factor(sign_in):
    answer = sign_in("desk").post("/account/password", data={"old": builders.PASSWORD, "new": SHORT, "again": SHORT})
    assert answer.status_code == 422 and "sedikitnya 15 huruf" in answer.text


def test_last_factor_takes_the_recovery_codes_along(app):
    actor = add_app(app)
    assert factors.remove_factor(actor, None, True) is None
    assert (count(RecoveryCode), builders.staff("supervisor.plg").has_factor) == (0, False)


def test_role_that_needs_a_factor_keeps_the_last_one(app):
    actor = add_app(app)
    assert factors.remove_factor(actor, None, False).code == "factor_required"
    key = NewPasskey("c1", "k", 0, "Contoh")
    assert factors.add_passkey(actor, key, []) is None
    assert factors.remove_factor(actor, None, False) is None
    assert builders.staff("supervisor.plg").has_factor and count(RecoveryCode) == 1


def test_passkey_belongs_to_one_account(app):
    assert factors.add_passkey(builders.actor("desk"), NewPasskey("c1", "k", 0, "Contoh"), []) is None
    assert (
        factors.add_passkey(builders.actor("officer"), NewPasskey("c1", "k", 0, "Contoh"), []).code == "passkey_known"
    )
    desk = builders.staff("desk.plg").id
    with db.reading() as session:
        key = session.scalars(select(Passkey.id)).one()
    assert factors.remove_factor(builders.actor("officer"), key, True).code == "not_found"
    assert count(Passkey, Passkey.staff_id == desk) == 1


def entry(action):
    """The details of the newest entry of this action in the history."""
    with db.reading() as session:
        entries = select(audit.AuditEntry.details).where(audit.AuditEntry.action == action)
        return json.loads(session.scalars(entries.order_by(audit.AuditEntry.id.desc())).first())


def test_reset_of_the_password_alone_leaves_the_second_factor(app, sign_in):
    actor = add_app(app)
    form = {"identified": "superior", "factors": "keep"}
    assert sign_in("admin").post(f"/admin/accounts/{actor.staff_id}/reset", data=form).status_code == 303
    assert builders.staff("supervisor.plg").has_factor and count(AuthenticatorApp) == count(RecoveryCode) == 1
    given = entry("staff.password_reset")
    assert (given["factors"], given["identified"]) == ("kept", "superior")
    builders.set_columns(Staff, {"id": actor.staff_id}, password_hash=passwords.hashed(builders.PASSWORD))
    assert half_signed_in(app).get("/lane").status_code == 302, "the password alone opens nothing"


def test_reset_asks_how_the_person_was_identified_and_records_the_answer(app, sign_in):
    actor, admin = add_app(app), sign_in("admin")
    for form in ({}, {"identified": "telepati"}):
        refused = admin.post(f"/admin/accounts/{actor.staff_id}/reset", data=form)
        assert refused.status_code == 422 and "benar orang ini" in refused.text
    assert authentication.check("supervisor.plg", builders.PASSWORD).staff_id == actor.staff_id
    page = admin.get(f"/admin/accounts/{actor.staff_id}/reset").text
    assert "langkah kedua tetap" in page and "kode pemulihan dihapus" in page


def test_reset_by_an_administrator_removes_the_factors(app, sign_in):
    actor = add_app(app)
    form = {"identified": "in_person", "factors": "remove"}
    assert sign_in("admin").post(f"/admin/accounts/{actor.staff_id}/reset", data=form).status_code == 303
    given = entry("staff.password_reset")
    assert (given["factors"], given["identified"]) == ("removed", "in_person")
    assert count(AuthenticatorApp) == count(RecoveryCode) == 0
    assert isinstance(authentication.check("supervisor.plg", builders.PASSWORD), Refused)
    assert not builders.staff("supervisor.plg").has_factor


def test_role_that_needs_a_factor_opens_nothing_without_one(app, sign_in, monkeypatch):
    settings = app.extensions["ampera.settings"]
    monkeypatch.setitem(app.extensions, "ampera.settings", replace(settings, second_factor="admin,supervisor"))
    supervisor, officer = sign_in("supervisor"), sign_in("officer")
    assert supervisor.get("/lane").location == "/account" and officer.get("/lane").status_code == 200
    refused = supervisor.get("/api/v1/visits")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "factor_missing")
    assert "Peran Anda memerlukan langkah kedua" in supervisor.get("/account").text
    assert supervisor.get("/account/factors").status_code == 200
    assert not is_unfinished(replace(builders.actor("supervisor"), has_factor=True))
    assert not is_unfinished(replace(builders.actor("supervisor"), kind="key"))


@pytest.mark.parametrize(
    ("env", "chosen", "roles"),
    [("production", "", {"admin", "supervisor"}), ("development", "", set()), ("production", "none", set()),
     ("development", "admin,desk", {"admin", "desk"})],
)  # fmt: skip
def test_roles_with_a_second_factor(app, env, chosen, roles):
    settings = replace(app.extensions["ampera.settings"], env=env, second_factor=chosen)
    assert settings.factor_roles == roles


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://paspor.contoh.go.id", "paspor.contoh.go.id"), ("http://localhost:8000/", "localhost"),
     ("https://192.0.2.7", None), ("http://paspor.contoh.go.id", None), ("https://[2001:db8::1]:8443", None)],
)  # fmt: skip
def test_passkeys_belong_to_a_name_with_tls(address, host):
    site = site_of(address)
    assert (site and site.host) == host


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"id": 1}, {"id": "x", "response": {"clientDataJSON": "e30"}}, "x", 7]
)
def test_nonsense_is_no_passkey(app, answer):
    browser = app.test_client()
    refused = browser.post("/login/passkey", data=json.dumps(answer), headers=JSON, base_url="http://localhost")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (422, "passkey_refused")


def test_sealed_value_opens_only_in_the_same_place_and_with_the_same_key():
    keys = DataKeys({"k2": b"2" * 32, "k1": b"1" * 32})
    sealed = DataKeys({"k1": b"1" * 32}).seal("rahasia contoh", "staff:1")
    assert keys.open(sealed, "staff:1") == "rahasia contoh" and keys.seal("x", "y").startswith("k2:")
    for wrong, place in [
        (sealed, "staff:2"),
        (sealed[:-4] + "AAA=", "staff:1"),
        ("k9:" + sealed[3:], "staff:1"),
        ("", ""),
    ]:
        with pytest.raises(Unreadable):
            keys.open(wrong, place)


def test_second_factor_is_asked_of_an_account_only_after_the_right_password(app):
    add_app(app)
    browser = app.test_client()
    assert log_in(browser, "supervisor.plg", "salah-sekali-12345").status_code == 401
    assert browser.get("/login/factor").location == "/login"


def test_new_secret_is_160_bits():
    assert len(new_secret()) == 32 and new_secret() != new_secret()
