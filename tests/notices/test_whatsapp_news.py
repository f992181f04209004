"""What WhatsApp tells after a message left: only signed news counts, each once, in whatever order it comes."""

import hashlib
import hmac
import json

import pytest
from sqlalchemy import select, update

from ampera import clock, create_app, db
from ampera.notices.delivery import leases, receipts
from ampera.notices.delivery.outcomes import SENT, Ended
from ampera.notices.models import Delivery, Notice
from tests import builders
from tests.conftest import on_both, settings_for

SECRET, WORD = "app-secret-contoh", "kata-uji"
PATH = "/hooks/whatsapp"
WAMID, KEY = "wamid.HBgMcontoh==", "k" * 64
WAYS = {"whatsapp": "phone", "mail": "email"}


@pytest.fixture
def app(tmp_path, database, morning):
    """An installation with WhatsApp and mail; one message went to WhatsApp."""
    channels = {
        "WHATSAPP_URL": "http://1:x@127.0.0.1:1/v21.0",
        "WHATSAPP_SECRET": SECRET,
        "WHATSAPP_VERIFY": WORD,
        "MAIL_URL": "smtp://127.0.0.1:1",
    }
    app = create_app(settings_for(tmp_path, DATABASE_URL=database, **channels))
    app.testing = True
    with app.app_context():
        builders.office()
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


def tell(client, *statuses: dict, **more) -> int:
    content = body(*statuses, **more)
    headers = {"X-Hub-Signature-256": signed(content)}
    return client.post(PATH, data=content, content_type="application/json", headers=headers).status_code


def deliveries() -> list[tuple[str, str]]:
    with db.reading() as session:
        return [(one.channel, one.state) for one in session.scalars(select(Delivery).order_by(Delivery.id))]


def test_meta_gets_its_challenge_back_for_the_right_word(client):
    question = {"hub.mode": "subscribe", "hub.verify_token": WORD, "hub.challenge": "1158201444"}
    answer = client.get(PATH, query_string=question)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "1158201444", "text/plain")
    for wrong in ({"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        assert client.get(PATH, query_string={**question, **wrong}).status_code == 403


@pytest.mark.parametrize("word", ["delivered", "read"])
@on_both
def test_a_message_that_arrived_is_delivered(client, word):
    assert tell(client, status(word)) == 200
    assert deliveries() == [("whatsapp", "delivered")]


@on_both
def test_a_message_that_failed_later_goes_by_the_next_channel(client):
    assert tell(client, FAILED) == 200
    assert deliveries() == [("whatsapp", "passed"), ("mail", "waiting")]
    with db.reading() as session:
        reason = session.scalar(select(Delivery.reason).where(Delivery.channel == "whatsapp"))
    assert "131026" in reason and "81299990001" not in reason


def test_without_a_next_channel_somebody_has_to_look(client):
    builders_change = update(Delivery).values(address="+6281299990002")
    db.current().write(lambda unit: unit.conn.execute(builders_change))
    tell(client, FAILED)
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
def test_repeated_news_and_any_order_change_nothing(client, statuses, ends):
    assert tell(client, *statuses) == 200
    for one in statuses:
        assert tell(client, one) == 200
    assert [state for _, state in deliveries()] == ends


@on_both
@pytest.mark.parametrize(("news", "ends"), [(status("delivered"), ["delivered"]), (FAILED, ["passed", "waiting"])])
def test_news_that_is_quicker_than_our_own_note_counts(client, news, ends):
    """The webhook may come before the transaction that writes down Meta's name of the message."""
    unsent = update(Delivery).values(state="sending", provider_id=None, claimed_by="me", lease_until=clock.now())
    db.current().write(lambda unit: unit.conn.execute(unsent))
    assert tell(client, {**news, "biz_opaque_callback_data": KEY}) == 200
    turn = leases.take_turn("me", "whatsapp", WAYS, Ended(1, SENT, provider_id=WAMID), False)
    assert turn.ended is None and [state for _, state in deliveries()] == ends


def test_old_news_does_not_end_a_new_try(client):
    again = update(Delivery).values(state="sending", claimed_by="me")
    db.current().write(lambda unit: unit.conn.execute(again))
    assert tell(client, {**FAILED, "biz_opaque_callback_data": KEY}) == 200
    assert deliveries() == [("whatsapp", "sending")]


def test_incoming_messages_are_passed_over(client):
    incoming = {"from": "6281299990001", "id": "wamid.x", "type": "text", "text": {"body": "halo"}}
    assert tell(client, messages=[incoming]) == 200
    assert deliveries() == [("whatsapp", "sent")]


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", signed(body(FAILED), "other"), "é", "x" * 9999])
def test_news_without_the_right_signature_is_refused(client, signature):
    answer = client.post(PATH, data=body(FAILED), headers={"X-Hub-Signature-256": signature})
    assert answer.status_code == 403 and deliveries() == [("whatsapp", "sent")]


def test_a_signature_is_of_this_body_only(client):
    headers = {"X-Hub-Signature-256": signed(body(status("sent")))}
    assert client.post(PATH, data=body(FAILED), headers=headers).status_code == 403


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"{", b"[" * 100_000, b'{"entry": 1}', b'{"entry": [1, {"changes": [2, {"value": 3}]}]}',
     body({"id": 1, "status": "failed"}, {"id": "\x00", "status": "read"}, {"id": "x" * 300, "status": "failed"}),
     body({"id": WAMID}, {"status": "read"}, {"id": WAMID, "status": ["failed"]}), b"\xff\xfe"],
)  # fmt: skip
def test_signed_nonsense_is_taken_and_forgotten(client, content):
    headers = {"X-Hub-Signature-256": signed(content)}
    assert client.post(PATH, data=content, headers=headers).status_code == 200
    assert deliveries() == [("whatsapp", "sent")]


def test_a_body_may_be_so_long_and_no_longer(client):
    content = b" " * (3 * 1024 * 1024 + 1)
    headers = {"X-Hub-Signature-256": signed(content)}
    assert client.post(PATH, data=content, content_type="application/json", headers=headers).status_code == 413


def test_who_cannot_sign_is_not_heard_for_long(client):
    assert 429 in {client.post(PATH, data=b"{}").status_code for _ in range(70)}
    assert tell(client, status("read")) == 429  # the same address; Meta repeats it later


def test_a_teller_belongs_to_the_office(app):
    with db.reading() as session:
        found = receipts.delivery_of(session, receipts.About("whatsapp", WAMID, ""))
    assert receipts.teller(found, "whatsapp").office_id == 1


def test_where_whatsapp_is_not_set_up_there_is_nothing(tmp_path, empty_database):
    (tmp_path / "ampera.db").write_bytes(empty_database)
    client = create_app(settings_for(tmp_path)).test_client()
    assert client.get(PATH).status_code == 404 and client.post(PATH, data=b"{}").status_code == 404
