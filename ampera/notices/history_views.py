"""What `notices/_told.html` shows the desk beside a pickup's code. A page of another slice includes it by name."""

from flask import Blueprint, current_app
from flask_babel import lazy_gettext as _l

from ampera import db
from ampera.notices import history_queries
from ampera.notices.channels import registry
from ampera.notices.history_queries import Told
from ampera.offices.options.labels import CHANNELS, NOTICES
from ampera.security import actor

# state -> (tone, word)
STATES = {
    "waiting": ("neutral", _l("Menunggu dikirim")),
    "sending": ("neutral", _l("Sedang dikirim")),
    "sent": ("go", _l("Terkirim")),
    "delivered": ("go", _l("Sampai di penerima")),
    "passed": ("wait", _l("Gagal, diteruskan ke saluran berikutnya")),
    "dropped": ("neutral", _l("Tidak dikirim, sudah tidak berlaku")),
    "dead": ("stop", _l("Gagal, beri tahu dengan cara lain")),
}

pages = Blueprint("told", __name__)


@pages.app_template_global("told_about")
def told_about(pickup_id: int) -> list[Told]:
    with db.reading() as session:
        return history_queries.told(session, pickup_id, actor().office_id or 0)


@pages.app_template_global("has_channels")
def has_channels() -> bool:
    """Whether messages leave by themselves at all."""
    return bool(registry.ways(current_app.extensions["ampera.settings"]))


@pages.app_template_global("told_words")
def told_words(one: Told) -> tuple[str, str, str, str]:
    """What it was about, by which channel, the tone of its state, and the state in words."""
    tone, word = STATES.get(one.state, ("neutral", one.state))
    return str(NOTICES.get(one.kind, one.kind)), str(CHANNELS.get(one.channel, one.channel)), tone, str(word)
