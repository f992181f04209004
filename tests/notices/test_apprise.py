"""Apprise against a local JSON server: only the plain text and the address are sent."""

import json
import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from ampera.notices.channels import apprise, registry
from ampera.notices.channels.apprise import NOT_INSTALLED, UNKNOWN_SERVICE, AppriseChannel
from ampera.notices.channels.base import Failed, Sent
from ampera.settings import SettingsError
from ampera.tools.upkeep import doctor
from tests.conftest import settings_for
from tests.notices.test_whatsapp import LINK_TOKEN, PHONE, message

# One of Apprise's hundred plugins imports a module that leaves the standard library later.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@contextmanager
def gateway(status: int = 200, location: str = ""):
    """A fake SMS gateway: yields its URL and a list of the received (path, body). It may redirect to `location`."""
    notes: list[tuple[str, dict]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            notes.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, *_) -> None:
            """Write no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}", notes
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_plain_text_is_sent_to_the_number():
    with gateway() as (url, notes):
        channel = AppriseChannel(f"{url}/sms/{{phone}}/?:to={{phone}}", 0)
        assert channel.needs == "phone"
        assert channel.send(PHONE, message(text="Halo\n\nhttps://contoh.example/p/x\n"), "k") == Sent()
        channel.close()
    ((path, body),) = notes
    assert unquote(path).rstrip("/") == f"/sms/{PHONE}" and body["to"] == PHONE
    assert body["title"] == "Uji" and body["message"] == "Halo\n\nhttps://contoh.example/p/x"
    assert body["attachments"] == []


def test_email_address_is_filled_in_percent_encoded():
    assert AppriseChannel("mailgun://x@y/z/{email}", 0).needs == "email"
    assert apprise.filled("json://host/{email}", "a+b@c.example") == "json://host/a%2Bb%40c.example"


def test_refusal_of_the_gateway_is_retried():
    with gateway(500) as (url, _):
        failed = AppriseChannel(f"{url}/{{phone}}", 0).send(PHONE, message(), "k")
    assert failed == Failed("Apprise could not send it")


def test_redirect_of_the_gateway_is_not_followed():
    with gateway() as (elsewhere, received):
        with gateway(307, elsewhere.replace("json:", "http:") + "/stolen") as (url, _):
            failed = AppriseChannel(f"{url}/{{phone}}", 0).send(PHONE, message(), "k")
        assert failed == Failed("Apprise could not send it") and received == []


def test_missing_gateway_is_retried():
    assert not AppriseChannel("json://127.0.0.1:1/{phone}", 0).send(PHONE, message(), "k").is_permanent


def test_channel_without_the_extra_fails_permanently(monkeypatch, tmp_path):
    monkeypatch.setattr(apprise, "find_spec", lambda _name: None)
    settings = settings_for(tmp_path, APPRISE_URL="json://127.0.0.1:1/{phone}")
    channel = registry.channel(settings, "apprise")
    assert channel.send(PHONE, message(), "k") == Failed(NOT_INSTALLED, is_permanent=True)


def test_unknown_service_is_a_problem():
    assert apprise.problem("nosuch://x/{phone}") == UNKNOWN_SERVICE
    assert apprise.problem("json://127.0.0.1/{phone}") == ""


def test_log_contains_nothing_personal(caplog, capfd):
    caplog.set_level(logging.WARNING)
    AppriseChannel("json://127.0.0.1:1/{phone}", 0).send(PHONE, message(text=LINK_TOKEN), "k")
    log = capfd.readouterr().err
    assert not [secret for secret in (PHONE[1:], LINK_TOKEN) if secret in log]


def test_setting_without_a_placeholder_is_refused_at_the_start(tmp_path):
    with pytest.raises(SettingsError, match="phone"):
        settings_for(tmp_path, APPRISE_URL="json://127.0.0.1/")


def findings(tmp_path, **more) -> dict[str, tuple[bool, str]]:
    found = doctor._channels(settings_for(tmp_path, **more))
    return {finding.check: (finding.ok, finding.text) for finding in found}


def test_doctor_lists_the_channels(tmp_path, monkeypatch):
    assert findings(tmp_path)["channels"] == (True, "None: the desk hands out links and slips itself.")
    more = {
        "APPRISE_URL": "json://127.0.0.1/{phone}",
        "MAIL_URL": "smtp://127.0.0.1:1",
        "PUBLIC_URL": "https://a.example",
    }
    found = findings(tmp_path, **more)
    assert found["channels"] == (True, "Messages go by mail, apprise.") and found["apprise"][0]
    monkeypatch.setattr(apprise, "find_spec", lambda _name: None)
    assert findings(tmp_path, **more)["apprise"] == (False, NOT_INSTALLED)
