"""A test mail for an administrator: a message to an invented person, sent at once and not stored."""

import secrets
from functools import partial

from ampera import tasks
from ampera.notices.channels import registry
from ampera.notices.channels.base import Channel, Failed, Message, Sent
from ampera.notices.content import compose
from ampera.offices.models import Office
from ampera.settings import Settings

CHANNEL = "mail"
SECONDS = 20.0


def send(settings: Settings, office: Office, site: str, texts: compose.Texts, address: str) -> Sent | Failed:
    """Send the notice "ready" in the office's first language; returns the outcome at the mail server."""
    channel = registry.channel(settings, CHANNEL)
    if channel is None:
        return Failed("no channel", is_permanent=True)
    language = compose.languages_of(office)[0]
    message = compose.preview(office, site, "ready", language, texts["ready", language])
    try:
        return _send(channel, address, message)
    finally:
        channel.close()


def _send(channel: Channel, address: str, message: Message) -> Sent | Failed:
    key = f"test-{secrets.token_hex(8)}"
    try:
        return tasks.within(SECONDS, partial(channel.send, address, message, key))
    except TimeoutError:
        return Failed("timeout", is_down=True)
