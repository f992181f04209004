"""The channels that the settings configure, by name. Each channel module has `from_settings`."""

from functools import cache
from importlib import import_module

from ampera.notices.channels.base import EMAIL, PHONE, Channel
from ampera.settings import Settings

NAMES = ("whatsapp", "mail", "apprise")
MODULES = {"whatsapp": "whatsapp.channel", "mail": "smtp", "apprise": "apprise"}


def channel(settings: Settings, name: str) -> Channel | None:
    """A new channel of this name, or None without its setting. The caller owns the channel and its connection."""
    if not getattr(settings, f"{name}_url"):
        return None
    return import_module(f"ampera.notices.channels.{MODULES[name]}").from_settings(settings)


@cache
def available(settings: Settings) -> dict[str, str]:
    """The configured channels, each with the address that it needs: EMAIL or PHONE."""
    needs = {"whatsapp": PHONE, "mail": EMAIL, "apprise": EMAIL if "{email}" in settings.apprise_url else PHONE}
    return {name: needs[name] for name in NAMES if getattr(settings, f"{name}_url")}
