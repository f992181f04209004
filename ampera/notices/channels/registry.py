"""The channels that the environment sets up, by name. Each module makes its own, or None when nothing is set."""

from functools import cache
from importlib import import_module

from ampera.notices.channels.base import EMAIL, PHONE, Channel
from ampera.settings import Settings

NAMES = ("whatsapp", "mail", "apprise")
MODULES = {"whatsapp": "whatsapp.channel", "mail": "smtp", "apprise": "apprise"}


def channel(settings: Settings, name: str) -> Channel | None:
    """A new channel of this name; whoever asks owns it and its connection."""
    if not getattr(settings, f"{name}_url"):
        return None
    return import_module(f"ampera.notices.channels.{MODULES[name]}").from_settings(settings)


@cache
def ways(settings: Settings) -> dict[str, str]:
    """The channels that are there, and what each needs of a book: an e-mail address or a telephone number."""
    needs = {"whatsapp": PHONE, "mail": EMAIL, "apprise": EMAIL if "{email}" in settings.apprise_url else PHONE}
    return {name: needs[name] for name in NAMES if getattr(settings, f"{name}_url")}
