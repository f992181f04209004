"""What a channel is: it takes one message to one address and says whether it went. Plain values, no database."""

from dataclasses import dataclass, field
from typing import Protocol

EMAIL, PHONE = "email", "phone"
QR_CID = "qr@ampera"  # the HTML of a message shows its code as <img src="cid:qr@ampera">


@dataclass(frozen=True)
class Message:
    """One message, ready to go. `text` holds the full link on a line of its own; `qr_png` is None without a code.

    `kind`, `language` and `parameters` (field -> value, as the office's text used them) are for channels whose
    texts were approved beforehand; `link_token` is the end of the link. `office` is its name, as a sender.
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
    """The other side has it. `provider_id` is its name for the message, when later news will use it."""

    provider_id: str | None = None


@dataclass(frozen=True)
class Failed:
    """It did not go. A permanent failure is never tried again on this channel; `reason` holds nothing personal.

    `is_down` says that nothing would go now (no connection, wrong password): the whole channel then pauses.
    """

    reason: str
    is_permanent: bool = False
    is_down: bool = False


class Channel(Protocol):
    """A way to reach people. `needs` is EMAIL or PHONE; `rate` is messages a second at most (0: as the lane allows)."""

    name: str
    needs: str
    rate: float

    def send(self, address: str, message: Message, key: str) -> Sent | Failed:
        """Bounded in time. `key` is the same for every try of one delivery, so that doubles can be known."""
        ...

    def close(self) -> None:
        """Let go of a connection that is kept between messages."""
        ...
