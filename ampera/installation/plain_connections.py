"""Which connections of a production server would leave this machine without TLS, or without a checked certificate.

The server does not start with one, unless AMPERA_PLAIN_CONNECTIONS names its kind: a closed network or a proxy then
answers for it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from ampera.web.addresses import is_loopback

if TYPE_CHECKING:
    from ampera.settings import Settings

HTTP, MAIL, POSTGRESQL, REDIS, WHATSAPP = KINDS = ("http", "mail", "postgresql", "redis", "whatsapp")
RULE = f"must be 'none' or kinds separated by commas: {', '.join(KINDS)}."
PATTERN = rf"none|({'|'.join(KINDS)})(,({'|'.join(KINDS)}))*"
BUT = "where a closed network answers for it, AMPERA_PLAIN_CONNECTIONS must name"


def problems(settings: "Settings") -> Iterator[str]:
    """A sentence for each connection that a production server refuses. Those within this machine need no TLS."""
    found = (_http(settings), _postgresql(settings), _redis(settings), _whatsapp(settings))
    for kind, problem in zip((HTTP, POSTGRESQL, REDIS, WHATSAPP), found, strict=True):
        if problem and kind not in settings.plain_kinds:
            yield f"{problem}; {BUT} {kind}."


def may_be_plain(settings: "Settings", host: str) -> bool:
    """Whether mail may go to this server without TLS, or with a certificate that nobody has checked."""
    return not settings.is_production or MAIL in settings.plain_kinds or is_loopback(host)


def _http(settings: "Settings") -> str | None:
    if settings.tls != "off" or is_loopback(settings.host):
        return None
    if settings.proxies and settings.is_https:
        return None
    return (
        f"Pages, passwords and sockets at {settings.bind} would go without TLS. Set AMPERA_TLS; or behind a proxy that "
        "speaks TLS AMPERA_BIND=127.0.0.1:PORT, or AMPERA_PROXIES=1 and AMPERA_PUBLIC_URL=https://…"
    )


def _postgresql(settings: "Settings") -> str | None:
    parts = urlsplit(settings.database_url)
    if not parts.scheme.startswith("postgresql"):
        return None
    query = parse_qs(parts.query)
    hosts = [parts.hostname or "", *query.get("host", [])]
    if all(not host or host.startswith("/") or is_loopback(host) for host in hosts):
        return None
    if query.get("sslmode") == ["verify-full"]:
        return None
    return "AMPERA_DATABASE_URL leads to another machine without checked TLS. Add ?sslmode=verify-full&sslrootcert=FILE"


def _redis(settings: "Settings") -> str | None:
    parts = urlsplit(settings.redis_url)
    if not parts.hostname or is_loopback(parts.hostname):
        return None
    if parts.scheme == "rediss" and parse_qs(parts.query).get("ssl_cert_reqs", ["required"]) == ["required"]:
        return None
    return "AMPERA_REDIS_URL leads to another machine without checked TLS. Let it begin with rediss://"


def _whatsapp(settings: "Settings") -> str | None:
    parts = urlsplit(settings.whatsapp_url)
    if parts.scheme != "http" or is_loopback(parts.hostname or ""):
        return None
    return "AMPERA_WHATSAPP_URL must begin with https://"
