"""Addresses of the applicant's page. They open it without a password, so they never reach a log or a referrer."""

from ampera.settings import Settings


def site(settings: Settings, here: str = "") -> str:
    """How links begin: the public address when it is set, else `here` (the request's own), else this machine."""
    return settings.site(here)


def pickup_link(site: str, link: str) -> str:
    """The full address of the page behind this link."""
    return f"{site}/p/{link}"
