"""Plain text by any service that Apprise supports, such as SMS gateways. Apprise is an optional extra.

The plugins block, so they run on a real thread. A plugin returns only whether it sent the message, never a reason.
"""

from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

import structlog

from ampera import db
from ampera.notices.channels.base import EMAIL, PHONE, Failed, Message, Sent
from ampera.settings import Settings

NAME = "apprise"
NOT_INSTALLED = "Apprise is not installed: pip install '.[notify]'"
UNKNOWN_SERVICE = "AMPERA_APPRISE_URL is no address of a service that Apprise knows"
EXAMPLES = {PHONE: "+6281200000000", EMAIL: "contoh@contoh.example"}

log = structlog.get_logger()


class AppriseChannel:
    """The channel `apprise`. `{phone}` or `{email}` in the URL is replaced by the address of the recipient."""

    name = NAME

    def __init__(self, url: str, rate: float) -> None:
        self.url, self.rate = url, rate
        self.needs = EMAIL if "{email}" in url else PHONE

    def send(self, address: str, message: Message, key: str) -> Sent | Failed:
        """`key` is unused, because Apprise returns no id of the message."""
        return db.run_in_thread(lambda: _notify(self.url, address, message))

    def close(self) -> None:
        """Nothing is kept open between messages."""


def from_settings(settings: Settings) -> AppriseChannel:
    """Also with a wrong URL: each message then goes to the next channel, and the log has the reason."""
    if wrong := db.run_in_thread(lambda: problem(settings.apprise_url)):
        log.error("channel cannot work", channel=NAME, reason=wrong)
    return AppriseChannel(settings.apprise_url, settings.apprise_rate)


def problem(url: str) -> str:
    """The reason why this URL cannot work, or ""."""
    if find_spec("apprise") is None:
        return NOT_INSTALLED
    example = EXAMPLES[EMAIL if "{email}" in url else PHONE]
    return "" if _plugin(filled(url, example)) else UNKNOWN_SERVICE


def filled(url: str, address: str) -> str:
    """The URL of the service with this address filled in, percent-encoded."""
    encoded = quote(address, safe="")
    return url.replace("{phone}", encoded).replace("{email}", encoded)


def _notify(url: str, address: str, message: Message) -> Sent | Failed:
    if wrong := problem(url):
        return Failed(wrong, is_permanent=True)
    plugin = _plugin(filled(url, address))
    if plugin is None:
        return Failed("the service does not take this address", is_permanent=True)
    is_sent = plugin.notify(body=message.text, title=message.subject, body_format="text")
    return Sent() if is_sent else Failed("Apprise could not send it")


def _plugin(url: str) -> Any:
    """The plugin for the URL; None for an unknown service."""
    import apprise  # imported late: it is an optional extra and loads a hundred services

    asset = apprise.AppriseAsset(
        app_id="Si Ampera Bertanjak",
        app_desc="Si Ampera Bertanjak",
        async_mode=False,
        http_redirects=False,  # a message goes to the address of the setting, and nowhere else
    )
    return apprise.Apprise.instantiate(url, asset=asset)
