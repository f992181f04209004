"""An officer's work through the proxies that operators get, over TLS: sign-in, a scan, and a socket with its news."""

import re
import socket
import ssl
import subprocess
import uuid
import warnings

import httpx
import pytest
import socketio

from tests import builders
from tests.services import wait_until
from tests.serving.proxies import BEHIND, PUBLIC_URL, proxies

pytestmark = pytest.mark.proof
NAMES = ("nginx", "caddy tls")
TOKEN = re.compile(r'name="csrf[-_]token" (?:value|content)="([^"]+)"')
PUBLIC = {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def office(new_server, tmp_path):
    """A server with an office behind the proxies: the server, and the address of each proxy."""
    with new_server(**BEHIND) as server:
        with server.app.app_context():
            builders.office()
            server.codes = [builders.ready(n)[1] for n in range(1, len(NAMES) + 1)]
        with proxies(tmp_path, server) as addresses:
            yield server, addresses


def test_officer_signs_in_scans_and_receives_news_through_each_proxy(office):
    server, addresses = office
    for name, code in zip(NAMES, server.codes, strict=True):
        with httpx.Client(base_url=addresses[name], verify=False, headers=PUBLIC, timeout=30) as client:  # noqa: S501
            token = TOKEN.search(client.get("/login").text)[1]
            form = {"csrf_token": token, "login": "officer.plg", "password": builders.PASSWORD}
            signed_in = client.post("/login", data=form)
            assert signed_in.status_code in (302, 303), f"{name}: {signed_in.text}"
            states = listen(addresses[name], client)
            wait_until(lambda states=states: states, f"{name}: no first state came")
            before = len(states)
            headers = {"X-CSRFToken": TOKEN.search(client.get("/lane").text)[1]}
            body = {"scan_id": str(uuid.uuid4()), "lane": 1, "input": code}
            scanned = client.post("/api/v1/scans", json=body, headers=headers)
            assert scanned.status_code in (200, 201) and scanned.json()["visit"], f"{name}: {scanned.text}"
            wait_until(lambda states=states, before=before: len(states) > before, f"{name}: no news of the scan came")
        states.socket.disconnect()


class States(list):
    """The states of a lane, as a tablet receives them."""

    socket: socketio.Client


def listen(address, client):
    states = States()
    states.socket = socketio.Client(
        ssl_verify=False, reconnection=False, websocket_extra_options={"origin": PUBLIC_URL}
    )
    states.socket.on("lane", lambda state, *_: states.append(state), namespace="/lane")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    states.socket.connect(
        address, {"Cookie": cookies}, {"lane": 1}, transports=["websocket"], namespaces=["/lane"], wait_timeout=30
    )
    return states


@pytest.mark.parametrize("name", NAMES)
def test_proxy_speaks_http_2_and_plain_http_is_sent_to_tls(office, name):
    _server, addresses = office
    command = ["curl", "--silent", "--insecure", "--http2", "--output", "/dev/null", "--write-out", "%{http_version}"]
    done = subprocess.run([*command, f"{addresses[name]}/healthz"], capture_output=True, text=True)
    assert done.stdout == "2", done.stderr
    http = addresses[{"nginx": "http", "caddy tls": "caddy http"}[name]]
    plain = httpx.get(f"{http}/login")
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://127.0.0.1/login")
    for path in ("/api/v1/visits", "/hooks/whatsapp", "/metrics", "/socket.io/?EIO=4&transport=polling"):
        assert httpx.get(http + path, headers={"Authorization": "Bearer x"}).status_code == 403, path


@pytest.mark.parametrize("name", NAMES)
def test_proxy_speaks_strong_tls_only(office, name):
    _server, addresses = office
    port = int(addresses[name].rpartition(":")[2])

    def speaks(version, ciphers):
        client = ssl.create_default_context()
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        client.set_ciphers(f"{ciphers}:@SECLEVEL=0")
        client.minimum_version = client.maximum_version = version
        try:
            with socket.create_connection(("127.0.0.1", port), 10) as plain, client.wrap_socket(plain):
                return True
        except ssl.SSLError:
            return False

    assert speaks(ssl.TLSVersion.TLSv1_3, "ALL") and speaks(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-GCM-SHA384")
    assert not speaks(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-SHA384:AES256-SHA")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        assert not speaks(ssl.TLSVersion.TLSv1_1, "ALL")


def test_log_of_nginx_has_the_id_of_the_request_and_no_path(office, tmp_path):
    server, addresses = office
    answer = httpx.get(f"{addresses['nginx']}/p/SABRAHASIA0123", verify=False)  # noqa: S501
    log, request = tmp_path / "ampera.log", answer.headers["X-Request-Id"]
    wait_until(lambda: request in server.log, "the server did not log the request")
    wait_until(lambda: request in log.read_text(), "nginx did not log the request")  # after its answer
    assert "SABRAHASIA" not in log.read_text() + server.log
