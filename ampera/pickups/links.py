"""Addresses of the applicant's page. They open it without a password, so they never reach a log or a referrer."""

from ampera.settings import Settings

ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to


def site(settings: Settings, here: str = "") -> str:
    """How links begin: the public address when it is set, else `here` (the request's own), else this machine."""
    if settings.public_url or here:
        return (settings.public_url or here).rstrip("/")
    host = "127.0.0.1" if settings.host in ANY_ADDRESS else settings.host
    return f"{'https' if settings.is_https else 'http'}://{host}:{settings.port}"


def pickup_link(site: str, link: str) -> str:
    """The full address of the page behind this link."""
    return f"{site}/p/{link}"
