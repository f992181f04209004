"""Sign-in with a directory (OpenID Connect): the way of an honest person, through a real provider."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from ampera import db
from ampera.accounts.models import SignIn, Staff
from ampera.settings import load
from tests.conftest import SECRETS
from tests.directories import DESK, OFFICER, SUPERVISOR, settings_of

pytestmark = pytest.mark.true_time


def use(app, directory, **more):
    """Let the app use this directory."""
    wanted = settings_of(directory.issuer, **more)
    loaded = load(SECRETS | {f"AMPERA_{name}": value for name, value in wanted.items()}, make_secrets=False)
    changed = {name.lower(): getattr(loaded, name.lower()) for name in wanted}
    app.extensions["ampera.settings"] = replace(app.extensions["ampera.settings"], **changed)


def question(browser, query=""):
    """Where the browser is sent to when it begins."""
    answer = browser.get(f"/login/oidc{query}")
    assert answer.status_code == 302, answer.text
    return answer.location


def come_back(browser, address):
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}")


def enter(app, directory, subject, query="", browser=None):
    """This person signs in; gives the browser and the last answer."""
    browser = browser or app.test_client()
    return browser, come_back(browser, directory.answer(question(browser, query), subject))


def staff_of(login):
    with db.reading() as session:
        return session.scalar(select(Staff).where(Staff.login == login))


def running(staff_id):
    with db.reading() as session:
        query = select(SignIn).where(SignIn.staff_id == staff_id, SignIn.ended_at.is_(None))
        return list(session.scalars(query))


def test_person_of_a_group_works_in_the_role_of_the_group(app, directory):
    use(app, directory)
    assert "Masuk dengan akun direktori" in app.test_client().get("/login").text
    browser, answer = enter(app, directory, directory.person("budi@contoh.go.id", DESK, name="Budi Contoh"))
    assert (answer.status_code, answer.location) == (302, "/desk")
    assert browser.get("/desk").status_code == 200
    staff = staff_of("budi")
    assert (staff.name, staff.role, staff.password_hash, staff.must_change) == ("Budi Contoh", "desk", "", False)


def test_question_has_state_nonce_and_an_s256_challenge(app, directory):
    use(app, directory)
    asked = parse_qs(urlsplit(question(app.test_client())).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert asked["redirect_uri"] == ["http://localhost/login/oidc/callback"]


def test_person_comes_to_the_page_that_was_wanted(app, directory):
    use(app, directory)
    _, answer = enter(app, directory, directory.person("sari", SUPERVISOR), "?next=/register")
    assert answer.location == "/register"


def test_without_a_directory_there_is_no_button_and_no_page(client):
    assert "akun direktori" not in client.get("/login").text
    for path in ("/login/oidc", "/login/oidc/callback"):
        assert client.get(path).status_code == 404
    assert client.post("/login/oidc/logout", data={"logout_token": "a.b.c"}).status_code == 404


def test_second_sign_in_is_the_same_account_with_the_new_name_and_role(app, directory):
    use(app, directory)
    subject = directory.person("tono", OFFICER)
    enter(app, directory, subject)
    first = staff_of("tono")
    directory.person("tono.baru", SUPERVISOR, subject=subject, name="Tono Baru")
    enter(app, directory, subject)
    again = staff_of("tono")
    assert (again.id, again.name, again.role) == (first.id, "Tono Baru", "supervisor")
    assert staff_of("tono.baru") is None
    assert len(running(first.id)) == 1, "the session of the earlier role has ended"
