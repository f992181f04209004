"""The WhatsApp channel against a fake Cloud API: contents of messages, and the meaning of each refusal."""

import logging
import re

import pytest

from ampera.notices.channels.base import Failed, Message, Sent
from ampera.notices.channels.whatsapp import channel as whatsapp_channel
from ampera.notices.channels.whatsapp.channel import NO_BUTTON, PICTURED, TEMPLATES, WhatsApp
from ampera.notices.content.default_texts import STANDARD
from ampera.notices.content.facts import WITH_QR
from ampera.pickups.qr import picture
from ampera.settings import PROJECT, SettingsError
from tests.conftest import settings_for
from tests.notices.cloud_api import PHONE_ID, TOKEN, Scripted, cloud_api

DOCUMENT = (PROJECT / "docs/operate/whatsapp.md").read_text()
PHONE = "+6281234567890"
LINK_TOKEN = "0123456789abcdefghjkmnpqrs"
APPROVED = {
    (f"ampera_{kind}", language): (len(names), kind in PICTURED, kind not in NO_BUTTON)
    for kind, names in TEMPLATES.items()
    for language in ("id", "en")
}
ANSWER = {
    "first_name": "Contoh", "office": "Kantor Contoh", "documents": "1 paspor", "deadline": "24-12-2026", "days": "7",
    "slot": "25-11-2026, 09.00–09.15 WIB", "time": "24-11-2026 10.15 WIB", "collector": "keluarga", "contact": "0711",
}  # fmt: skip


def message(kind: str = "ready", language: str = "id", **more) -> Message:
    return Message(
        **{
            "kind": kind,
            "language": language,
            "first_name": "Contoh",
            "subject": "Uji",
            "text": "Uji",
            "html": "<p>Uji</p>",
            "link": f"https://contoh.example/p/{LINK_TOKEN}",
            "link_token": LINK_TOKEN,
            "qr_png": picture.png("SAB" + "0" * 26) if kind in WITH_QR else None,
            "parameters": ANSWER,
            **more,
        }
    )


@pytest.fixture
def api():
    with cloud_api(APPROVED) as running:
        yield running


@pytest.fixture
def channel(api):
    channel = WhatsApp(api.url, rate=0)
    yield channel
    channel.close()


def test_ready_message_contains_qr_parameters_and_link_token(api, channel):
    assert channel.send(PHONE, message(), "kunci-1") == Sent("wamid.HBgM00017890==")
    (sent,) = api.sent
    assert (sent["to"], sent["biz_opaque_callback_data"]) == ("6281234567890", "kunci-1")
    assert (sent["template"]["name"], sent["template"]["language"]) == ("ampera_ready", {"code": "id"})
    header, body, button = sent["template"]["components"]
    assert api.media[header["parameters"][0]["image"]["id"]] == message().qr_png
    assert [parameter["text"] for parameter in body["parameters"]] == [
        "Contoh",
        "1 paspor",
        "Kantor Contoh",
        "24-12-2026",
    ]
    assert button["parameters"] == [{"type": "text", "text": LINK_TOKEN}]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", TEMPLATES)
def test_every_kind_fits_the_approved_template(channel, kind, language):
    assert isinstance(channel.send(PHONE, message(kind, language), "k"), Sent)


def test_link_message_needs_no_picture(channel):
    assert {*PICTURED, "link"} == set(WITH_QR)
    assert isinstance(channel.send(PHONE, message("link", qr_png=None), "k"), Sent)


def test_every_kind_has_a_template():
    assert set(TEMPLATES) == {kind for kind, _ in STANDARD}


def test_picture_is_uploaded_once_for_a_family(api, channel):
    for number in range(3):
        channel.send(f"{PHONE}{number}", message(), f"k{number}")
    assert (len(api.sent), len(api.media)) == (3, 1)


def test_parameters_contain_nothing_that_meta_refuses(api, channel):
    sent = channel.send(PHONE, message(parameters={**ANSWER, "office": "Kantor\n\t      Contoh", "deadline": ""}), "k")
    assert isinstance(sent, Sent)
    texts = [parameter["text"] for parameter in api.sent[0]["template"]["components"][1]["parameters"]]
    assert texts == ["Contoh", "1 paspor", "Kantor Contoh", "–"]


@pytest.mark.parametrize("code", [131026, 131047, 131051, 131049, 131050, 131021, 132000, 132001, 132015, 132999, 100])
def test_permanent_refusal_is_not_retried(api, channel, code):
    api.media["1"] = b""
    api.script_error(code)
    failed = channel.send(PHONE, message("diverted"), "k")
    assert failed.is_permanent and not failed.is_down and str(code) in failed.reason


@pytest.mark.parametrize(
    ("code", "status", "is_down"),
    [
        (130429, 400, True), (131048, 400, True), (131056, 400, False), (80007, 400, True), (4, 400, True),
        (131000, 500, False), (131016, 503, False), (1, 500, False), (190, 401, True), (10, 403, True),
        (200, 403, True), (131042, 400, True), (999999, 500, False),
    ],
)  # fmt: skip
def test_temporary_refusal_is_retried(api, channel, code, status, is_down):
    api.script_error(code, status)
    failed = channel.send(PHONE, message("diverted"), "k")
    assert (failed.is_permanent, failed.is_down) == (False, is_down)
    assert isinstance(channel.send(PHONE, message("diverted"), "k"), Sent)


@pytest.mark.parametrize(
    ("status", "is_permanent"), [(401, False), (429, False), (500, False), (502, False), (408, False), (404, True)]
)
@pytest.mark.parametrize(
    "body", [b"<html>bad gateway</html>", b"[]", b'{"error": "x"}', b"", b"[" * 50_000, b"x" * 99_999]
)
def test_status_decides_without_an_error_code(api, channel, status, is_permanent, body):
    api.script.append(Scripted(status, body))
    assert channel.send(PHONE, message("diverted"), "k").is_permanent == is_permanent


def test_refused_token_names_the_setting(api):
    channel = WhatsApp(api.url.replace(TOKEN, "other"), rate=0)
    failed = channel.send(PHONE, message(), "k")
    channel.close()
    assert "AMPERA_WHATSAPP_URL" in failed.reason and failed.is_down and not failed.is_permanent


def test_channel_pauses_as_long_as_retry_after(api, channel):
    api.script_error(130429, 429, Retry_After="60")
    channel.send(PHONE, message("diverted"), "k")
    before = len(api.requests)
    failed = channel.send(PHONE, message("diverted"), "k")
    assert failed.is_down and len(api.requests) == before
    channel._paused_until = 0.0  # the minute is over
    assert isinstance(channel.send(PHONE, message("diverted"), "k"), Sent)


def test_silent_dropped_or_missing_server_is_retried(api, channel, monkeypatch):
    monkeypatch.setattr(whatsapp_channel, "ANSWER_SECONDS", 0.2)
    api.script += [Scripted(stall=30), Scripted(close=True)]
    silent, dropped = (channel.send(PHONE, message("diverted"), "k") for _ in range(2))
    assert "in time" in silent.reason and not silent.is_permanent and not dropped.is_permanent
    missing = WhatsApp("http://1:x@127.0.0.1:1/v21.0", 0)
    assert missing.send(PHONE, message("diverted"), "k") == Failed("WhatsApp cannot be reached", is_down=True)
    missing.close()


@pytest.mark.parametrize("body", [b"{}", b'{"messages": []}', b'{"messages": [{}]}', b"no json"])
def test_answer_without_a_message_id_is_retried(api, channel, body):
    api.script.append(Scripted(200, body))
    failed = channel.send(PHONE, message("diverted"), "k")
    assert isinstance(failed, Failed) and not failed.is_permanent


def test_reasons_and_logs_contain_nothing_personal(api, channel, caplog):
    caplog.set_level(logging.WARNING)
    reasons = []
    for code in (131026, 190, 130429, 999999):
        api.script_error(code)
        reasons.append(channel.send(PHONE, message("diverted"), "k").reason)
        channel._paused_until = 0.0
    logged = " ".join((*reasons, caplog.text, repr(message())))
    assert not [secret for secret in (PHONE, PHONE[1:], "81200000001", TOKEN, LINK_TOKEN) if secret in logged]


def test_closed_channel_connects_again(channel):
    channel.close()
    assert isinstance(channel.send(PHONE, message(), "k"), Sent)


def test_setting_is_parsed_into_base_phone_id_and_token():
    found = whatsapp_channel.access("https://123:to%2Fken@graph.facebook.com/v21.0/")
    assert found == ("https://graph.facebook.com/v21.0", "123", "to/ken")


def test_incomplete_setting_is_refused_at_the_start(tmp_path):
    for more in ({"WHATSAPP_URL": "https://graph.facebook.com"}, {"WHATSAPP_URL": f"https://{PHONE_ID}:x@host/v21.0"}):
        with pytest.raises(SettingsError):
            settings_for(tmp_path, **more)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_document_describes_every_template_as_sent(kind):
    section = DOCUMENT.split(f"### `ampera_{kind}`\n")[1].split("###")[0]
    about, *texts = [line for line in section.splitlines() if line]
    numbered = ", ".join(f"{{{{{number}}}}} {name}" for number, name in enumerate(TEMPLATES[kind], 1))
    assert about.endswith(f"parameters: {numbered}")
    assert (about.startswith("picture"), "no button" in about) == (kind in PICTURED, kind in NO_BUTTON)
    for line, language in zip(texts, ("id", "en"), strict=True):
        text = line.removeprefix(f"- `{language}`: ")
        assert re.findall(r"\{\{(\d)\}\}", text) == [str(n + 1) for n in range(len(TEMPLATES[kind]))]
        assert not text.startswith("{") and not text.endswith("}") and "}}{{" not in text and len(text) < 1024
