"""Addresses in settings and requests, read by one parser. A refusal says what to write instead."""

import ipaddress
import re
from collections.abc import Callable
from email.utils import parseaddr
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

import idna

DEFAULT_PORTS = {"http": 80, "https": 443}
ENCODING = "In user and password write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25."
MAX_NAME = 253
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


class Origin(NamedTuple):
    """Where a page comes from. Two origins are the same when all three are."""

    scheme: str
    name: str
    port: int

    def __str__(self) -> str:
        """The origin as a browser writes it."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{name}{port}"


@lru_cache(256)
def origin(text: str) -> Origin | None:
    """The origin of an http(s) address, with the port that its scheme implies; None for anything else."""
    try:
        parts = urlsplit(text)
        port = parts.port
        name = host_name(parts.hostname or "")
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc or parts.path.strip("/") or "?" in text or "#" in text:
        return None
    return Origin(parts.scheme, name, port or DEFAULT_PORTS[parts.scheme])


def host_name(text: str) -> str:
    """A name or a number as browsers write it: lower case, no dot at its end, letters beyond ASCII as `xn--`.

    Raises ValueError for a text that cannot be one.
    """
    name = text.removesuffix(".").lower()
    if ":" in name:
        return ipaddress.IPv6Address(name).compressed
    if name.rpartition(".")[2].isdigit():
        return ipaddress.IPv4Address(name).compressed
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode()
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise ValueError("no host name")
    return name


def site(text: str) -> None:
    """Check the address of a web site: scheme, name and port, nothing else. Raises ValueError."""
    rule = "must be like https://paspor.example.go.id, without a path, a user or a password."
    parts = _split(text, ("http", "https"), rule)
    if origin(text) is None or "%" in parts.netloc or "\\" in text:
        raise ValueError(rule)


def issuer(text: str) -> None:
    """Check the issuer of a directory: a path belongs to it, a user, a query or a fragment does not.

    Without TLS it is good on this machine only. Raises ValueError.
    """
    rule = "must be like https://sso.example.go.id/realms/kantor, without a user, a query or a fragment."
    parts = _split(text, ("http", "https"), rule)
    if "@" in parts.netloc or "?" in text or "#" in text or "\\" in text:
        raise ValueError(rule)
    if parts.scheme == "http" and not is_loopback(host_name(parts.hostname or "")):
        raise ValueError("must begin with https://; http:// is for a directory on this machine only.")


def is_loopback(name: str) -> bool:
    """Whether this name or number is the machine itself."""
    try:
        return name == "localhost" or ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def service(*schemes: str, example: str) -> Callable[[str], None]:
    """The check of a server's address that may have a user and a password. The check raises ValueError."""
    rule = f"must be like {example}."

    def check(text: str) -> None:
        beginning = text.partition("://")[2].partition("/")[0]
        has_login = "@" in text
        if beginning.count("@") > 1 or ("@" not in beginning and has_login) or re.search(r"%(?![0-9a-fA-F]{2})", text):
            raise ValueError(f"{rule} {ENCODING}")
        parts = _split(text, schemes, f"{rule} {ENCODING}" if has_login else rule)
        if parts.fragment:
            raise ValueError(f"{rule} {ENCODING}")

    return check


def listening(text: str) -> None:
    """Check HOST:PORT of a listening server. Raises ValueError."""
    rule = "must be HOST:PORT, for example 127.0.0.1:8000 or [::1]:8000."
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(rule)
    if (":" in host) != (host.startswith("[") and host.endswith("]")):
        raise ValueError(rule)
    try:
        host_name(host.strip("[]"))
    except ValueError:
        raise ValueError(rule) from None


def database(text: str) -> None:
    """Check a database address with SQLAlchemy's own parser, and that its driver is part of the product."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    rule = "must be like postgresql+psycopg://USER:PASSWORD@HOST/NAME or sqlite:////var/lib/ampera/ampera.db."
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(f"{rule} {ENCODING}") from None
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError(rule)


def sender(text: str) -> None:
    """Check the sender of mails, with or without a name. Raises ValueError."""
    address = parseaddr(text)[1]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not text.isprintable():
        raise ValueError("must be an address like Kantor Imigrasi <paspor@example.go.id>.")


def mailbox(text: str) -> None:
    """Check the address of one mailbox, without a name. Raises ValueError."""
    if not text.isascii() or not re.fullmatch(r"[^@\s,;<>\"]{1,64}@[a-zA-Z0-9.-]+", text) or not text.isprintable():
        raise ValueError("must be one address like arsip@example.go.id.")


def names(text: str) -> frozenset[str]:
    """Host names separated by commas, as browsers write them. Raises ValueError for anything else than names."""
    try:
        return frozenset(host_name(name.strip()) for name in text.split(",") if name.strip())
    except ValueError:
        raise ValueError("must be names separated by commas, without http:// and without a port.") from None


def _split(text: str, schemes: tuple[str, ...], rule: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or not text.isprintable() or " " in text:
        raise ValueError(rule)
    return parts
