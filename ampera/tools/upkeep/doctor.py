"""The checks of an installation: its machine, its files and its settings. A check never changes anything."""

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from ampera import clock, db
from ampera.cli.settings import in_use
from ampera.installation import last_backup, leaked_passwords, plain_connections, private_files
from ampera.notices.channels import apprise, registry
from ampera.serving.tls import certificate_file
from ampera.settings import Settings
from ampera.tools.upkeep import database_checks
from ampera.tools.upkeep.findings import Finding as Finding
from ampera.web.addresses import is_loopback

FREE_BYTES = 1_000_000_000
CERTIFICATE_DAYS = 14
LEAKED_DAYS = 400
OPEN_FILES = 4096  # connections of a full server, and its own
SHOWN = 3


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which they should be repaired."""
    return [finding for check in CHECKS for finding in check(settings)]


def _sqlite(settings: Settings) -> Iterator[Finding]:
    if not db.current().is_sqlite:
        return
    file = Path(db.current().url.database or "")
    is_new_enough = sqlite3.sqlite_version_info >= (3, 35)
    yield Finding("sqlite", is_new_enough, f"Version {sqlite3.sqlite_version}; 3.35 or newer is needed.")
    free = shutil.disk_usage(file.parent if file.parent.exists() else settings.instance.parent).free
    yield Finding("disk", free > FREE_BYTES, f"{free // 1_000_000:,} MB are free.")


def _redis(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        return
    import redis

    try:
        redis.Redis.from_url(settings.redis_url, socket_timeout=2).ping()
    except redis.RedisError as error:
        yield Finding("redis", False, f"It does not answer ({type(error).__name__}). Check AMPERA_REDIS_URL.")
    else:
        yield Finding("redis", True, "It answers.")


def _channels(settings: Settings) -> Iterator[Finding]:
    """The channels that are set up. A check sends nothing to their servers."""
    found = list(registry.available(settings))
    text = f"Messages go by {', '.join(found)}." if found else "None: the desk hands out links and slips itself."
    yield Finding("channels", True, text)
    if found and not settings.public_url:
        yield Finding("links", not settings.is_production, "Set AMPERA_PUBLIC_URL: links in messages begin with it.")
    if settings.apprise_url:
        wrong = apprise.problem(settings.apprise_url)
        yield Finding("apprise", not wrong, wrong or "Installed, and it knows the service.")


def _files(settings: Settings) -> Iterator[Finding]:
    if not settings.instance.exists():
        return
    loose = private_files.open_to_others(settings.instance, settings.database_file)
    shown = ", ".join(str(path) for path in loose[:SHOWN]) + (" …" if len(loose) > SHOWN else "")
    text = f"Other users of this machine may open {shown}. A start of the server closes what is its own."
    yield Finding("files", not loose, text if loose else "Only this user can open them.")


def _settings_file(_settings: Settings) -> Iterator[Finding]:
    """The file that this command has read: it holds every secret of the installation."""
    for file in in_use:
        is_closed = not file.stat().st_mode & 0o007
        advice = "" if is_closed else f" Every user of this machine may open it: chmod o= {file}"
        yield Finding("settings", is_closed, f"They are those of {file}.{advice}")


def _backups(settings: Settings) -> Iterator[Finding]:
    """The last proved backup, wherever it lies. Copies that others make are not known here: none is no fault."""
    age = last_backup.age(settings)
    if age is None:
        yield Finding("backup", True, "None was made and proved yet. Every day: ampera backup create")
        return
    hours = age.total_seconds() / 3600
    yield Finding("backup", not last_backup.is_late(settings), f"The last proved one is {hours:.0f} hours old.")


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.public_url:
        yield Finding("address", True, f"People open {settings.public_url}.")
    elif settings.is_production:
        yield Finding("address", False, "Set AMPERA_PUBLIC_URL: links and QR codes of the desk begin with it.")
    if settings.proxies and not settings.public_url:
        yield Finding("proxy", False, "Set AMPERA_PUBLIC_URL: behind a proxy the server cannot know its own address.")


def _limits(_settings: Settings) -> Iterator[Finding]:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    is_enough = hard == resource.RLIM_INFINITY or hard >= OPEN_FILES
    yield Finding("open files", is_enough, f"At most {hard}; {OPEN_FILES} or more are needed (ulimit -Hn).")


def _tls(settings: Settings) -> Iterator[Finding]:
    if settings.tls == "off":
        is_local = is_loopback(settings.host) or settings.is_https
        yield Finding(
            "tls", is_local, "Off." if is_local else "Off, but tablets need HTTPS for the camera: set AMPERA_TLS."
        )
        return
    if file := certificate_file(settings):
        yield from _certificate(file)
    else:
        yield Finding("tls", True, "The certificate is made by the first start.")


def _connections(settings: Settings) -> Iterator[Finding]:
    """What a production server refuses to start with, and what AMPERA_PLAIN_CONNECTIONS lets it start with."""
    for problem in plain_connections.problems(settings):
        yield Finding("connections", not settings.is_production, problem)
    if settings.plain_kinds:
        kinds = ", ".join(sorted(settings.plain_kinds))
        yield Finding("connections", True, f"A closed network must protect what may go without TLS: {kinds}.")


def _leaked_passwords(settings: Settings) -> Iterator[Finding]:
    """The age of the file is that of its leaks: what was stolen later is not in it."""
    if not settings.leaked_passwords:
        return
    try:
        days = (clock.now().timestamp() - leaked_passwords.check(settings.leaked_passwords).stat().st_mtime) / 86400
    except ValueError as error:
        yield Finding("leaked passwords", False, f"AMPERA_LEAKED_PASSWORDS {error}")
    else:
        yield Finding("leaked passwords", days <= LEAKED_DAYS, f"The file is {days:.0f} days old.")


def _certificate(file: Path) -> Iterator[Finding]:
    from cryptography import x509

    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        yield Finding("tls", False, "The certificate file of AMPERA_TLS cannot be read.")
        return
    left = (ends - clock.now()).days
    yield Finding("tls", left > CERTIFICATE_DAYS, f"The certificate is good for {left} more days.")


def _clock(_settings: Settings) -> Iterator[Finding]:
    is_sane = clock.now() > datetime(2026, 1, 1, tzinfo=UTC)
    yield Finding("clock", is_sane, clock.local(clock.now()).strftime("%d-%m-%Y %H.%M WIB"))


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    database_checks.database,
    _sqlite,
    _redis,
    _channels,
    _address,
    _files,
    _settings_file,
    _backups,
    _tls,
    _connections,
    _leaked_passwords,
    _limits,
    _clock,
)
