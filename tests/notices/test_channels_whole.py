"""The real server with two channels: WhatsApp reports a failure by webhook, and mail takes over.

Then the applicant requests the link again and gets it. The log of the server contains nothing personal.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from ampera import clock
from tests.notices.cloud_api import cloud_api
from tests.notices.mail_server import mail_server
from tests.notices.test_apprise import gateway
from tests.notices.test_whatsapp import APPROVED
from tests.services import LiveServer, wait_until

SECRET = "app-secret-contoh"
PERSON = {
    "application_no": "9912345678901234", "passport_no": "X7391846", "holder_name": "Namarahasia Uji Coba",
    "birth_date": "1987-06-05", "shelf": "C-77", "phone": "+6281299887766", "email": "rahasia.uji@contoh.example",
}  # fmt: skip
LINK = re.compile(r"/p/([0-9a-z]{26})")
DRAWN = re.compile(r'"request": "\w+"|127\.0\.0\.1:\d+')  # random ids and ports may contain a year
SOON = 60  # seconds; the background tasks run every 5 seconds


@pytest.fixture
def place(new_server) -> Iterator[SimpleNamespace]:
    """An office that sends by WhatsApp first and by mail second."""
    with cloud_api(APPROVED) as api, mail_server() as mails:
        channels = {
            "WHATSAPP_URL": api.url, "WHATSAPP_SECRET": SECRET, "WHATSAPP_VERIFY": "kata-uji",
            "MAIL_URL": mails.url, "MAIL_FROM": "paspor@contoh.example",
        }  # fmt: skip
        with office(new_server(**channels)) as found:
            yield SimpleNamespace(api=api, mails=mails, **vars(found))


@contextmanager
def office(server: LiveServer) -> Iterator[SimpleNamespace]:
    """A new office on this server, and an API key of its desk."""
    with server:
        server.command("init", "--office", "PLG", "--name", "Kantor Contoh", "--lanes", "1")
        server.command("user", "create", "rak.uji", "--role", "desk")
        key = json.loads(server.command("key", "create", "--staff", "rak.uji", "--role", "desk", "--json"))["key"]
        with httpx.Client(base_url=server.url, timeout=SOON) as client:
            yield SimpleNamespace(server=server, client=client, key=key)


def take_in(place: Any) -> None:
    answer = place.client.post(
        "/api/v1/passports",
        json={"passports": [{**PERSON, "issued_on": clock.today().isoformat()}]},
        headers={"Authorization": f"Bearer {place.key}"},
    )
    assert answer.is_success, (answer.text, place.server.log[-3000:])
    assert answer.json()["rows"][0]["outcome"] == "created", answer.text


def webhook(place: Any, sent: dict[str, Any], number: int, **status: Any) -> None:
    """Send the status update that Meta would send about this message."""
    about = {"id": f"wamid.HBgM{number:04d}{sent['to'][-4:]}==", "recipient_id": sent["to"], "timestamp": "1"}
    about |= {"biz_opaque_callback_data": sent["biz_opaque_callback_data"], **status}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "statuses": [about]}}
    payload = {"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [change]}]}
    body = json.dumps(payload).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    answer = place.client.post("/hooks/whatsapp", content=body, headers={"X-Hub-Signature-256": signature})
    assert answer.status_code == 200


def test_failed_whatsapp_message_is_sent_by_mail_and_the_link_on_request(place):
    take_in(place)
    wait_until(lambda: place.api.sent, "WhatsApp got nothing", SOON)
    (sent,) = place.api.sent
    assert sent["template"]["name"] == "ampera_ready" and len(place.api.media) == 1
    token = sent["template"]["components"][-1]["parameters"][0]["text"]
    assert place.client.get(f"/p/{token}").status_code == 200
    webhook(place, sent, 1, status="failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    wait_until(lambda: place.mails.to(PERSON["email"]), "no mail took over", SOON)
    assert token in place.mails.mails[0].read.get_body(("plain",)).get_content()

    asked = place.client.post("/find", data={"number": "9912 3456 7890 1234", "born": "5/6/1987"})
    assert (asked.status_code, asked.headers["Location"]) == (303, "/find/noted")
    wait_until(lambda: len(place.api.sent) == 2, "the link did not come", SOON)
    again = place.api.sent[1]
    assert again["template"]["name"] == "ampera_link"
    assert [part["type"] for part in again["template"]["components"]] == ["body", "button"]
    assert again["template"]["components"][1]["parameters"][0]["text"] == token
    webhook(place, again, 2, status="read")
    wait_until(lambda: "/find" in place.server.log, "nothing was logged", SOON)
    log = DRAWN.sub("", place.server.log)
    personal = (
        *(value for name, value in PERSON.items() if name not in ("shelf", "birth_date")),
        "Namarahasia", "81299887766", "1987", "5/6/1987", token, *LINK.findall(log),
    )  # fmt: skip
    assert not [value for value in personal if value in log]


def test_server_sends_by_a_gateway_behind_apprise(new_server):
    with gateway() as (url, notes), office(new_server(APPRISE_URL=f"{url}/{{phone}}")) as place:
        take_in(place)
        wait_until(lambda: notes, "the gateway got nothing", SOON)
        (path, body), *more = notes
        assert PERSON["phone"] in path and LINK.search(body["message"]) and not more
        assert not [value for value in (PERSON["phone"], body["message"]) if value in place.server.log]
