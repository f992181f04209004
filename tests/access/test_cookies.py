"""Names and signatures of cookies: what a version before 1.2 gave goes on working, and gets its new name at once."""

import hashlib
import time
from contextlib import contextmanager

import pytest
from flask.sessions import session_json_serializer
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from ampera import COOKIE, create_app, security
from ampera.accounts import service
from ampera.accounts.sign_in import known_devices
from ampera.accounts.tablets import browser_views
from ampera.web import csrf_tokens
from ampera.web.cookies import FORMER_SECONDS, PREFIX
from ampera.web.signatures import Signer
from tests import builders
from tests.accounts.test_sign_in import log_in
from tests.conftest import settings_for

HTTPS = "https://localhost"


def former(app, value, salt="cookie-session", codec=session_json_serializer):
    """What versions before 1.2 signed: with HMAC-SHA1."""
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha1}
    return URLSafeTimedSerializer(app.secret_key, salt=salt, serializer=codec, signer_kwargs=how).dumps(value)


def session_of(app, role):
    """A session of this role, as the content of its cookie."""
    token = security.new_token("session")
    service.sign_in(builders.actor(role), security.token_hash(token))
    return {"token": token, "csrf_token": "for-the-test"}


def given(answer):
    """The cookies that an answer sets, by name; "" for one that it deletes."""
    pairs = [cookie.split(";")[0].partition("=") for cookie in answer.headers.getlist("Set-Cookie")]
    return {name: value for name, _, value in pairs}


def test_session_of_an_earlier_version_goes_on_under_the_new_name(app, client):
    client.set_cookie(COOKIE, former(app, session_of(app, "officer")))
    first = client.get("/lane", base_url=HTTPS)
    assert first.status_code == 200 and given(first)[COOKIE] == "" and given(first)[PREFIX + COOKIE]
    second = client.get("/lane", base_url=HTTPS)
    assert second.status_code == 200 and client.get_cookie(COOKIE) is None
    assert PREFIX + COOKIE not in given(second)
    token = former(app, "for-the-test", csrf_tokens.SALT, None)  # of a page that was open during the upgrade
    assert client.post("/logout", base_url=HTTPS, headers={"X-CSRFToken": token}).status_code == 302
    assert client.get_cookie(PREFIX + COOKIE) is None and client.get("/lane", base_url=HTTPS).status_code == 302


def test_session_of_an_earlier_version_is_signed_again_without_tls_too(app, client):
    old = former(app, session_of(app, "officer"))
    client.set_cookie(COOKIE, old)
    assert client.get("/lane").status_code == 200
    new = client.get_cookie(COOKIE).value
    assert new != old and client.get("/lane").status_code == 200


@pytest.mark.parametrize(("age", "status"), [(FORMER_SECONDS - 60, 200), (FORMER_SECONDS + 60, 302)])
def test_old_signature_ends_with_the_longest_session(app, client, monkeypatch, age, status):
    with monkeypatch.context() as then:
        then.setattr(TimestampSigner, "get_timestamp", lambda signer: int(time.time()) - age)
        client.set_cookie(COOKIE, former(app, session_of(app, "officer")))
    assert client.get("/lane").status_code == status


def test_public_file_renews_no_session(app, client):
    client.set_cookie(COOKIE, former(app, session_of(app, "officer")))
    answer = client.get(f"{app.static_url_path}/css/tokens.css", base_url=HTTPS, buffered=True)
    assert answer.status_code == 200 and not given(answer)


@pytest.mark.parametrize("is_former", [True, False])
def test_cookie_that_a_neighbour_sets_opens_no_session_over_tls(app, client, is_former):
    """`evil.example.go.id` may set `ampera` for the whole domain, but gets no old signature any more."""
    signed = app.session_interface.get_signing_serializer(app).dumps(session_of(app, "admin"))
    client.set_cookie(COOKIE, former(app, session_of(app, "admin")) if is_former else signed)
    if is_former:
        own = app.session_interface.get_signing_serializer(app).dumps(session_of(app, "officer"))
        client.set_cookie(PREFIX + COOKIE, own)
    answer = client.get("/lane", base_url=HTTPS)
    assert answer.status_code == (200 if is_former else 302)  # the own session, or none


def test_tablet_of_an_earlier_version_stays_enrolled(app, client):
    client.set_cookie(browser_views.COOKIE, "ampera_device_" + "x" * 43)
    answer = client.get("/login", base_url=HTTPS)
    assert given(answer)[PREFIX + browser_views.COOKIE] == "ampera_device_" + "x" * 43
    assert given(answer)[browser_views.COOKIE] == "" and client.get_cookie(browser_views.COOKIE) is None
    assert not given(client.get("/login", base_url=HTTPS)).keys() & {
        browser_views.COOKIE,
        PREFIX + browser_views.COOKIE,
    }


def test_browser_of_an_earlier_version_is_still_known(app):
    nonce, password_hash = "n" * 16, "$argon2id$x"
    tag = hashlib.sha256(f"{nonce}\x1f{password_hash}".encode()).hexdigest()[:16]
    read = known_devices.read(app.secret_key, former(app, [nonce, {"7": tag}], known_devices.SALT, None))
    assert read.knows(7, password_hash) and not read.knows(7, "another") and not read.knows(8, password_hash)
    again = known_devices.read(app.secret_key, known_devices.remember(app.secret_key, read, 7, password_hash))
    assert again.nonce == nonce and len(again.tags["7"]) == 32 and again.knows(7, password_hash)


@pytest.mark.parametrize("tag", ["", "0" * 16, "0" * 32, "0" * 8])
def test_tag_of_another_length_knows_nobody(tag):
    assert not known_devices.KnownDevice("n" * 16, {"7": tag}).knows(7, "$argon2id$x")


def test_names_stay_without_tls(app, client):
    assert set(given(log_in(client))) == {COOKIE, known_devices.COOKIE}


OLD, OLDER = "old-secret-" + "o" * 40, "older-secret-" + "p" * 40


def test_secret_with_a_successor_still_reads_and_signs_nothing_more(tmp_path, office_database):
    (tmp_path / "ampera.db").write_bytes(office_database)
    with running(tmp_path, OLD) as before:
        browser = before.test_client()
        log_in(browser)
        cookies = [browser.get_cookie(COOKIE).value, browser.get_cookie(known_devices.COOKIE, path="/login").value]
    with running(tmp_path, "new-" + "n" * 40, OLD_SECRET_KEYS=f"{OLDER},{OLD}") as app:
        here = app.test_client()
        here.set_cookie(COOKIE, cookies[0])
        assert here.get("/lane").status_code == 200 and here.get_cookie(COOKIE).value != cookies[0], "signed again"
        assert known_devices.read(app.secret_key, cookies[1], [OLDER, OLD]).tags
        assert known_devices.read(app.secret_key, cookies[1]) is None
        renewed = here.get_cookie(COOKIE).value
        with app.app_context():
            token = csrf_tokens.signed("x")
    with running(tmp_path, "new-" + "n" * 40) as after:
        for cookie, status in ((renewed, 200), (cookies[0], 302)):
            last = after.test_client()
            last.set_cookie(COOKIE, cookie)
            assert last.get("/lane").status_code == status
        assert Signer(["new-" + "n" * 40], csrf_tokens.SALT).read(token, 60, 60) == ("x", False)


@contextmanager
def running(folder, secret, **more):
    """The app of this installation with this secret."""
    made = create_app(settings_for(folder, SECRET_KEY=secret, **more))
    with made.app_context():
        yield made
    made.extensions["ampera.db"].dispose()
