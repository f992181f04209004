"""A real SMTP server on the loopback that keeps the mails it receives and can inject faults."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.services import free_port

LOGIN, PASSWORD = "ampera", "sandi contoh/12"
READY_SECONDS = 60


@dataclass
class Mail:
    """One message as it arrived."""

    to: str
    raw: bytes = field(repr=False)

    @property
    def read(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    @property
    def id(self) -> str:
        return str(self.read["Message-ID"])


@dataclass
class MailServer:
    """`rcpt` and `data` are the next answers, in order ("" is the normal answer).

    `cut` is the number of connections that end in the middle of the content, `hang` the number without an answer.
    """

    port: int
    mails: list[Mail] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    cut: int = 0
    hang: int = 0
    connections: int = 0
    open: int = 0  # of these
    commands: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to == address]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.rcpt and (answer := self.rcpt.pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.data and (answer := self.data.pop(0)):
            return answer
        self.mails += [Mail(to, envelope.content) for to in envelope.rcpt_tos]
        return "250 2.0.0 OK"


class _Session(SMTP):
    """The session of aiosmtpd with injected faults."""

    def connection_made(self, transport: Any) -> None:
        if self.transport is None:  # STARTTLS calls this again
            self.event_handler.open += 1
        self.event_handler.connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.open -= 1
        super().connection_lost(error)

    async def smtp_STARTTLS(self, arg: str) -> None:
        self.event_handler.commands.append("STARTTLS")
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        self.event_handler.commands.append(f"AUTH over {'TLS' if self.session.ssl else 'plain'}")
        await super().smtp_AUTH(arg)

    async def smtp_DATA(self, arg: str) -> None:
        server = self.event_handler
        if server.cut:
            server.cut -= 1
            await self.push("354 go on")
            await self._reader.readuntil(b"\n")
            self.transport.abort()
        elif server.hang:
            server.hang -= 1
            await self.push("354 go on")
            await asyncio.sleep(30)
        else:
            await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Session(self.handler, **self.SMTP_kwargs)


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
    is_right = (login.login, login.password) == (LOGIN.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


@contextmanager
def mail_server(
    port: int = 0, tls: ssl.SSLContext | None = None, is_tls: bool = False, has_login: bool = False
) -> Iterator[MailServer]:
    """`tls` is offered by STARTTLS, or with `is_tls` used from the first byte on."""
    server = MailServer(port or free_port())
    more: dict[str, Any] = {"tls_context": None if is_tls else tls, "ssl_context": tls if is_tls else None}
    if has_login:
        more |= {"authenticator": _authenticate, "auth_required": not is_tls, "auth_require_tls": not is_tls}
    controller = _Controller(server, hostname="127.0.0.1", port=server.port, ready_timeout=READY_SECONDS, **more)
    controller.start()  # aiosmtpd connects once to test the server
    server.connections = 0
    try:
        yield server
    finally:
        controller.stop(no_assert=True)
