"""A mail server for the tests of the outbox."""

from collections.abc import Iterator

import pytest

from tests.notices.mail_server import MailServer, mail_server


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running
