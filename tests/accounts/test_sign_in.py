"""Guessing of passwords, sessions and the own account: what a colleague or a machine of the network could try."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from ampera import COOKIE, audit, clock, db
from ampera.accounts import authentication, passwords, service
from ampera.accounts.authentication import Client, Proved
from ampera.accounts.keys import limits
from ampera.accounts.keys import service as keys
from ampera.accounts.keys.limits import Wish
from ampera.accounts.models import AccountNotice, ApiKey, SignIn, SignInTry, Staff
from ampera.accounts.sign_in import known_devices
from ampera.accounts.sign_in.tries import MOST_OF_ADDRESS
from ampera.errors import Refused
from ampera.web import csrf_tokens
from tests import builders
from tests.conftest import on_both

GOOD = "kuda besi pagar biru"
WRONG = "salah-sekali-12345"


def log_in(client, login="officer.plg", password=builders.PASSWORD, address="192.0.2.1"):
    """The form of /login, sent by this browser with its token."""
    form = {"login": login, "password": password, "csrf_token": csrf_token(client)}
    return client.post("/login", data=form, environ_overrides={"REMOTE_ADDR": address})


def csrf_token(client):
    """A token for forms of this browser."""
    with client.session_transaction() as session:
        session["csrf_token"] = "for-the-test"
    with client.application.app_context():
        return csrf_tokens.signed("for-the-test")


def code(answer):
    return re.search(r"Nama masuk atau kata sandi tidak cocok|Terlalu banyak kata sandi", answer.text)[0]


def count(model, *where):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*where))


def staff_id(login):
    return builders.staff(login).id


def force_change(login):
    db.current().write(
        lambda unit: unit.session.execute(update(Staff).where(Staff.login == login).values(must_change=True))
    )


@on_both
def test_of_forty_guesses_at_once_five_are_judged(app, monkeypatch):
    judged = []
    monkeypatch.setattr(passwords, "matches", lambda password, stored: judged.append(password) or False)

    def guess(n):
        with app.app_context():
            return authentication.sign_in("officer.plg", f"{WRONG}{n}", Client("s", f"192.0.2.{n}")).status

    with ThreadPoolExecutor(40) as pool:
        statuses = list(pool.map(guess, range(40)))
    assert len(judged) == 5 and sorted(statuses) == [401] * 5 + [429] * 35


def test_honest_sign_ins_at_the_same_moment_all_succeed(app):
    def enter(n):
        with app.app_context():
            proved = authentication.sign_in("officer.plg", builders.PASSWORD, Client("s", "192.0.2.1"))
            if isinstance(proved, Proved):
                service.sign_in(proved.actor, f"hash{n}", proved.tries)
            return proved

    for n in range(12):
        assert isinstance(enter(n), Proved)
    assert count(SignInTry, SignInTry.misses > 0) == 0


@pytest.mark.parametrize("login", ["tidak.ada", "desk.plg", "officer.plg"])
def test_unknown_disabled_and_known_logins_get_the_same_answers(app, client, login):
    service.set_active(builders.actor("admin"), staff_id("desk.plg"), False)
    answers = [log_in(client, login, WRONG, f"192.0.2.{n}") for n in range(8)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 3
    assert len({code(answer) for answer in answers[:5]}) == 1
    with db.reading() as session:
        entries = session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "staff.sign_in_refused"))
        assert {entry.chain for entry in entries} == {audit.NO_OFFICE}


def test_unknown_login_costs_the_same_statements_and_hashes_as_a_known_one(app, monkeypatch):
    def work(login):
        hashes, writes = [], []
        monkeypatch.setattr(passwords, "matches", lambda *given: hashes.append(given) or False)
        original = db.current().write
        monkeypatch.setattr(db.current(), "write", lambda *given, **how: writes.append(1) or original(*given, **how))
        authentication.sign_in(login, WRONG, Client("s", "192.0.2.9"))
        monkeypatch.undo()
        return len(hashes), len(writes)

    assert work("tidak.ada") == work("officer.plg") == (1, 2)


def test_neither_login_nor_address_is_kept_in_clear(app, client):
    log_in(client, "kata-sandi-di-isian-salah", WRONG, "203.0.113.77")
    with db.reading() as session:
        kept = [*session.scalars(select(SignInTry.key)), *session.scalars(select(audit.AuditEntry.details))]
        kept += session.scalars(select(audit.AuditEntry.subject))
    assert len(kept) > 2 and not re.search(r"kata-sandi|203\.0\.113", " ".join(kept))


def test_right_password_does_not_wake_a_resting_account_and_time_does(app, client):
    for _ in range(5):
        log_in(client, password=WRONG)
    assert log_in(client).status_code == 429
    with clock.shift(timedelta(minutes=2)):
        assert log_in(client).status_code == 302


def test_clerk_enters_after_many_wrong_names_from_the_same_address(app, client):
    for n in range(40):
        log_in(client, f"nama.salah{n}", WRONG)
    assert log_in(client).status_code == 302


def test_ipv6_network_rests_after_the_ceiling_of_an_address(app, client, monkeypatch):
    monkeypatch.setattr(passwords, "matches", lambda password, stored: password == builders.PASSWORD)
    network = authentication.Client("s", "2001:db8::/64")
    for n in range(MOST_OF_ADDRESS):
        assert authentication.sign_in(f"x{n}", WRONG, network).status == 401
    assert isinstance(authentication.sign_in("officer.plg", builders.PASSWORD, network), Refused)
    assert isinstance(authentication.sign_in("officer.plg", builders.PASSWORD, Client("s", "2001:db8:1::/64")), Proved)


def test_addresses_of_one_ipv6_network_count_together(app, client):
    for n in range(3):
        log_in(client, f"x{n}", WRONG, f"2001:db8::{n + 1}")
    assert count(SignInTry, SignInTry.key.startswith("network:")) == 1


def test_owner_s_own_browser_enters_while_strangers_lock_the_account(app):
    own, stranger = app.test_client(), app.test_client()
    assert log_in(own).status_code == 302
    for _ in range(6):
        last = log_in(stranger, password=WRONG)
    assert last.status_code == 429
    assert log_in(own).status_code == 302


def test_browser_of_the_owner_is_limited_too(app, client):
    log_in(client)
    assert [log_in(client, password=WRONG).status_code for _ in range(6)] == [401] * 5 + [429]


def test_counters_survive_a_restart_and_need_no_redis(app, client):
    for _ in range(5):
        log_in(client, password=WRONG)
    db.current().dispose()
    assert log_in(client).status_code == 429


def test_new_sign_in_in_the_same_browser_ends_the_old_session(app, client):
    log_in(client)
    log_in(client, "desk.plg")
    assert count(SignIn, SignIn.ended_at.is_(None)) == 1


def test_step_up_makes_the_old_cookie_worthless(sign_in):
    supervisor = sign_in("supervisor")
    with supervisor.session_transaction() as session:
        old = dict(session)
    assert supervisor.post("/login/confirm", data={"password": builders.PASSWORD}).status_code == 302
    assert supervisor.get("/register").status_code == 200
    with supervisor.session_transaction() as session:
        session.update(old)
    assert supervisor.get("/register").status_code == 302


def test_wrong_proofs_rest_the_session_and_not_the_account(app, sign_in):
    supervisor = sign_in("supervisor")
    answers = [supervisor.post("/login/confirm", data={"password": WRONG}).status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert isinstance(authentication.check("supervisor.plg", builders.PASSWORD), audit.Actor)


@pytest.mark.parametrize("path", ["/login/confirm", "/logout", "/account/password", "/admin/accounts", "/admin/keys"])
def test_key_neither_proves_nor_signs_out(api, path):
    admin = api("admin")
    assert admin.post(path, data={"password": WRONG, "old": WRONG}).status_code == 403
    assert count(SignInTry) == 0
    assert count(audit.AuditEntry, audit.AuditEntry.action == "staff.signed_out") == 0


@pytest.mark.parametrize("role", ["officer", "desk", "supervisor", "admin"])
def test_password_is_not_read_from_a_caller_without_the_right(api, sign_in, role):
    body = {"reason": "uji", "shelf": "C-1", "book": "0001", "password": WRONG}
    callers = [api(role)] if role == "supervisor" else [api(role), sign_in(role)]
    for caller in callers:
        answer = caller.post("/api/v1/handovers/1/void", json=body)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "forbidden")
    assert count(SignInTry) == 0


def test_initial_password_opens_only_the_password_change(app, sign_in):
    officer = sign_in("officer")
    force_change("officer.plg")
    assert officer.get("/lane").location == "/account"
    refused = officer.get("/api/v1/visits")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "password_change_needed")
    answer = officer.post("/account/password", data={"old": builders.PASSWORD, "new": GOOD, "again": GOOD})
    assert answer.status_code == 303 and officer.get("/lane").status_code == 200
    assert officer.post("/logout").status_code == 302


def test_sign_in_with_an_initial_password_leads_to_the_change(app, client):
    force_change("officer.plg")
    assert log_in(client).location == "/account"
    assert client.get("/account").status_code == 200 and client.get("/register").location == "/account"


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("pendek", "pendek", "sedikitnya 15 huruf"),
        ("passwordpassword123", "passwordpassword123", "mudah ditebak"),
        ("officer.plg officer.plg", "officer.plg officer.plg", "mudah ditebak"),
        ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "mudah ditebak"),
        ("imigrasipalembang", "imigrasipalembang", "mudah ditebak"),
        ("bismillah bismillah", "bismillah bismillah", "mudah ditebak"),
        ("siampera bertanjak", "siampera bertanjak", "mudah ditebak"),
        (builders.PASSWORD, builders.PASSWORD, "harus berbeda"),
        (GOOD, GOOD + "x", "tidak sama"),
    ],
)
def test_bad_new_password_is_refused_beside_the_field(sign_in, new, again, sentence):
    officer = sign_in("officer")
    answer = officer.post("/account/password", data={"old": builders.PASSWORD, "new": new, "again": again})
    assert answer.status_code == 422 and sentence in answer.text and new not in answer.text
    assert isinstance(authentication.check("officer.plg", builders.PASSWORD), audit.Actor)


def test_own_change_needs_the_old_password_and_ends_other_sessions(sign_in):
    here, elsewhere = sign_in("officer"), sign_in("officer")
    form = {"old": WRONG, "new": GOOD, "again": GOOD}
    assert here.post("/account/password", data=form).status_code == 401
    assert here.post("/account/password", data=form | {"old": builders.PASSWORD}).status_code == 303
    assert here.get("/register").status_code == 200 and elsewhere.get("/register").status_code == 302
    assert "Kata sandi officer.plg diganti oleh pemiliknya" in here.get("/account").text


def test_reset_and_disable_end_sessions_and_keys_and_notify(sign_in, api):
    key = api("supervisor")
    admin = sign_in("admin")
    assert (
        admin.post(f"/admin/accounts/{staff_id('supervisor.plg')}/reset", data={"identified": "in_person"}).status_code
        == 303
    )
    assert key.get("/api/v1/visits").status_code == 401
    with db.reading() as session:
        notified = session.scalars(select(Staff.login).join(AccountNotice, AccountNotice.staff_id == Staff.id))
        assert {"supervisor.plg", "supervisor2.plg"} <= set(notified)


def test_role_change_ends_sessions_and_only_the_keys_above(sign_in, api):
    supervisor, key = sign_in("supervisor"), api("supervisor")
    person = builders.staff("supervisor.plg")
    keys.create(audit.command(1), person.id, Wish("officer", "rendah"), "h")
    sign_in("admin").post(f"/admin/accounts/{person.id}/role", data={"role": "officer"})
    assert supervisor.get("/register").status_code == 302 and key.get("/api/v1/visits").status_code == 401
    assert count(ApiKey, ApiKey.revoked_at.is_(None), ApiKey.name == "rendah") == 1


@pytest.mark.parametrize(
    ("owner", "role", "is_made"),
    [("officer", "admin", False), ("officer", "desk", False), ("desk", "supervisor", False),
     ("supervisor", "desk", True), ("supervisor", "admin", False), ("officer", "officer", True)],
)  # fmt: skip
def test_key_is_never_above_the_owner(app, owner, role, is_made):
    made = keys.create(audit.command(1), staff_id(f"{owner}.plg"), Wish(role, "uji"), "h")
    assert isinstance(made, Refused) != is_made


def test_key_ends_on_the_last_day_and_shows_the_last_use(api):
    program = api("desk")
    assert program.get("/api/v1/passports?q=abc").status_code == 200
    assert count(ApiKey, ApiKey.used_at.is_not(None)) == 1
    with clock.shift(timedelta(days=limits.DAYS, minutes=1)):
        assert program.get("/api/v1/passports?q=abc").status_code == 401


def test_key_made_in_the_browser_is_shown_once_and_works(sign_in, client):
    admin = sign_in("admin")
    form = {"name": "Sistem contoh", "staff": str(staff_id("desk.plg")), "role": "desk", "days": "30"}
    assert admin.post("/admin/keys", data=form).location == "/admin/keys"
    page = admin.get("/admin/keys").text
    key = re.search(r"ampera_key_[\w-]+", page)[0]
    assert key not in admin.get("/admin/keys").text
    assert client.get("/api/v1/passports?q=abc", headers={"Authorization": f"Bearer {key}"}).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"role": "admin"}, {"days": "0"}, {"days": "9999"}, {"days": "x"}, {"staff": "999"}, {"name": ""}]
)
def test_refused_key_keeps_what_was_typed(sign_in, wrong):
    form = {"name": "Sistem contoh", "staff": str(staff_id("desk.plg")), "role": "desk", "days": "30"} | wrong
    answer = sign_in("admin").post("/admin/keys", data=form)
    assert answer.status_code == 422 and "field__error" in answer.text and count(ApiKey) == 0


def test_grave_acts_ask_for_the_password_when_the_proof_is_old(sign_in):
    admin, person = sign_in("admin"), staff_id("officer.plg")
    with clock.shift(timedelta(minutes=30)):
        for path in (f"/admin/accounts/{person}/disable", "/admin/accounts", "/admin/keys"):
            answer = admin.post(path, data={"login": "baru", "name": "Contoh", "role": "desk"})
            assert answer.status_code == 403 and 'name="proof"' in answer.text
        assert admin.post(f"/admin/accounts/{person}/disable", data={"proof": WRONG}).status_code == 401
        assert builders.staff("officer.plg").is_active
        assert admin.post(f"/admin/accounts/{person}/disable", data={"proof": builders.PASSWORD}).status_code == 303
    assert not builders.staff("officer.plg").is_active


@pytest.mark.parametrize("act", ["reset", "disable", "role"])
def test_administrator_cannot_lock_the_own_account(sign_in, act):
    admin, own = sign_in("admin"), staff_id("admin.plg")
    assert admin.get(f"/admin/accounts/{own}/{act}").status_code == 409
    assert admin.post(f"/admin/accounts/{own}/{act}", data={"role": "desk"}).status_code == 409
    assert admin.get("/admin/accounts").status_code == 200


def test_last_administrator_stays(app):
    refused = service.set_active(audit.command(1), staff_id("admin.plg"), False)
    assert refused.code == "last_administrator" and builders.staff("admin.plg").is_active
    service.set_role(audit.command(1), staff_id("desk.plg"), "admin")
    assert service.set_active(audit.command(1), staff_id("admin.plg"), False).name == "admin.plg"


@pytest.mark.parametrize("name", ["Contoh\x00", "Contoh\nBaru", "Contoh\u202e", "Con\u200btoh", "\x1b[1mContoh", ""])
def test_name_with_hidden_characters_is_refused(app, name):
    assert service.create_staff(audit.command(1), "baru", name, "desk", "h").code == "staff_name_invalid"


def given(app, login="officer.plg"):
    """The password that an administrator has made for this account."""
    password = passwords.random_password()
    service.reset_password(builders.actor("admin"), staff_id(login), passwords.hashed(password), True)
    return password


def test_given_password_opens_one_session_which_changes_the_password(app):
    password = given(app)
    first, second = app.test_client(), app.test_client()
    assert log_in(first, password=password).location == "/account"
    assert log_in(second, password=password).status_code == 401
    form = {"old": password, "new": GOOD, "again": GOOD}
    assert first.post("/account/password", data=form | {"csrf_token": csrf_token(first)}).status_code == 303
    assert log_in(second, password=GOOD).location == "/lane"


def test_given_password_ends_after_three_days(app, client):
    password = given(app)
    with clock.shift(service.GIVEN_FOR + timedelta(minutes=1)):
        assert log_in(client, password=password).status_code == 401


@on_both
def test_of_eight_uses_of_a_given_password_at_once_one_begins_a_session(app):
    password = given(app)
    proved = authentication.sign_in("officer.plg", password, Client("s", "192.0.2.1"))

    def enter(n):
        with app.app_context():
            return service.sign_in(proved.actor, f"hash{n}")

    with ThreadPoolExecutor(8) as pool:
        refused = [answer for answer in pool.map(enter, range(8)) if isinstance(answer, Refused)]
    assert [answer.code for answer in refused] == ["wrong_password"] * 7


def test_account_shows_the_sign_in_before_and_the_refused_ones_since(app):
    browser = app.test_client()
    log_in(browser)
    assert "Masuk sebelumnya" not in browser.get("/account").text
    with clock.shift(timedelta(minutes=1)):
        for _ in range(2):
            log_in(app.test_client(), password=WRONG)
        log_in(browser)
        page = browser.get("/account").text
    assert "Masuk sebelumnya" in page and "2 percobaan ditolak sejak itu" in page


def cookie_of(client):
    return client.get_cookie(COOKIE).value


def opens(app, cookie):
    """Whether this cookie, copied into another browser, opens a page of the staff."""
    browser = app.test_client()
    browser.set_cookie(COOKIE, cookie)
    return browser.get("/register").status_code == 200


def test_cookie_from_before_the_sign_in_opens_nothing(app, client):
    client.get("/login")
    csrf_token(client)
    planted = cookie_of(client)
    log_in(client)
    assert opens(app, cookie_of(client)) and not opens(app, planted)


def test_weak_hash_of_an_earlier_version_is_made_again_at_the_sign_in(app, client):
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(builders.PASSWORD)
    builders.set_columns(Staff, {"id": staff_id("officer.plg")}, password_hash=weak)
    assert log_in(client, password=WRONG).status_code == 401 and builders.staff("officer.plg").password_hash == weak
    assert log_in(client).status_code == 302
    new = builders.staff("officer.plg").password_hash
    assert passwords.is_outdated(weak) and not passwords.is_outdated(new) and passwords.matches(builders.PASSWORD, new)
    log_in(client)
    assert builders.staff("officer.plg").password_hash == new


def test_one_session_ends_after_a_proof_and_the_others_stay(app, client):
    other, third = app.test_client(), app.test_client()
    for browser in (other, third, client):
        log_in(browser)
    with db.reading() as session:
        ended, _, own = session.scalars(select(SignIn.id).order_by(SignIn.id)).all()

    def end(sign_in_id):
        return client.post(f"/account/sessions/{sign_in_id}/end", data={"csrf_token": csrf_token(client)})

    with clock.shift(timedelta(minutes=11)):
        for path in (f"/account/sessions/{ended}/end", "/account/sessions/end"):
            asked = client.post(path, data={"csrf_token": csrf_token(client)})
            assert asked.location == "/login/confirm?next=/account" and other.get("/lane").status_code == 200
        client.post("/login/confirm", data={"password": builders.PASSWORD, "csrf_token": csrf_token(client)})
        assert f"/account/sessions/{ended}/end" in client.get("/account").text
        assert end(ended).location == "/account"
    assert [browser.get("/lane").status_code for browser in (other, third, client)] == [302, 200, 200]
    service.sign_in(builders.actor("desk"), "a session of somebody else")
    with db.reading() as session:
        foreign = session.scalar(select(func.max(SignIn.id)))
    assert [end(number).status_code for number in (ended, own, foreign)] == [404] * 3
    assert count(SignIn, SignIn.ended_at.is_(None)) == 3


def test_sign_out_clears_the_cache_of_the_browser_and_keeps_what_is_of_the_device(app, client):
    log_in(client)
    answer = client.post("/logout", data={"csrf_token": csrf_token(client)})
    assert answer.headers["Clear-Site-Data"] == '"cache"'  # not "cookies", not "storage": tablet, offline page
    assert client.get_cookie(known_devices.COOKIE, path="/login") and client.get("/lane").status_code == 302


def test_stolen_cookie_is_worthless_after_the_sign_out(app, client):
    log_in(client)
    stolen = cookie_of(client)
    assert opens(app, stolen)
    client.post("/logout", data={"csrf_token": csrf_token(client)})
    assert not opens(app, stolen)
