"""Real proxies in front of the real server: the files that operators get work as they are."""

import re

import httpx
import pytest

from ampera.tools.upkeep.site_checks import examine_site
from tests.services import free_port
from tests.serving import wire
from tests.serving.proxies import PUBLIC_URL

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
EVERY_PROXY = pytest.mark.parametrize("name", ["nginx", "without host", "host without port", "caddy"])
PUBLIC = {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}


@EVERY_PROXY
def test_sign_in_form_works_behind_a_proxy(proxied, name):
    with httpx.Client(base_url=proxied[name], verify=False) as client:  # noqa: S501 (a throw-away certificate)
        # The cookie is for HTTPS only; the client keeps it from a proxy without TLS, so it is sent by hand.
        cookie = client.get("/login").headers["Set-Cookie"].partition(";")[0]
        token = TOKEN.search(client.get("/login", headers={"Cookie": cookie}).text)[1]
        form = {"csrf_token": token, "login": "petugas", "password": "salah sekali 1"}
        answer = client.post("/login", data=form, headers={**PUBLIC, "Cookie": cookie})
    assert answer.status_code == 401, answer.text  # the password was judged


@EVERY_PROXY
def test_socket_of_the_public_address_opens_behind_a_proxy(proxied, name):
    with httpx.Client(base_url=proxied[name], verify=False) as client:  # noqa: S501
        opened = client.get("/socket.io/?EIO=4&transport=polling", headers=PUBLIC)
        foreign = client.get("/socket.io/?EIO=4&transport=polling", headers={"Origin": "https://evil.example"})
    assert (opened.status_code, foreign.status_code) == (200, 400)


@pytest.mark.parametrize("name", ["without host", "host without port", "caddy"])
def test_websocket_of_the_public_address_opens_behind_a_proxy(proxied, name):
    port = int(proxied[name].rpartition(":")[2])
    with wire.connect_to(port) as socket:
        socket.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://paspor.example.go.id\r\n\r\n" % port
        )
        assert wire.status(socket.recv(4096)) == 101


@EVERY_PROXY
def test_page_of_another_site_is_refused_with_the_reason(proxied, name):
    with httpx.Client(base_url=proxied[name], verify=False) as client:  # noqa: S501
        headers = {"Origin": "https://evil.example", "Accept": "application/json"}
        answer = client.post("/api/v1/scans", json={}, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "wrong_origin"


def test_doctor_finds_pages_forms_and_sockets_at_an_address_that_works(server):
    assert [(finding.check, finding.ok) for finding in examine_site(server.url)] == [
        ("site", True), ("forms", True), ("sockets", True), ("websockets", True),
    ]  # fmt: skip


def test_doctor_names_what_a_proxy_under_another_address_loses(proxied):
    found = {finding.check: finding for finding in examine_site(proxied["caddy"])}
    assert not found["forms"].ok and "AMPERA_PUBLIC_URL" in found["forms"].text
    assert not found["sockets"].ok


def test_doctor_reports_an_address_without_a_server():
    (found,) = examine_site(f"http://127.0.0.1:{free_port()}")
    assert not found.ok and "cannot be reached" in found.text
