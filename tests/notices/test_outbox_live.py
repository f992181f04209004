"""The outbox in a real server: mails are sent at once, logs are not personal, and a stop loses no message."""

from collections.abc import Callable, Iterator
from functools import partial

import httpx
import pytest

from tests import builders
from tests.conftest import SERVER_SECRETS
from tests.notices import outbox, steps
from tests.notices.mail_server import MailServer, mail_server
from tests.services import LiveServer, free_port, wait_until

FIVE = range(1, 6)
PATIENCE = 60  # seconds; timeout for conditions that must become true
pytestmark = pytest.mark.true_time


@pytest.fixture
def mailing_server(app, new_server) -> Callable[[int], LiveServer]:
    """`mailing_server(port)` is a server that sends mail to this port."""
    return lambda port: new_server(MAIL_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM=outbox.SENDER, **SERVER_SECRETS)


@pytest.fixture
def server(mailing_server, mails: MailServer) -> Iterator[LiveServer]:
    with mailing_server(mails.port) as running:
        yield running


def _take_in(server: LiveServer, numbers: range = FIVE) -> list[dict[str, str]]:
    """Post books by the API; returns code and link of each pickup."""
    headers = {"Authorization": f"Bearer {builders.key('desk')}"}
    body = {"passports": [steps.taken_in(n) for n in numbers]}
    answer = httpx.post(f"{server.url}/api/v1/passports", json=body, headers=headers, timeout=60)
    assert answer.is_success, answer.text
    return answer.json()["pickups"]


def _metrics(server: LiveServer) -> str:
    return httpx.get(f"{server.url}/metrics", timeout=PATIENCE).text


def _is_counted(server: LiveServer, line: str) -> bool:
    return line in _metrics(server)


def test_mail_with_the_link_is_sent_at_once(server, mails):
    (given,) = _take_in(server, range(1, 2))
    wait_until(lambda: mails.mails, "no mail", PATIENCE)
    plain = mails.mails[0].read.get_body(("plain",)).get_content()
    assert given["link"] in plain.splitlines()


def test_logs_and_metrics_contain_nothing_personal(server, mails):
    mails.rcpt = ["550 5.1.1 contoh1@contoh.id is unknown", "451 later, contoh2@contoh.id"]
    given = _take_in(server)
    wait_until(lambda: len(mails.mails) == 4, "not all mails came", PATIENCE)
    for outcome, count in (("sent", 4), ("dead", 1), ("again", 1)):  # counted after the answer of the mail server
        line = f'ampera_deliveries_total{{channel="mail",outcome="{outcome}"}} {count}'
        wait_until(partial(_is_counted, server, line), f"not counted: {line}", PATIENCE)
    metrics = _metrics(server)
    assert "smtp 550 5.1.1" in server.log
    secrets = [
        secret for pickup in given for secret in (pickup["code"], pickup["link"], pickup["link"].rpartition("/")[2])
    ]
    for output in (server.log, metrics):
        assert not any(secret in output for secret in (*secrets, "contoh.id", "Contoh"))


def test_stopped_server_loses_no_message_and_repeats_none(mailing_server):
    port = free_port()
    with mail_server(port) as mails, mailing_server(port) as server:
        _take_in(server, range(1, 31))
        wait_until(lambda: len(mails.mails) >= 5, "no mails", PATIENCE)
        assert server.terminate() == 0
        server.start()
        wait_until(lambda: len({mail.id for mail in mails.mails}) == 30, "some did not come", 2 * PATIENCE)
    assert len(mails.mails) == 30, "none came twice"


def test_messages_wait_while_the_mail_server_is_down(mailing_server):
    port = free_port()
    with mailing_server(port) as server:
        _take_in(server)
        wait_until(lambda: "ConnectionRefusedError" in server.log, "it did not try", PATIENCE)
        with mail_server(port) as mails:
            wait_until(lambda: len(mails.mails) == 5, "not all mails came", 2 * PATIENCE)
    assert server.log.count("message not sent") <= 6, "the worker paused between tries"
