"""Any service that Apprise knows (SMS gateways and some hundred others), as plain text. Apprise is an optional extra.

Its plugins block while they talk, so they run on a real thread. They only say whether it went, never why.
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
    """The channel. `{phone}` or `{email}` in its address stands for whom the message is for."""

    name = NAME

    def __init__(self, url: str, rate: float) -> None:
        self.url, self.rate = url, rate
        self.needs = EMAIL if "{email}" in url else PHONE

    def send(self, address: str, message: Message, key: str) -> Sent | Failed:
        """Apprise gives no name of the message back, so `key` is of no use here."""
        return db.run_in_thread(lambda: _notify(self.url, address, message))

    def close(self) -> None:
        """Nothing is kept between messages."""


def from_settings(settings: Settings) -> AppriseChannel:
    """Also when it cannot work: then each message goes on to the next channel, and the log says why."""
    if wrong := db.run_in_thread(lambda: problem(settings.apprise_url)):
        log.error("a channel cannot work", channel=NAME, reason=wrong)
    return AppriseChannel(settings.apprise_url, settings.apprise_rate)


def problem(url: str) -> str:
    """Why messages cannot go by this address, "" when they can."""
    if find_spec("apprise") is None:
        return NOT_INSTALLED
    example = EXAMPLES[EMAIL if "{email}" in url else PHONE]
    return "" if _plugin(filled(url, example)) else UNKNOWN_SERVICE


def filled(url: str, address: str) -> str:
    """The service's address with this one in its place, percent-encoded."""
    encoded = quote(address, safe="")
    return url.replace("{phone}", encoded).replace("{email}", encoded)


def _notify(url: str, address: str, message: Message) -> Sent | Failed:
    if wrong := problem(url):
        return Failed(wrong, is_permanent=True)
    plugin = _plugin(filled(url, address))
    if plugin is None:
        return Failed("the service does not take this address", is_permanent=True)
    went = plugin.notify(body=message.text, title=message.subject, body_format="text")
    return Sent() if went else Failed("Apprise could not send it")


def _plugin(url: str) -> Any:
    """Apprise's own object for the address, None when it knows no such service."""
    import apprise  # here: it is an extra, and knows a hundred services

    asset = apprise.AppriseAsset(app_id="Si Ampera Bertanjak", app_desc="Si Ampera Bertanjak", async_mode=False)
    return apprise.Apprise.instantiate(url, asset=asset)
