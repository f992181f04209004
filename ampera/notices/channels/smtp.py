"""E-mail by SMTP. One connection is kept open between messages; each step and each message is bounded in time.

4xx, a lost connection and a timeout are temporary; 5xx for the recipient or the content is permanent; a refused
connection or password means that the whole channel is down.
"""

import re
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from ampera import clock
from ampera.installation import plain_connections
from ampera.notices.channels import mime
from ampera.notices.channels.base import EMAIL, Failed, Message, Sent
from ampera.settings import Settings

PORTS = {"smtp": 587, "smtps": 465}
GOODBYE_SECONDS = 1.0
STALE_SECONDS = 60.0  # a connection that was idle for longer is opened again
TEMPORARY = range(400, 500)
CLOSING = 421

_ENHANCED = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True)
class Limits:
    """Seconds to connect, for one step of the conversation, and for one message in total."""

    connect: float = 8.0
    step: float = 12.0
    whole: float = 25.0


class Insecure(smtplib.SMTPException):
    """The server offers no TLS, and the message or the password must not go without."""


class Smtp:
    """The channel `mail`. `tls` verifies the server; by default it trusts the certificates of the system.

    `may_be_plain`: without a password, any TLS and none will do.
    """

    name = "mail"
    needs = EMAIL

    may_be_plain = True

    def __init__(
        self, url: str, sender: str, rate: float = 0, limits: Limits = Limits(), tls: ssl.SSLContext | None = None
    ) -> None:
        parts = urlsplit(url)
        self.is_tls = parts.scheme == "smtps"
        self.host, self.port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender, self.rate, self.limits = sender, rate, limits
        self.tls = tls or ssl.create_default_context()
        self.envelope_from = parseaddr(sender)[1]
        self.connection: _Bounded | None = None
        self.used_at = 0.0

    def send(self, address: str, message: Message, key: str) -> Sent | Failed:
        try:
            written = mime.mail(message, self.sender, address, key, clock.now())
        except (ValueError, UnicodeError):
            return Failed("bad address", is_permanent=True)
        return self.post(address, written)

    def post(self, address: str, written: bytes) -> Sent | Failed:
        """Send a mail that is written already."""
        try:
            self._deliver(address, written)
        except (OSError, smtplib.SMTPException) as error:  # SMTPException is an OSError; both are named for clarity
            return self._failed(error)
        self.used_at = time.monotonic()
        return Sent()

    def problem(self) -> str:
        """Connect, sign in and name the sender, without a message. Why this is refused; empty when it is not."""
        try:
            connection = self._connect(time.monotonic() + self.limits.whole)
            self._begin_message(connection, b"")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return _reason(error)
        self._forget_message()
        self.close()
        return ""

    def close(self) -> None:
        """Send QUIT, but do not wait long for the answer."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        connection.begin(GOODBYE_SECONDS, GOODBYE_SECONDS)
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()

    def _deliver(self, address: str, written: bytes) -> None:
        """Connect again when a kept connection is dead before the server has received anything of the message."""
        deadline = time.monotonic() + self.limits.whole
        if self.connection is not None and time.monotonic() - self.used_at > STALE_SECONDS:
            self.close()
        was_open = self.connection is not None
        connection = self.connection or self._connect(deadline)
        connection.begin(self.limits.step, deadline - time.monotonic())
        try:
            self._begin_message(connection, written)
        except (OSError, smtplib.SMTPException) as error:
            if not was_open or not _is_goodbye(error):
                raise
            self._drop()
            connection = self._connect(deadline)
            self._begin_message(connection, written)
        connection.finish_message(address, written)

    def _begin_message(self, connection: "_Bounded", written: bytes) -> None:
        code, answer = connection.begin_message(self.envelope_from, len(written))
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, answer, self.envelope_from)

    def _connect(self, deadline: float) -> "_Bounded":
        left = deadline - time.monotonic()
        kind = _BoundedTls if self.is_tls else _Bounded
        more = {"context": self.tls} if self.is_tls else {}
        connection = kind(self.host, self.port, min(self.limits.connect, left), self.limits.step, left, **more)
        try:
            self._introduce(connection)
        except BaseException:
            connection.close()
            raise
        self.connection = connection
        return connection

    def _introduce(self, connection: "_Bounded") -> None:
        """Where mail may be plain, any TLS is better than none (RFC 7435). Otherwise, and with a password, the server
        must be verified.
        """
        connection.ehlo_or_helo_if_needed()
        is_strict = bool(self.user) or not self.may_be_plain
        if not self.is_tls:
            if connection.has_extn("starttls"):
                connection.starttls(context=self.tls if is_strict else _unverified())
                connection.ehlo_or_helo_if_needed()
            elif is_strict:
                raise Insecure
        if self.user:
            connection.login(self.user, self.password)

    def _drop(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()

    def _failed(self, error: Exception) -> Failed:
        """Classify the failure. After a complete answer the connection is still usable for the next message."""
        if isinstance(error, (_RecipientRefused, smtplib.SMTPDataError)) and error.smtp_code != CLOSING:
            self._forget_message()
            is_permanent = error.smtp_code not in TEMPORARY
            return Failed(_reason(error), is_permanent=is_permanent)
        self._drop()
        return Failed(_reason(error), is_down=True)

    def _forget_message(self) -> None:
        try:
            if self.connection is not None and self.connection.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()
        self.used_at = time.monotonic()


class _RecipientRefused(smtplib.SMTPResponseException):
    """The answer to RCPT."""


class _Bounded(smtplib.SMTP):
    """A conversation in which no step takes longer than `step` seconds, and the whole not longer than `whole`."""

    def __init__(self, host: str, port: int, connect: float, step: float, whole: float, **more: Any) -> None:
        self.begin(step, whole)
        super().__init__(host, port, local_hostname=_own_name(), timeout=connect, **more)

    def begin(self, step: float, whole: float) -> None:
        self.step, self.deadline = step, time.monotonic() + whole

    def send(self, s: Any) -> None:
        self._bound()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self._bound()
        return super().getreply()

    def begin_message(self, sender: str, size: int) -> tuple[int, bytes]:
        """The answer to MAIL."""
        options = [f"size={size}"] if self.does_esmtp and self.has_extn("size") else []
        return self.mail(sender, options)

    def finish_message(self, address: str, written: bytes) -> None:
        """RCPT and DATA. Raises an SMTPResponseException when the server refuses one of them."""
        code, answer = self.rcpt(address)
        if code not in (250, 251):
            raise _RecipientRefused(code, answer)
        code, answer = self.data(written)
        if code != 250:
            raise smtplib.SMTPDataError(code, answer)

    def _bound(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            self.close()
            raise TimeoutError
        if self.sock is not None:
            self.sock.settimeout(min(self.step, left))


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same conversation with TLS from the first byte on."""


def from_settings(settings: Settings) -> Smtp | None:
    """The channel of these settings; None without AMPERA_MAIL_URL."""
    if not settings.mail_url:
        return None
    made = Smtp(settings.mail_url, settings.mail_from, settings.mail_rate)
    made.may_be_plain = plain_connections.may_be_plain(settings, made.host)
    return made


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _own_name() -> str:
    """The host name without a DNS lookup, which could take long."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _is_goodbye(error: Exception) -> bool:
    """Whether the server closed the connection, which it may do while the connection is idle."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == CLOSING
    return not _is_timeout(error)


def _is_timeout(error: BaseException | None) -> bool:
    return error is not None and (isinstance(error, TimeoutError) or _is_timeout(error.__context__))


def _reason(error: Exception) -> str:
    """The reason without the text of the server, which may quote the address."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        found = _ENHANCED.match(answer.strip())
        return f"smtp {error.smtp_code}{' ' + found[1].decode() if found else ''}"
    if _is_timeout(error):
        return "timeout"
    if isinstance(error, Insecure):
        return "no TLS offered"
    return {"SMTPServerDisconnected": "connection lost"}.get(type(error).__name__, type(error).__name__)
