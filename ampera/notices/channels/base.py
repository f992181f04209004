"""The interface of a channel: it sends one message to one address and returns the outcome. Without a database."""

from dataclasses import dataclass, field
from typing import Protocol

EMAIL, PHONE = "email", "phone"
QR_CID = "qr@ampera"  # the HTML of a message shows the QR as <img src="cid:qr@ampera">


@dataclass(frozen=True)
class Message:
    """One composed message. `text` has the full link on a separate line; `qr_png` is None without a code.

    `kind`, `language` and `parameters` (field -> value) are for channels that send approved templates. `link_token`
    is the end of the link. `office` is the name of the office, as the sender.
    """

    kind: str
    language: str
    first_name: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    link: str = field(repr=False)
    link_token: str = field(repr=False)
    qr_png: bytes | None = field(default=None, repr=False)
    parameters: dict[str, str] = field(default_factory=dict, repr=False)
    office: str = ""


@dataclass(frozen=True)
class Sent:
    """The provider accepted the message. `provider_id` is its id of the message in later reports."""

    provider_id: str | None = None


@dataclass(frozen=True)
class Failed:
    """The message was not sent. A permanent failure is not retried on this channel; `reason` holds nothing personal.

    `is_down`: no message can be sent now (no connection, wrong password), so the whole channel pauses.
    """

    reason: str
    is_permanent: bool = False
    is_down: bool = False


class Channel(Protocol):
    """A way to send messages. `needs` is EMAIL or PHONE; `rate` is the maximum of messages per second (0: no limit)."""

    name: str
    needs: str
    rate: float

    def send(self, address: str, message: Message, key: str) -> Sent | Failed:
        """Send within a bounded time. `key` is the same for every try of one delivery: it reveals duplicates."""
        ...

    def close(self) -> None:
        """Close a connection that was kept open between messages."""
        ...
