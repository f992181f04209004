"""The checks of an installation. A check never changes anything."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ampera import clock, db, migrate
from ampera.accounts.models import Staff
from ampera.notices.channels import apprise, registry
from ampera.offices.models import Office, OpeningHours
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from ampera.settings import Settings
from ampera.tools.upkeep import history_queries

FREE_BYTES = 1_000_000_000
CERTIFICATE_DAYS = 14


@dataclass(frozen=True)
class Finding:
    """One check: its name, its result, and a sentence with the state or with what to do."""

    check: str
    ok: bool
    text: str


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which they should be repaired."""
    return [finding for check in CHECKS for finding in check(settings)]


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with db.current().reader.connect() as conn:
            is_current = migrate.is_current(conn)
    except SQLAlchemyError as error:
        yield Finding("database", False, f"It cannot be reached ({type(error).__name__}). Check AMPERA_DATABASE_URL.")
        return
    yield Finding("database", True, f"{db.current().url.get_backend_name()} answers.")
    yield Finding("migrations", is_current, "All are there." if is_current else "Run: ampera init")
    if is_current:
        yield from _office(settings)
        yield from _history(settings)


def _office(settings: Settings) -> Iterator[Finding]:
    with db.reading() as session:
        offices = session.scalar(select(func.count(Office.id))) or 0
        hours = session.scalar(select(func.count(OpeningHours.id))) or 0
        admins = session.scalar(select(func.count(Staff.id)).where(Staff.role == "admin", Staff.is_active)) or 0
    yield Finding("office", bool(offices), f"{offices} office(s)." if offices else "Run: ampera init --office CODE")
    yield Finding("hours", bool(hours), "Set." if hours else "No opening hours yet: the lanes take no vehicle.")
    yield from _code_keys(settings)
    yield Finding(
        "administrator", bool(admins), "There is one." if admins else "Run: ampera user create LOGIN --role admin"
    )


def _code_keys(settings: Settings) -> Iterator[Finding]:
    """A database that was moved without its keys cannot show its codes again, nor prove its history."""
    with db.reading() as session:
        needed = set(session.scalars(select(PickupCode.key_id).where(PickupCode.state == "current").distinct()))
        needed |= history_queries.missing_keys(session, settings)
    missing = sorted(needed - CodeKeys.parse(settings.code_keys).secrets.keys())
    text = (
        f"AMPERA_CODE_KEYS lacks {', '.join(missing)}: codes and history made with it cannot be shown or proved."
        if missing
        else "All there."
    )
    yield Finding("code keys", not missing, text)


def _history(settings: Settings) -> Iterator[Finding]:
    """The proof of the whole history takes some seconds for each million entries. Without its keys there is none."""
    with db.reading() as session:
        if history_queries.missing_keys(session, settings):
            return
    yield Finding("history", *history_queries.chains())
    yield Finding("checkpoints", *history_queries.elsewhere(settings))


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


def _secrets(settings: Settings) -> Iterator[Finding]:
    file = settings.instance / "secrets.json"
    if settings.is_production or not file.exists():
        return
    is_private = file.stat().st_mode & 0o077 == 0
    yield Finding("secrets", is_private, "Readable by the owner only." if is_private else f"Run: chmod 600 {file}")


def _tls(settings: Settings) -> Iterator[Finding]:
    if settings.tls == "off":
        is_local = settings.host in ("127.0.0.1", "::1", "localhost") or settings.is_https
        yield Finding(
            "tls", is_local, "Off." if is_local else "Off, but tablets need HTTPS for the camera: set AMPERA_TLS."
        )
    elif settings.tls != "self-signed":
        yield from _certificate(Path(settings.tls.partition(":")[0]))


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
    _database,
    _sqlite,
    _redis,
    _channels,
    _secrets,
    _tls,
    _clock,
)
