"""E-mail against a real SMTP server that also times out, refuses, puts off and breaks off, as the world's do."""

import ssl
import time
from ipaddress import IPv4Address
from urllib.parse import quote

import pytest

from ampera.notices.channels.base import QR_CID, Failed, Message, Sent
from ampera.notices.channels.smtp import Limits, Smtp
from ampera.serving import certificates
from tests.notices import post
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
    return Smtp(url, post.SENDER, **more)


@pytest.fixture
def smtp(mails):
    made = channel(mails.url)
    yield made
    made.close()


def test_the_mail_is_plain_text_and_html_with_the_code_as_a_picture_inside(mails, smtp):
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
    read = mails.to("satu@contoh.id")[0].read
    assert read.get_content_type() == "multipart/alternative"
    plain, related = read.iter_parts()
    assert LINK in plain.get_content().splitlines() and "Bèsta" in plain.get_content()
    html, picture = related.iter_parts()
    assert related.get_content_type() == "multipart/related" and f"cid:{QR_CID}" in html.get_content()
    assert picture["Content-ID"] == f"<{QR_CID}>" and picture.get_content() == PNG
    assert picture.get_content_disposition() == "inline"


def test_the_heading_says_who_writes_and_that_it_is_a_machine(mails, smtp):
    smtp.send("satu@contoh.id", message(), "kunci-1")
    read = mails.mails[0].read
    assert str(read["From"]) == f"Kantor Imigrasi Contoh <{post.SENDER}>"
    assert str(read["To"]) == "Bèsta <satu@contoh.id>" and str(read["Subject"]) == "Paspor siap – Kantor Contoh"
    assert read["Auto-Submitted"] == "auto-generated" and read["Date"] and read["Content-Language"] == "id"


def test_a_sender_with_a_name_keeps_it(mails):
    smtp = Smtp(mails.url, f"Imigrasi Contoh <{post.SENDER}>")
    smtp.send("satu@contoh.id", message(), "kunci-1")
    smtp.close()
    assert str(mails.mails[0].read["From"]) == f"Imigrasi Contoh <{post.SENDER}>"


def test_every_try_of_one_delivery_has_the_same_message_id(mails, smtp):
    for key in ("kunci-1", "kunci-1", "kunci-2"):
        smtp.send("satu@contoh.id", message(), key)
    first, again, other = (mail.id for mail in mails.mails)
    assert first == again != other


def test_without_a_code_there_is_no_picture(mails, smtp):
    smtp.send("satu@contoh.id", message(qr_png=None), "kunci-1")
    assert [part.get_content_type() for part in mails.mails[0].read.iter_parts()] == ["text/plain", "text/html"]


def test_nothing_of_a_name_can_become_a_heading(mails, smtp):
    smtp.send("satu@contoh.id", message(first_name="A\r\nBcc: lain@contoh.id", subject="X\nY"), "kunci-1")
    read = mails.mails[0].read
    assert "Bcc" not in read and read["Subject"] == "X Y"
    assert smtp.send("a\r\nb@contoh.id", message(), "kunci-2").is_permanent


def test_one_connection_serves_many_messages(mails, smtp):
    for n in range(5):
        smtp.send(f"contoh{n}@contoh.id", message(), f"kunci-{n}")
    assert len(mails.mails) == 5 and mails.connections == 1


def test_a_kept_connection_that_the_server_has_ended_is_opened_anew():
    port = free_port()
    smtp = channel(f"smtp://127.0.0.1:{port}")
    with mail_server(port):
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
    with mail_server(port) as again:
        assert smtp.send("dua@contoh.id", message(), "kunci-2") == Sent()
        smtp.close()
    assert len(again.mails) == 1


def test_an_unknown_address_is_refused_for_good_and_the_connection_stays(mails, smtp):
    mails.rcpt = ["550 5.1.1 satu@contoh.id is nobody here"]
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("smtp 550 5.1.1", is_permanent=True)
    assert smtp.send("dua@contoh.id", message(), "kunci-2") == Sent()
    assert mails.connections == 1


def test_greylisting_is_tried_again_and_then_goes(mails, smtp):
    mails.rcpt = ["451 4.7.1 come back later"]
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("smtp 451 4.7.1")
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()


def test_refused_content_is_refused_for_good(mails, smtp):
    mails.data = ["554 5.7.1 no", "452 4.3.1 full"]
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("smtp 554 5.7.1", is_permanent=True)
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("smtp 452 4.3.1")


def test_a_connection_lost_in_the_middle_of_the_content_is_tried_again(mails, smtp):
    mails.cut = 1
    failed = smtp.send("satu@contoh.id", message(), "kunci-1")
    assert failed.is_down and not failed.is_permanent and not mails.mails
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()


def test_a_server_that_says_nothing_is_given_up_in_time(mails, smtp):
    mails.hang, smtp.limits = 1, QUICK
    began = time.monotonic()
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("timeout", is_down=True)
    assert time.monotonic() - began < 10
    smtp.limits = CALM
    assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()


def test_nobody_there_is_the_whole_channel_being_down():
    failed = channel(f"smtp://127.0.0.1:{free_port()}").send("satu@contoh.id", message(), "kunci-1")
    assert failed == Failed("ConnectionRefusedError", is_down=True)


# TLS and passwords


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """The server's side and the client's, who trusts the authority."""
    folder = tmp_path_factory.mktemp("tls")
    addresses = [IPv4Address("127.0.0.1")]
    certificates.make_authority(folder / "authority.pem", addresses)
    certificates.make_certificate(folder / "server.pem", folder / "authority.pem", addresses)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return server, ssl.create_default_context(cafile=str(folder / "authority.pem"))


def with_password(server, password=PASSWORD, scheme="smtp"):
    return f"{scheme}://{LOGIN}:{quote(password, safe='')}@localhost:{server.port}"


def test_offered_tls_is_used_even_when_the_server_cannot_prove_itself(tls):
    with mail_server(tls=tls[0]) as server:
        smtp = channel(server.url)
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
        smtp.close()
    assert server.commands == ["STARTTLS"]


def test_a_password_goes_over_proved_tls(tls):
    with mail_server(tls=tls[0], has_login=True) as server:
        smtp = channel(with_password(server), tls=tls[1])
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
        smtp.close()
    assert server.commands == ["STARTTLS", "AUTH over TLS"]


def test_tls_from_the_first_byte(tls):
    with mail_server(tls=tls[0], is_tls=True, has_login=True) as server:
        smtp = channel(with_password(server, scheme="smtps"), tls=tls[1])
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Sent()
        smtp.close()
    assert len(server.mails) == 1


def test_no_password_without_tls():
    with mail_server(has_login=True) as server:
        smtp = channel(with_password(server))
        assert smtp.send("satu@contoh.id", message(), "kunci-1") == Failed("no TLS offered", is_down=True)
    assert not server.commands


def test_no_password_to_a_server_that_cannot_prove_itself(tls):
    with mail_server(tls=tls[0], has_login=True) as server:
        smtp = channel(with_password(server))
        failed = smtp.send("satu@contoh.id", message(), "kunci-1")
    assert failed == Failed("SSLCertVerificationError", is_down=True) and "AUTH over TLS" not in server.commands


def test_a_wrong_password_is_the_channels_failure_and_no_messages(tls):
    with mail_server(tls=tls[0], has_login=True) as server:
        smtp = channel(with_password(server, "salah"), tls=tls[1])
        failed = smtp.send("satu@contoh.id", message(), "kunci-1")
    assert failed.is_down and not failed.is_permanent and failed.reason.startswith("smtp 535")


# The outbox over it


@pytest.mark.parametrize("fault", ["rcpt", "data", "cut", "hang"])
def test_the_outbox_sends_it_in_the_end_and_once(app, mails, smtp, fault):
    post.tell(post.family({"email": "satu@contoh.id"}))
    setattr(mails, fault, ["451 later"] if fault in ("rcpt", "data") else 1)
    smtp.limits = Limits(step=2.0) if fault == "hang" else CALM
    post.expand()
    sender = post.sender(smtp)
    until = time.monotonic() + 60
    while not mails.mails and time.monotonic() < until:
        time.sleep(min(max(0.0, sender.step()), 0.5))
    post.send_all(sender)
    assert [mail.to for mail in mails.mails] == ["satu@contoh.id"]
    assert [one.state for one in post.deliveries()] == ["sent"]
