"""The notices of one pickup in words, for the desk."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from ampera.notices.history_queries import PastNotice
from ampera.offices.options.labels import CHANNELS, NOTICES

# state -> (tone, label)
STATES = {
    "waiting": ("neutral", _l("Menunggu dikirim")),
    "sending": ("neutral", _l("Sedang dikirim")),
    "sent": ("go", _l("Terkirim")),
    "delivered": ("go", _l("Sampai di penerima")),
    "passed": ("wait", _l("Gagal, diteruskan ke saluran berikutnya")),
    "dropped": ("neutral", _l("Tidak dikirim, sudah tidak berlaku")),
    "dead": ("stop", _l("Gagal, beri tahu dengan cara lain")),
}


@dataclass(frozen=True)
class HistoryLine:
    """One notice as `notices/_history.html` shows it."""

    kind: str
    channel: str
    tone: str
    state: str
    address: str
    at: datetime


def line(notice: PastNotice) -> HistoryLine:
    """Kind, channel and state in the reader's language."""
    tone, state = STATES.get(notice.state, ("neutral", notice.state))
    return HistoryLine(
        str(NOTICES.get(notice.kind, notice.kind)),
        str(CHANNELS.get(notice.channel, notice.channel)),
        tone,
        str(state),
        notice.address,
        notice.at,
    )
