"""Which addresses the server answers to, and whose pages may write. The public address decides."""

import pytest
from flask import request

from ampera import create_app
from ampera.web.origins import may_listen
from tests.conftest import settings_for

PUBLIC = "https://paspor.example.go.id"


@pytest.fixture
def site(app, tmp_path):
    """`site(**settings)` makes the settings of this app those of an installation with a public address."""

    def use(**more):
        app.extensions["ampera.settings"] = settings_for(tmp_path, **{"PUBLIC_URL": PUBLIC, **more})
        return app.test_client()

    return use


def write(client, host, **headers):
    """The code of the refusal of a posted form; None when the form was read."""
    sent = {"Host": host, "Accept": "application/json", **{name.replace("_", "-"): v for name, v in headers.items()}}
    answer = client.post("/api/v1/scans", json={}, headers=sent)
    code = answer.json["error"]["code"]
    return code if code.startswith("wrong") else None


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("paspor.example.go.id", PUBLIC),
        ("paspor.example.go.id", "https://PASPOR.example.go.id:443"),
        ("paspor.example.go.id:8443", PUBLIC),  # a proxy that passes its own port
        ("127.0.0.1:8000", PUBLIC),  # a proxy that passes the server's own address
        ("192.168.1.20:8000", "http://192.168.1.20:8000"),  # a tablet beside the proxy
        ("[fd00::20]:8000", "http://[fd00::20]:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("ampera.lan", "http://ampera.lan"),
        ("AMPERA.lan.", "http://ampera.lan"),
        ("paspor.example.go.id", "null"),
        ("PASPOR.example.go.id.:443", "HTTPS://paspor.example.go.id."),
        ("[0:0:0:0:0:0:0:1]:8000", "http://[::1]:8000"),
        ("[FD00::0020]:8000", "http://[fd00::20]:8000"),
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("127.0.0.1:443", "https://127.0.0.1"),
        ("xn--kantr-mua.lan", "http://xn--kantr-mua.lan"),
    ],
)
def test_own_page_may_write(site, host, origin):
    assert write(site(HOSTS="ampera.lan, loket.lan, kantör.lan"), host, Origin=origin) is None


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("paspor.example.go.id", "https://evil.example"),
        ("paspor.example.go.id", "http://paspor.example.go.id:8080"),
        ("paspor.example.go.id", "https://paspor.example.go.id.evil.example"),
        ("paspor.example.go.id", "https://evil.example@paspor.example.go.id.evil.example"),
        ("paspor.example.go.id", "ftp://paspor.example.go.id"),
        ("paspor.example.go.id", "https://[paspor"),
        ("paspor.example.go.id", ""),
        ("paspor.example.go.id", "https://paspor.example.go.id:8443"),
        ("paspor.example.go.id", "https://paspor.example.go.id, https://evil.example"),
        ("paspor.example.go.id", "https://petugas@paspor.example.go.id"),
        ("paspor.example.go.id", "https://paspor.example.go.id/x"),
        ("paspor.example.go.id", "https://paspor.example.go.id?x"),
        ("paspor.example.go.id", "https://paspor.example.go.id.."),
        ("192.168.1.20:8000", "http://192.168.1.21:8000"),
    ],
)
def test_foreign_page_may_not_write(site, host, origin):
    assert write(site(), host, Origin=origin) == "wrong_origin"


@pytest.mark.parametrize(
    ("public", "sent"),
    [
        ("HTTPS://PASPOR.Example.go.id.:443//", PUBLIC),
        ("https://kantör.example", "https://xn--kantr-mua.example"),
        ("https://[FD00:0::0020]:8443", "https://[fd00::20]:8443"),
    ],
)
def test_public_address_is_the_origin_that_a_browser_sends(site, public, sent):
    client = site(PUBLIC_URL=public)
    settings = client.application.extensions["ampera.settings"]
    assert (settings.public_url, settings.is_https) == (sent, True)
    host = sent.removeprefix("https://")
    assert write(client, host, Origin=sent) is None
    assert may_listen(settings)(sent, {"HTTP_HOST": host})


@pytest.mark.parametrize("fetch_site", ["cross-site", "same-site"])
def test_form_of_a_foreign_page_without_origin_may_not_write(site, fetch_site):
    assert write(site(), "paspor.example.go.id", Origin="null", Sec_Fetch_Site=fetch_site) == "wrong_origin"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "a b", "[::1", "x/y", "u@paspor.example.go.id",
     "paspor.example.go.id/evil", "paspor.example.go.id?x", "paspor.example.go.id#x", "paspor.example.go.id:99999",
     "paspor.example.go.id:x", "2130706433", "127.1", ".", "a..b", "\xe4.lan", ""],
)  # fmt: skip
def test_foreign_name_that_leads_here_gets_nothing(site, host):
    client = site()
    assert write(client, host, Origin=f"http://{host}") == "wrong_host"
    assert client.get("/", headers={"Host": host}).status_code == 400
    assert not may_listen(client.application.extensions["ampera.settings"])(f"http://{host}", {"HTTP_HOST": host})


def test_refusal_of_a_name_names_the_setting(site):
    page = site().get("/login", headers={"Host": "loket.lan"})
    assert page.status_code == 400
    assert "AMPERA_PUBLIC_URL" in page.text


def test_monitor_may_ask_under_any_name(site):
    assert site().get("/healthz", headers={"Host": "monitor.example"}).status_code == 200


def test_development_without_a_public_address_answers_under_any_name(app):
    assert write(app.test_client(), "laptop.lan:8000", Origin="http://laptop.lan:8000") is None
    assert write(app.test_client(), "laptop.lan:8000", Origin="http://other.lan:8000") == "wrong_origin"


@pytest.mark.parametrize("host", [".", "a..b", "", "\xe4.lan", f"{'a' * 64}.lan"])
def test_text_that_is_no_host_breaks_no_page(app, host):
    assert app.test_client().get("/login", headers={"Host": host}).status_code < 500


@pytest.mark.parametrize("host", ["192.168.1.20:8000", "ampera.lan"])
def test_page_opened_without_https_leads_to_the_public_address(site, host):
    answer = site(HOSTS="ampera.lan").get("/login?next=/lane", headers={"Host": host})
    assert (answer.status_code, answer.headers["Location"]) == (307, f"{PUBLIC}/login?next=/lane")


@pytest.mark.parametrize("host", ["paspor.example.go.id", "127.0.0.1:8000", "localhost"])
def test_page_is_not_redirected_where_that_could_be_a_circle(site, host):
    assert site().get("/login", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ({"Host": "127.0.0.1:8000"}, PUBLIC),
        ({"Host": "ampera_upstream"}, PUBLIC),
        ({"Host": "paspor.example.go.id"}, PUBLIC),
        ({"Host": "127.0.0.1:8000", "X-Forwarded-Host": "evil.example"}, PUBLIC),
        ({"Host": "127.0.0.1:8000", "X-Forwarded-Proto": "http"}, PUBLIC),
        ({"Host": "ampera.lan", "X-Forwarded-Proto": "http"}, "http://ampera.lan"),
    ],
)
def test_request_through_a_proxy_has_the_public_address(tmp_path, sent, seen):
    settings = settings_for(tmp_path, PUBLIC_URL=PUBLIC, PROXIES="1", HOSTS="ampera.lan")
    proxied = create_app(settings)

    @proxied.before_request
    def show():
        return request.host_url

    answer = proxied.test_client().get("/healthz", headers={**sent, "X-Forwarded-For": "203.0.113.9"})
    assert answer.text.rstrip("/") == seen


@pytest.mark.parametrize(
    ("settings", "scheme", "is_for_tls"),
    [({}, "http", False), ({"PROXIES": "1"}, "https", True), ({"PROXIES": "1"}, "http", False), ({}, "https", False)],
)
def test_session_behind_a_tls_proxy_is_for_tls_only(tmp_path, office_database, settings, scheme, is_for_tls):
    (tmp_path / "ampera.db").write_bytes(office_database)
    app = create_app(settings_for(tmp_path, **settings))
    page = app.test_client().get("/login", headers={"X-Forwarded-Proto": scheme, "X-Forwarded-For": "203.0.113.9"})
    assert ("Secure" in page.headers["Set-Cookie"]) == is_for_tls
    app.extensions["ampera.db"].dispose()


def test_session_of_an_https_address_is_for_tls_only(site):
    assert "Secure" in site().get("/login").headers["Set-Cookie"]
