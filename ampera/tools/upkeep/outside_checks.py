"""What a server needs of others, tried for real: public address, certificate, mail, Redis, directory, time.

Nothing is changed and no message is sent: the mail server hears the sender's name and no recipient.
"""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ampera import clock, db
from ampera.accounts.directory.provider import Unreachable, provider_of
from ampera.accounts.directory.queries import offices_by_code
from ampera.notices.channels.smtp import Smtp, from_settings
from ampera.settings import Settings
from ampera.tools.upkeep.findings import Finding
from ampera.tools.upkeep.site_checks import ask, examine_site

SECONDS = 10
CERTIFICATE_DAYS = 14
FAR_SECONDS = 0.005  # a round trip to the database: a scan makes several


def examine_outside(settings: Settings) -> Iterator[Finding]:
    """The findings, in the order in which they should be repaired."""
    yield from _clock()
    yield from _database()
    yield from _redis(settings)
    yield from _mail(settings)
    yield from _directory(settings)
    yield from _public(settings)


def _clock() -> Iterator[Finding]:
    """Whether the system keeps its clock by others; nothing where systemd is not the one to ask."""
    if shutil.which("timedatectl") is None:
        return
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS).stdout.strip()
    if answer in ("yes", "no"):
        lost = "No time server sets the clock: systemctl status systemd-timesyncd"
        yield Finding("time server", answer == "yes", "It sets the clock." if answer == "yes" else lost)


def _database() -> Iterator[Finding]:
    if db.current().is_sqlite:
        return
    with db.current().long_reader.connect() as conn:
        conn.exec_driver_sql("SELECT 1")
        began = time.monotonic()
        for _ in range(5):
            conn.exec_driver_sql("SELECT 1")
        trip = (time.monotonic() - began) / 5
    text = f"A round trip takes {1000 * trip:.1f} ms."
    yield Finding("database", trip < FAR_SECONDS, text if trip < FAR_SECONDS else f"{text} Put it beside the server.")


def _redis(settings: Settings) -> Iterator[Finding]:
    """Live news go from process to process: a message must come back."""
    if not settings.redis_url:
        return
    import redis

    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=2) as client, client.pubsub() as listener:
            listener.subscribe("ampera-doctor")
            listener.get_message(timeout=2)
            began = time.monotonic()
            client.publish("ampera-doctor", "?")
            came = listener.get_message(timeout=2)
    except redis.RedisError as error:
        yield Finding("redis news", False, f"It takes no message ({type(error).__name__}). Check AMPERA_REDIS_URL.")
        return
    text = f"A message comes back after {1000 * (time.monotonic() - began):.1f} ms."
    yield Finding("redis news", came is not None, text if came else "A message does not come back.")


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.mail_url:
        return
    channel = from_settings(settings)
    assert isinstance(channel, Smtp)  # noqa: S101 - for the type checker
    problem = channel.problem()
    text = f"{channel.host}:{channel.port} refuses: {problem}. Check AMPERA_MAIL_URL and AMPERA_MAIL_FROM."
    yield Finding("mail", not problem, text if problem else f"{channel.host} takes mail of {settings.mail_from}.")


def _directory(settings: Settings) -> Iterator[Finding]:
    """Whether the directory describes itself under this issuer, and whether the offices of its groups exist."""
    if not settings.oidc_issuer:
        return
    try:
        provider_of(settings).description()
    except Unreachable as error:
        yield Finding("directory", False, f"It does not answer ({error}). Check AMPERA_OIDC_ISSUER.")
    else:
        yield Finding("directory", True, f"{settings.oidc_issuer} answers.")
    with db.reading() as session:
        offices = offices_by_code(session)
    odd = {rule.office for rule in settings.directory_roles if rule.office not in {*offices, ""}}
    if odd:
        yield Finding("directory groups", False, f"AMPERA_OIDC_ROLES names no office: {', '.join(sorted(odd))}.")
    if len(offices) > 1 and any(rule.office == "" for rule in settings.directory_roles):
        yield Finding("directory groups", False, "With several offices every part of AMPERA_OIDC_ROLES needs @CODE.")


def _public(settings: Settings) -> Iterator[Finding]:
    if not settings.public_url:
        return
    site = urlsplit(settings.public_url)
    if site.scheme == "https":
        yield _certificate(site.hostname or "", site.port or 443)
    found = list(examine_site(settings.public_url, may_poll=not settings.redis_url))
    yield from found
    if settings.proxies and found[0].ok:
        status, _code = ask(site, "GET", "/metrics", {})
        lost = f"/metrics answers {status}: the proxy must set X-Forwarded-For (docs/operate/tls.md)."
        yield Finding("proxy", status == 403, "It names the address of each client." if status == 403 else lost)


def _certificate(host: str, port: int) -> Finding:
    """As a browser sees it: signed by somebody whom this system knows, for this name, and not at its end."""
    try:
        with (
            socket.create_connection((host, port), SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            ends = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        return Finding("certificate", False, f"This machine does not trust it: {error.verify_message}.")
    except OSError as error:
        return Finding("certificate", False, f"{host}:{port} cannot be reached ({type(error).__name__}).")
    left = (datetime.fromtimestamp(ends, UTC) - clock.now()).days
    return Finding("certificate", left > CERTIFICATE_DAYS, f"It is good for {left} more days.")
