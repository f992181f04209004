"""Sign-in with a directory (OpenID Connect): the way of honest people, through a real provider."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from ampera import clock, db
from ampera.accounts.directory import service
from ampera.accounts.directory.claims import Person, Right, right_of
from ampera.accounts.directory.provider import Tokens
from ampera.accounts.directory.refusals import DirectoryRefusal
from ampera.accounts.directory.service import directory_actor
from ampera.accounts.pins.models import DevicePin
from ampera.installation.group_roles import GroupRole, group_roles
from ampera.settings import SettingsError
from ampera.tools.upkeep.outside_checks import examine_outside
from tests import builders
from tests.accounts.directory_steps import (
    account_of,
    asked,
    come_back,
    enter,
    forge,
    history,
    is_inside,
    question,
    running,
    staff_of,
    times,
    use,
)
from tests.accounts.test_factors import add_app, code_now, post
from tests.accounts.test_sign_in import csrf_token
from tests.conftest import on_both, settings_for
from tests.directories import ADMIN, CLIENT, DESK, OFFICER, SUPERVISOR, settings_of

pytestmark = pytest.mark.true_time
ISSUER = "https://sso.example.go.id/realms/kantor"


@on_both
def test_person_of_a_group_works_in_the_role_of_the_group(app, directory):
    use(app, directory)
    assert "Masuk dengan akun direktori" in app.test_client().get("/login").text
    browser, answer = enter(app, directory, directory.person("budi@contoh.go.id", DESK, name="Budi Contoh"))
    assert (answer.status_code, answer.location) == (302, "/desk")
    assert browser.get("/desk").status_code == 200
    staff = staff_of("budi")
    assert (staff.name, staff.role, staff.password_hash, staff.must_change) == ("Budi Contoh", "desk", "", False)


@on_both
def test_of_eight_first_sign_ins_at_once_one_makes_the_account(app):
    def person(number):
        return Person(ISSUER, f"sub-{number % 2}", "kembar", "Kembar Contoh", (), False, None)

    office = builders.staff("officer.plg").office_id

    def enter_at_once(number):
        with app.app_context():
            right = Right("officer", office)
            return service.admit(directory_actor(office), person(number), right, Tokens("a", "r")).staff_id

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(enter_at_once, range(8)))
    assert len(set(found)) == 2 and {staff_of("kembar").id, staff_of("kembar2").id} == set(found)


def test_question_has_state_nonce_and_an_s256_challenge(app, directory):
    use(app, directory)
    sent = asked(question(app.test_client()))
    assert sent["code_challenge_method"] == "S256" and sent["response_type"] == "code" and sent["client_id"] == CLIENT
    assert min(len(sent[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert sent["redirect_uri"] == "http://localhost/login/oidc/callback"


def test_person_comes_to_the_page_that_was_wanted(app, directory):
    use(app, directory)
    _, answer = enter(app, directory, directory.person("sari", OFFICER), "?next=/register")
    assert answer.location == "/register"


def test_without_a_directory_there_is_no_button_and_no_page(client):
    assert "akun direktori" not in client.get("/login").text
    for path in ("/login/oidc", "/login/oidc/callback"):
        assert client.get(path).status_code == 404
    assert client.post("/login/oidc/logout", data={"logout_token": "a.b.c"}).status_code == 404


def test_start_imports_no_library_of_a_directory(tmp_path):
    """They cost a start an eighth of a second, and most servers have no directory."""
    program = "import sys; from ampera import create_app; create_app(); print([*sys.modules])"
    environ = {**os.environ, "AMPERA_INSTANCE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert "flask" in done.stdout and not {"authlib", "joserfc", "httpx"} & set(re.findall(r"'(\w+)'", done.stdout))


def test_next_sign_in_is_the_same_account_with_the_new_name_and_role(app, directory):
    use(app, directory)
    subject = directory.person("tono", OFFICER)
    enter(app, directory, subject)
    first = staff_of("tono")
    directory.person("tono.baru", SUPERVISOR, subject=subject, name="Tono Baru")
    enter(app, directory, subject)
    again = staff_of("tono")
    assert (again.id, again.name, again.role) == (first.id, "Tono Baru", "supervisor")
    assert staff_of("tono.baru") is None
    assert len(running("tono")) == 1, "the session of the earlier role has ended"


def test_person_who_moves_to_another_office_leaves_nothing_behind(app, directory):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    use(app, directory)
    subject = directory.person("pindah", OFFICER)
    browser, _ = enter(app, directory, subject)
    directory.person("pindah", "jakarta", subject=subject)
    enter(app, directory, subject)
    assert staff_of("pindah").office_id != builders.staff("officer.plg").office_id
    assert not is_inside(browser)


def test_several_groups_give_the_highest_role(app, directory):
    use(app, directory)
    enter(app, directory, directory.person("ganda", OFFICER, SUPERVISOR, "lain"))
    assert staff_of("ganda").role == "supervisor"


@pytest.mark.parametrize(
    ("rights", "offices", "found"),
    [
        ("a=desk", {"PLG": 1}, Right("desk", 1)),
        ("a=officer,a=desk", {"PLG": 1}, Right("desk", 1)),
        ("a=desk@PLG,b=admin@PLG", {"PLG": 1, "JKT": 2}, Right("admin", 1)),
        ("a=desk@PLG,b=admin@JKT", {"PLG": 1, "JKT": 2}, DirectoryRefusal.SEVERAL_OFFICES),
        ("a=desk", {"PLG": 1, "JKT": 2}, DirectoryRefusal.NO_RIGHT),
        ("a=desk@XXX", {"PLG": 1}, DirectoryRefusal.NO_RIGHT),
        ("a=desk@XXX,b=officer", {"PLG": 1}, Right("officer", 1)),
        ("", {"PLG": 1}, DirectoryRefusal.NO_RIGHT),
        ("a=desk", {}, DirectoryRefusal.NO_RIGHT),
    ],
)
def test_groups_give_one_role_in_one_office(rights, offices, found):
    assert right_of(group_roles(rights), offices) == found


def test_setting_of_the_groups_is_read_as_written():
    assert group_roles("/kantor/a=b=officer@PLG, x@y=admin") == (
        GroupRole("/kantor/a=b", "officer", "PLG"),
        GroupRole("x@y", "admin", ""),
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"OIDC_CLIENT_SECRET": ""}, "AMPERA_OIDC_CLIENT_SECRET"),
        ({"OIDC_ROLES": ""}, "AMPERA_OIDC_ROLES"),
        ({"OIDC_ISSUER": ""}, "AMPERA_OIDC_ISSUER"),
        ({"OIDC_ISSUER": "http://sso.example.go.id"}, "must begin with https"),
        ({"OIDC_ISSUER": "https://u:p@sso.example.go.id"}, "without a user"),
        ({"OIDC_ISSUER": "https://sso.example.go.id?a=b"}, "a query"),
        ({"OIDC_ISSUER": "sso.example.go.id"}, "must be like"),
        ({"OIDC_ROLES": "loket"}, "GROUP=role"),
        ({"OIDC_ROLES": "loket=boss"}, "GROUP=role"),
        ({"OIDC_ROLES": "loket=officer@"}, "GROUP=role"),
        ({"OIDC_ROLES": "loket=officer,"}, "GROUP=role"),
        ({"OIDC_SCOPES": "profile"}, "must begin with openid"),
        ({"OIDC_SECOND_FACTOR": "mfa,"}, "separated by commas"),
        ({"OIDC_GROUPS_CLAIM": "my groups"}, "name of a claim"),
    ],
)
def test_half_or_malformed_settings_are_refused_at_the_start(tmp_path, changed, sentence):
    with pytest.raises(SettingsError, match=sentence):
        settings_for(tmp_path, **settings_of(ISSUER) | changed)


def test_second_factor_of_a_directory_needs_a_directory(tmp_path):
    with pytest.raises(SettingsError, match="AMPERA_OIDC_ISSUER"):
        settings_for(tmp_path, OIDC_SECOND_FACTOR="mfa")


def test_production_wants_a_directory_with_tls(tmp_path):
    local = settings_of("http://127.0.0.1:9400")
    assert settings_for(tmp_path, **local).oidc_issuer
    secrets = {"SECRET_KEY": "q8Zr2LmXw7Tn4Vb9Kc1Hd6Pf3Sg5Jy0A" * 2, "CODE_KEYS": "k1:" + "0123456789abcdef" * 4}
    with pytest.raises(SettingsError, match="https"):
        settings_for(tmp_path, ENV="production", **secrets, **local)


def test_account_without_a_factor_adds_one_of_ours_where_the_role_needs_one(app, directory):
    use(app, directory, SECOND_FACTOR="supervisor")
    browser, answer = enter(app, directory, directory.person("penyelia1", SUPERVISOR))
    assert answer.location == "/account" and browser.get("/register").location == "/account"
    page = browser.get("/account").text
    assert "berasal dari direktori" in page and "Ganti kata sandi" not in page
    made = browser.post("/account/factors/app", data={"csrf_token": csrf_token(browser)})
    assert made.status_code == 303, "a person who has signed in just now needs no other proof"
    page = browser.get("/account/factors/app").text
    secret = re.search(r'class="secret num">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    code = {"code": code_now(secret), "csrf_token": csrf_token(browser)}
    assert browser.post("/account/factors/app/confirm", data=code).status_code == 303
    assert browser.get("/register").status_code == 200
    assert staff_of("penyelia1").has_factor


def test_own_factor_is_asked_for_after_the_directory(app, directory):
    use(app, directory)
    subject = directory.person("berlapis", SUPERVISOR)
    enter(app, directory, subject)
    add_app(app, "berlapis")
    browser, answer = enter(app, directory, subject, "?next=/register")
    assert answer.location == "/login/factor" and not is_inside(browser)
    entered = browser.post("/login/factor", data={"code": code_now(), "csrf_token": csrf_token(browser)})
    assert entered.location == "/register" and is_inside(browser)
    assert [sign_in.factor for sign_in in running("berlapis")][-1] == "app"


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "otp"]}, {"acr": "mfa"}])
def test_factor_of_the_directory_counts_when_the_setting_has_the_value(app, directory, claims):
    use(app, directory, SECOND_FACTOR="admin")
    browser, answer = enter(app, directory, directory.person("kepala", ADMIN, **claims))
    assert answer.location == "/admin" and browser.get("/admin/accounts").status_code == 200
    assert [sign_in.factor for sign_in in running("kepala")] == ["oidc"]


def test_password_of_the_directory_alone_is_no_second_factor(app, directory):
    use(app, directory, SECOND_FACTOR="admin")
    browser, answer = enter(app, directory, directory.person("kepala2", ADMIN, amr=["pwd"]))
    assert answer.location == "/account" and browser.get("/admin/accounts").location == "/account"


def test_session_by_pin_keeps_the_second_factor_of_the_directory(app, directory):
    use(app, directory, SECOND_FACTOR="supervisor")
    browser, _ = enter(app, directory, directory.person("berpin", SUPERVISOR, amr=["otp"]))
    assert post(browser, "/login/pin", pin="493817", again="493817").status_code == 303
    post(browser, "/logout")
    with db.reading() as session:
        pin = session.query(DevicePin).one()
    assert post(browser, "/login/switch", who=str(pin.id), pin="493817").status_code == 302
    assert browser.get("/register").status_code == 200
    assert [sign_in.factor for sign_in in running("berpin")] == ["pin"]


def test_session_by_pin_gets_no_factor_from_a_sign_in_without_one(app, directory):
    use(app, directory)
    subject = directory.person("berpin", OFFICER, amr=["pwd"])
    browser, _ = enter(app, directory, subject)
    assert post(browser, "/login/pin", pin="493817", again="493817").status_code == 303
    post(browser, "/logout")
    with db.reading() as session:
        pin = session.query(DevicePin).one()
    directory.person("berpin", OFFICER, subject=subject, amr=["otp"])
    enter(app, directory, subject)
    assert post(browser, "/login/switch", who=str(pin.id), pin="493817").status_code == 302
    settings = app.extensions["ampera.settings"]
    app.extensions["ampera.settings"] = replace(settings, second_factor="officer")
    assert browser.get("/register").location == "/account"


def test_role_that_is_tied_to_tablets_needs_one_also_with_a_directory(app, directory):
    use(app, directory, ENROLLED_TABLETS="officer")
    browser, answer = enter(app, directory, directory.person("jauh", OFFICER))
    assert answer.status_code == 403 and "tablet kantor" in answer.text and not is_inside(browser)


def test_grave_act_is_proved_by_a_new_sign_in_at_the_directory(app, forger):
    use(app, forger)
    forger.claims = {"groups": [ADMIN]}
    browser, _ = forge(app, forger)
    with clock.shift(timedelta(minutes=11)):
        form = {"name": "Baru Contoh", "login": "baru", "role": "desk", "csrf_token": csrf_token(browser)}
        refused = browser.post("/admin/accounts", data=form)
        assert refused.status_code == 403 and "/login/confirm?next=/admin/accounts" in refused.text
        assert "prove=1" in browser.get("/login/confirm?next=/admin/accounts").text
        asks = question(browser, "?prove=1&next=/admin/accounts")
        assert asked(asks)["prompt"] == "login" and asked(asks)["max_age"] == "0"
        forger.claims |= times()
        assert come_back(browser, forger.answer(asks)).location == "/admin/accounts"
        assert browser.post("/admin/accounts", data=form | {"csrf_token": csrf_token(browser)}).status_code == 303


def test_supervisor_of_a_directory_cancels_a_book_after_a_new_sign_in(app, forger):
    use(app, forger)
    forger.claims = {"groups": [SUPERVISOR]}
    browser, _ = forge(app, forger)
    book = builders.passport()
    page = browser.get(f"/desk/books/{book}").text
    assert f"/login/confirm?next=/desk/books/{book}" in page and 'id="cancel-password"' not in page
    form = {"minutes": "BA-1", "ground": "e"}
    with clock.shift(timedelta(minutes=11)):
        assert "Ketik ulang" in follow(browser, post(browser, f"/desk/books/{book}/cancel", **form))
        asks = question(browser, f"?prove=1&next=/desk/books/{book}")
        forger.claims |= times()
        assert come_back(browser, forger.answer(asks)).location == f"/desk/books/{book}"
        assert "Paspor dibatalkan" in follow(browser, post(browser, f"/desk/books/{book}/cancel", **form))


def follow(browser, answer):
    return browser.get(answer.location).text


def test_names_of_people_become_logins_and_lines(app, directory):
    use(app, directory)
    for wish, login in (("Ayu Lestari", "ayu-lestari"), ("Ðwi@x", "wi"), ("…", "direktori"), ("x" * 90, "x" * 34)):
        enter(app, directory, directory.person(wish, OFFICER, name="A\u202eB" if wish == "…" else " Nama  Dua "))
        assert staff_of(login).name == (login if wish == "…" else "Nama Dua")


def test_unreachable_directory_is_a_sentence_and_local_accounts_go_on(app, forger):
    forger.is_down = True
    use(app, forger)
    answer = app.test_client().get("/login/oidc?lang=en")
    assert answer.status_code == 503 and "The directory does not answer" in answer.text
    browser = builders.signed_in(app, "admin")
    assert is_inside(browser)


def test_doctor_asks_the_directory_and_knows_the_offices_of_the_groups(app, forger):
    def findings():
        examined = examine_outside(app.extensions["ampera.settings"])
        return [(finding.ok, finding.text) for finding in examined if finding.check.startswith("directory")]

    use(app, forger)
    answers, groups = findings()
    assert answers == (True, f"{forger.issuer} answers.") and groups == (
        False,
        "AMPERA_OIDC_ROLES names no office: JKT.",
    )
    use(app, forger, OIDC_ROLES="loket=officer")
    assert len(findings()) == 1
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    forger.described = {"issuer": "https://other.example"}
    use(app, forger, OIDC_ROLES="loket=officer")
    answers, groups = findings()
    assert not answers[0] and "another issuer" in answers[1] and "needs @CODE" in groups[1]


def test_history_names_the_account_and_never_the_person_of_the_directory(app, directory, capsys):
    use(app, directory)
    subject = directory.person("rahasia", OFFICER)
    enter(app, directory, subject)
    enter(app, directory, directory.person("tanpa", "grup-lain"))
    written = "".join(entry.details + entry.subject for entry in history("staff.created"))
    written += "".join(entry.details + entry.subject for entry in history("staff.directory_refused"))
    assert "directory_no_right" in written and subject not in written and "sub-" not in written
    tokens = account_of("rahasia").sealed_tokens
    assert tokens.startswith("t1:") and "refresh" not in tokens
    logged = capsys.readouterr().err
    assert subject not in logged and "code=" not in logged and "rahasia" not in logged


def test_account_of_a_directory_has_no_password_and_role_to_set_here(app, directory, sign_in):
    use(app, directory)
    enter(app, directory, directory.person("diatur", OFFICER))
    staff_id, admin = staff_of("diatur").id, sign_in("admin")
    for act, form in (("reset", {}), ("role", {"role": "admin"})):
        refused = admin.post(f"/admin/accounts/{staff_id}/{act}", data=form)
        assert refused.status_code == 409 and "direktori" in refused.text
    assert staff_of("diatur").password_hash == "" and staff_of("diatur").role == "officer"
    page = admin.get("/admin/accounts").text
    assert f"/admin/accounts/{staff_id}/disable" in page and f"/admin/accounts/{staff_id}/reset" not in page
