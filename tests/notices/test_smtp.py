"""The mail channel against a real SMTP server that also times out, refuses, defers and disconnects."""

import ssl
import time
from ipaddress import IPv4Address
from urllib.parse import quote

import pytest

from ampera.notices.channels.base import QR_CID, Failed, Message, Sent
from ampera.notices.channels.smtp import Limits, Smtp
from ampera.serving import certificates
from tests.notices import outbox
from tests.notices.mail_server import LOGIN, PASSWORD, mail_server
from tests.services import free_port

LINK = "http://127.0.0.1:8000/p/contohcontohcontohcontoh12"
QUICK, CALM = Limits(connect=0.5, step=0.5, whole=1.0), Limits()
PNG = b"\x89PNG\r\n\x1a\n" + b"contoh" * 40


def message(**changes):
    fields = {
        "kind": "ready",
        "language": "id",
        "first_name": "Bèsta",
        "subject": "Paspor siap – Kantor Contoh",
        "text": f"Halo Bèsta,\n\nPaspor siap diambil.\n\n{LINK}\n",
        "html": f'<p>Halo Bèsta</p><p><a href="{LINK}">{LINK}</a></p><img src="cid:{QR_CID}" alt="QR">',
        "link": LINK,
        "link_token": LINK[-26:],
        "qr_png": PNG,
        "office": "Kantor Imigrasi Contoh",
    }
    return Message(**{**fields, **changes})


def channel(url, **more):
    return Smtp(url, outbox.SENDER, **more)


@pytest.fixture
def smtp(mails):
    made = channel(mails.url)
    yield made
    made.close()


def test_mail_has_plain_text_html_and_an_inline_qr(mails, smtp):
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
    read = mails.to("satu@contoh.id")[0].read
    assert read.get_content_type() == "multipart/alternative"
    plain, related = read.iter_parts()
    assert LINK in plain.get_content().splitlines() and "Bèsta" in plain.get_content()
    html, picture = related.iter_parts()
    assert related.get_content_type() == "multipart/related" and f"cid:{QR_CID}" in html.get_content()
    assert picture["Content-ID"] == f"<{QR_CID}>" and picture.get_content() == PNG
    assert picture.get_content_disposition() == "inline"


def test_headers_name_the_office_and_mark_an_automatic_mail(mails, smtp):
    smtp.send("satu@contoh.id", message(), "kunci-1")
    read = mails.mails[0].read
    assert str(read["From"]) == f"Kantor Imigrasi Contoh <{outbox.SENDER}>"
    assert str(read["To"]) == "Bèsta <satu@contoh.id>" and str(read["Subject"]) == "Paspor siap – Kantor Contoh"
    assert read["Auto-Submitted"] == "auto-generated" and read["Date"] and read["Content-Language"] == "id"


def test_sender_with_a_name_keeps_the_name(mails):
    smtp = Smtp(mails.url, f"Imigrasi Contoh <{outbox.SENDER}>")
    smtp.send("satu@contoh.id", message(), "kunci-1")
    smtp.close()
    assert str(mails.mails[0].read["From"]) == f"Imigrasi Contoh <{outbox.SENDER}>"


def test_every_try_of_a_delivery_has_the_same_message_id(mails, smtp):
    for key in ("kunci-1", "kunci-1", "kunci-2"):
        smtp.send("satu@contoh.id", message(), key)
    first, again, other = (mail.id for mail in mails.mails)
    assert first == again != other


def test_mail_without_a_code_has_no_picture(mails, smtp):
    smtp.send("satu@contoh.id", message(qr_png=None), "kunci-1")
    assert [part.get_content_type() for part in mails.mails[0].read.iter_parts()] == ["text/plain", "text/html"]


def test_name_cannot_inject_a_header(mails, smtp):
    smtp.send("satu@contoh.id", message(first_name="A\r\nBcc: lain@contoh.id", subject="X\nY"), "kunci-1")
    read = mails.mails[0].read
    assert "Bcc" not in read and read["Subject"] == "X Y"
    assert smtp.send("a\r\nb@contoh.id", message(), "kunci-2").is_permanent


def test_one_connection_sends_many_messages(mails, smtp):
    for n in range(5):
        smtp.send(f"contoh{n}@contoh.id", message(), f"kunci-{n}")
    assert len(mails.mails) == 5 and mails.connections == 1


def test_connection_closed_by_the_server_is_opened_again():
    port = free_port()
    smtp = channel(f"smtp://127.0.0.1:{port}")
    with mail_server(port):
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
    with mail_server(port) as again:
        assert smtp.send("dua@contoh.id", message(), "kunci-2") == Sent()
        smtp.close()
    assert len(again.mails) == 1


def test_unknown_address_is_a_permanent_failure_and_keeps_the_connection(mails, smtp):
    mails.rcpt = ["550 5.1.1 satu@contoh.id is nobody here"]
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("smtp 550 5.1.1", is_permanent=True)
    assert smtp.send("dua@contoh.id", message(), "kunci-2") == Sent()
    assert mails.connections == 1


def test_greylisted_message_is_sent_at_the_second_try(mails, smtp):
    mails.rcpt = ["451 4.7.1 come back later"]
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("smtp 451 4.7.1")
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()


def test_5xx_for_the_content_is_permanent_and_4xx_is_not(mails, smtp):
    mails.data = ["554 5.7.1 no", "452 4.3.1 full"]
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("smtp 554 5.7.1", is_permanent=True)
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("smtp 452 4.3.1")


def test_connection_lost_in_the_content_is_retried(mails, smtp):
    mails.cut = 1
    failed = smtp.send("satu@contoh.id", message(), "kunci-1")
    assert failed.is_down and not failed.is_permanent and not mails.mails
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()


def test_silent_server_is_a_timeout(mails, smtp):
    mails.hang, smtp.limits = 1, QUICK
    began = time.monotonic()
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("timeout", is_down=True)
    assert time.monotonic() - began < 10
    smtp.limits = CALM
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()


def test_refused_connection_means_the_channel_is_down():
    failed = channel(f"smtp://127.0.0.1:{free_port()}").send("satu@contoh.id", message(), "kunci-1")
    assert failed == Failed("ConnectionRefusedError", is_down=True)


# TLS and passwords


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """The TLS contexts of the server and of a client that trusts its authority."""
    folder = tmp_path_factory.mktemp("tls")
    addresses = [IPv4Address("127.0.0.1")]
    certificates.make_authority(folder / "authority.pem", addresses)
    certificates.make_certificate(folder / "server.pem", folder / "authority.pem", addresses)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return server, ssl.create_default_context(cafile=str(folder / "authority.pem"))


def with_password(server, password=PASSWORD, scheme="smtp"):
    return f"{scheme}://{LOGIN}:{quote(password, safe='')}@localhost:{server.port}"


def test_offered_tls_is_used_without_verification_when_there_is_no_password(tls):
    with mail_server(tls=tls[0]) as server:
        smtp = channel(server.url)
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
        smtp.close()
    assert server.commands == ["STARTTLS"]


def test_message_that_must_not_be_plain_goes_to_a_verified_server_only(tls):
    def sent(trusted=None, **server):
        with mail_server(**server) as found:
            smtp = channel(found.url.replace("127.0.0.1", "localhost"), tls=trusted)
            smtp.may_be_plain = False
            answer = smtp.send("satu@contoh.id", message(), "kunci-1")
            smtp.close()
        return answer, len(found.mails)

    assert sent() == (Failed("no TLS offered", is_down=True), 0)
    assert sent(tls=tls[0]) == (Failed("SSLCertVerificationError", is_down=True), 0)
    assert sent(tls[1], tls=tls[0]) == (Sent(), 1)


def test_password_is_sent_over_verified_tls(tls):
    with mail_server(tls=tls[0], has_login=True) as server:
        smtp = channel(with_password(server), tls=tls[1])
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
        smtp.close()
    assert server.commands == ["STARTTLS", "AUTH over TLS"]


def test_smtps_uses_tls_from_the_first_byte(tls):
    with mail_server(tls=tls[0], is_tls=True, has_login=True) as server:
        smtp = channel(with_password(server, scheme="smtps"), tls=tls[1])
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
        smtp.close()
    assert len(server.mails) == 1


def test_password_is_not_sent_without_tls():
    with mail_server(has_login=True) as server:
        smtp = channel(with_password(server))
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("no TLS offered", is_down=True)
    assert not server.commands


def test_password_is_not_sent_to_an_unverified_server(tls):
    with mail_server(tls=tls[0], has_login=True) as server:
        smtp = channel(with_password(server))
        failed = smtp.send("satu@contoh.id", message(), "kunci-1")
    assert failed == Failed("SSLCertVerificationError", is_down=True) and "AUTH over TLS" not in server.commands


def test_wrong_password_means_the_channel_is_down(tls):
    with mail_server(tls=tls[0], has_login=True) as server:
        smtp = channel(with_password(server, "salah"), tls=tls[1])
        failed = smtp.send("satu@contoh.id", message(), "kunci-1")
    assert failed.is_down and not failed.is_permanent and failed.reason.startswith("smtp 535")


# The outbox over this channel


@pytest.mark.parametrize("fault", ["rcpt", "data", "cut", "hang"])
def test_outbox_sends_the_message_once_after_a_fault(app, mails, smtp, fault):
    outbox.write(outbox.family({"email": "satu@contoh.id"}))
    setattr(mails, fault, ["451 later"] if fault in ("rcpt", "data") else 1)
    smtp.limits = Limits(step=2.0) if fault == "hang" else CALM
    outbox.fan_out()
    worker = outbox.worker(smtp)
    until = time.monotonic() + 60
    while not mails.mails and time.monotonic() < until:
        time.sleep(min(max(0.0, worker.step()), 0.5))
    outbox.send_all(worker)
    assert [mail.to for mail in mails.mails] == ["satu@contoh.id"]
    assert [delivery.state for delivery in outbox.deliveries()] == ["sent"]
