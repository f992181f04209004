"""WhatsApp's reports about messages: only signed reports count, each once, in any order."""

import hashlib
import hmac
import json

import pytest
from sqlalchemy import select, update

from ampera import clock, create_app, db
from ampera.notices.delivery import lease_service, receipt_service
from ampera.notices.delivery.outcome_service import SENT, AttemptResult
from ampera.notices.models import Delivery, Notice
from tests import builders
from tests.conftest import on_both, settings_for

SECRET, TOKEN = "app-secret-contoh", "kata-uji"
PATH = "/hooks/whatsapp"
WAMID, KEY = "wamid.HBgMcontoh==", "k" * 64
AVAILABLE = {"whatsapp": "phone", "mail": "email"}


@pytest.fixture
def app(tmp_path, database, morning):
    """An installation with WhatsApp and mail; one message went to WhatsApp."""
    channels = {
        "WHATSAPP_URL": "http://1:x@127.0.0.1:1/v21.0",
        "WHATSAPP_SECRET": SECRET,
        "WHATSAPP_VERIFY": TOKEN,
        "MAIL_URL": "smtp://127.0.0.1:1",
    }
    app = create_app(settings_for(tmp_path, DATABASE_URL=database, **channels))
    app.testing = True
    with app.app_context():
        builders.ready(1, phone="+6281299990001", email="contoh@contoh.example")
        delivery()
        yield app
    app.extensions["ampera.db"].dispose()


def delivery(state="sent", provider_id=WAMID, key=KEY) -> None:
    def build(unit: db.Unit) -> None:
        notice = Notice(office_id=1, pickup_id=1, kind="link", facts={}, state="expanded", created_at=unit.at)
        unit.session.add(notice)
        unit.session.flush()
        row = Delivery(
            notice_id=notice.id, office_id=1, once=key, channel="whatsapp", address="+6281299990001",
            first_name="Contoh", state=state, due_at=unit.at, created_at=unit.at, provider_id=provider_id,
        )  # fmt: skip
        unit.session.add(row)

    db.current().write(build)


def status(state: str, provider_id: str = WAMID, **more) -> dict:
    return {"id": provider_id, "status": state, "timestamp": "1", "recipient_id": "6281299990001", **more}


FAILED = status("failed", errors=[{"code": 131026, "title": "Message undeliverable", "message": "+6281299990001"}])


def body(*statuses: dict, messages=()) -> bytes:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"}, "statuses": list(statuses)}
    value |= {"messages": list(messages)} if messages else {}
    change = {"field": "messages", "value": value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [change]}]}).encode()


def signed(content: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def report(client, *statuses: dict, **more) -> int:
    content = body(*statuses, **more)
    headers = {"X-Hub-Signature-256": signed(content)}
    return client.post(PATH, data=content, content_type="application/json", headers=headers).status_code


def deliveries() -> list[tuple[str, str]]:
    with db.reading() as session:
        return [(row.channel, row.state) for row in session.scalars(select(Delivery).order_by(Delivery.id))]


def test_right_verify_token_gets_the_challenge(client):
    query = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1158201444"}
    answer = client.get(PATH, query_string=query)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "1158201444", "text/plain")
    for wrong in ({"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        assert client.get(PATH, query_string={**query, **wrong}).status_code == 403


@pytest.mark.parametrize("state", ["delivered", "read"])
@on_both
def test_delivered_or_read_message_is_delivered(client, state):
    assert report(client, status(state)) == 200
    assert deliveries() == [("whatsapp", "delivered")]


@on_both
def test_message_that_failed_later_passes_to_the_next_channel(client):
    assert report(client, FAILED) == 200
    assert deliveries() == [("whatsapp", "passed"), ("mail", "waiting")]
    with db.reading() as session:
        reason = session.scalar(select(Delivery.reason).where(Delivery.channel == "whatsapp"))
    assert "131026" in reason and "81299990001" not in reason


def test_failed_message_without_a_next_channel_is_dead(client):
    other_address = update(Delivery).values(address="+6281299990002")
    db.current().write(lambda unit: unit.conn.execute(other_address))
    report(client, FAILED)
    assert deliveries() == [("whatsapp", "dead")]


@pytest.mark.parametrize(
    ("statuses", "ends"),
    [
        ([status("sent"), status("delivered"), status("read")], ["delivered"]),
        ([status("read"), status("delivered"), status("sent")], ["delivered"]),
        ([status("delivered"), FAILED], ["delivered"]),
        ([FAILED, FAILED, FAILED], ["passed", "waiting"]),
        ([FAILED, status("delivered")], ["passed", "waiting"]),
        ([status("sent")], ["sent"]),
        ([status("delivered", "wamid.unknown"), status("failed", "wamid.unknown")], ["sent"]),
    ],
)
def test_repeated_and_reordered_reports_change_nothing(client, statuses, ends):
    assert report(client, *statuses) == 200
    for single in statuses:
        assert report(client, single) == 200
    assert [state for _, state in deliveries()] == ends


@on_both
@pytest.mark.parametrize(("reported", "ends"), [(status("delivered"), ["delivered"]), (FAILED, ["passed", "waiting"])])
def test_report_before_the_stored_provider_id_counts(client, reported, ends):
    """The webhook may arrive before the transaction that stores Meta's id of the message."""
    unsent = update(Delivery).values(state="sending", provider_id=None, claimed_by="worker", lease_until=clock.now())
    db.current().write(lambda unit: unit.conn.execute(unsent))
    assert report(client, {**reported, "biz_opaque_callback_data": KEY}) == 200
    claim = lease_service.finish_and_claim(
        "worker", "whatsapp", AVAILABLE, AttemptResult(1, SENT, provider_id=WAMID), False
    )
    assert claim.finished is None and [state for _, state in deliveries()] == ends


def test_report_of_an_earlier_try_does_not_end_a_new_try(client):
    again = update(Delivery).values(state="sending", claimed_by="worker")
    db.current().write(lambda unit: unit.conn.execute(again))
    assert report(client, {**FAILED, "biz_opaque_callback_data": KEY}) == 200
    assert deliveries() == [("whatsapp", "sending")]


def test_incoming_messages_are_ignored(client):
    incoming = {"from": "6281299990001", "id": "wamid.x", "type": "text", "text": {"body": "halo"}}
    assert report(client, messages=[incoming]) == 200
    assert deliveries() == [("whatsapp", "sent")]


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", signed(body(FAILED), "other"), "é", "x" * 9999])
def test_report_with_a_wrong_signature_is_refused(client, signature):
    answer = client.post(PATH, data=body(FAILED), headers={"X-Hub-Signature-256": signature})
    assert answer.status_code == 403 and deliveries() == [("whatsapp", "sent")]


def test_signature_of_another_body_is_refused(client):
    headers = {"X-Hub-Signature-256": signed(body(status("sent")))}
    assert client.post(PATH, data=body(FAILED), headers=headers).status_code == 403


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"{", b"[" * 100_000, b'{"entry": 1}', b'{"entry": [1, {"changes": [2, {"value": 3}]}]}',
     body({"id": 1, "status": "failed"}, {"id": "\x00", "status": "read"}, {"id": "x" * 300, "status": "failed"}),
     body({"id": WAMID}, {"status": "read"}, {"id": WAMID, "status": ["failed"]}), b"\xff\xfe"],
)  # fmt: skip
def test_signed_nonsense_is_accepted_and_ignored(client, content):
    headers = {"X-Hub-Signature-256": signed(content)}
    assert client.post(PATH, data=content, headers=headers).status_code == 200
    assert deliveries() == [("whatsapp", "sent")]


def test_body_over_the_limit_is_refused(client):
    content = b" " * (3 * 1024 * 1024 + 1)
    headers = {"X-Hub-Signature-256": signed(content)}
    assert client.post(PATH, data=content, content_type="application/json", headers=headers).status_code == 413


def test_requests_without_a_signature_are_rate_limited(client):
    assert 429 in {client.post(PATH, data=b"{}").status_code for _ in range(70)}
    assert report(client, status("read")) == 429  # the same IP address; Meta repeats the request later


def test_channel_actor_belongs_to_the_office(app):
    with db.reading() as session:
        found = receipt_service.delivery_of(session, receipt_service.MessageReference("whatsapp", WAMID, ""))
    assert receipt_service.channel_actor(found, "whatsapp").office_id == 1


def test_webhook_is_404_without_whatsapp(tmp_path, empty_database):
    (tmp_path / "ampera.db").write_bytes(empty_database)
    client = create_app(settings_for(tmp_path)).test_client()
    assert client.get(PATH).status_code == 404 and client.post(PATH, data=b"{}").status_code == 404
