"""The checks of an installation. A check never changes anything."""

import os
import pwd
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ampera import clock, db, migrate
from ampera.accounts.models import Staff
from ampera.audit import AuditEntry
from ampera.installation import private_files
from ampera.notices.channels import apprise, registry
from ampera.offices.models import Office, OpeningHours
from ampera.passports import queries
from ampera.pickups.code_keys.key_queries import unfit_keys
from ampera.pickups.codes import CodeKeys
from ampera.serving.tls import SELF_SIGNED
from ampera.settings import Settings
from ampera.tools.upkeep import history_queries

FREE_BYTES = 1_000_000_000
CERTIFICATE_DAYS = 14
BACKUP_HOURS = 26
OPEN_FILES = 4096  # connections of a full server, and its own
CLOCK_MAY_DIFFER = timedelta(minutes=2)
SHOWN = 3
MOST_LISTED = 50


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
    file = settings.database_file
    if file is not None and not file.exists():
        yield Finding("database", False, f"There is none at {file}. Run: ampera init --office CODE --name NAME")
        return
    if file is not None and (trouble := _file_trouble(file)):
        yield Finding("database", False, trouble)
        return
    try:
        with db.current().reader.connect() as conn:
            shape = migrate.shape(conn)
    except SQLAlchemyError as error:
        yield Finding("database", False, f"It cannot be reached ({type(error).__name__}). Check AMPERA_DATABASE_URL.")
        return
    yield Finding("database", True, f"{db.current().url.render_as_string()} answers.")
    yield Finding("migrations", shape is migrate.Shape.CURRENT, shape.value)
    if shape is migrate.Shape.CURRENT:
        yield from _office(settings)
        yield from _history(settings)
        yield from _time_of_database()


def _file_trouble(file: Path) -> str:
    """What would stop a server from writing to this SQLite file, as a sentence; empty without trouble."""
    if not os.access(file, os.R_OK | os.W_OK):
        return f"{file} cannot be written by this user. It belongs to the user {_owner(file)}: run as that user."
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return f"The folder {file.parent} cannot be written by this user, so that the journal finds no place."
    if file.stat().st_uid != os.geteuid():
        return f"{file} belongs to the user {_owner(file)}. A server of that user may not read what this user writes."
    return ""


def _owner(file: Path) -> str:
    uid = file.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _time_of_database() -> Iterator[Finding]:
    """A clock that was set back would date new records before the old ones."""
    with db.reading() as session:
        newest = session.scalar(select(func.max(AuditEntry.at)))
    if newest is not None and newest > clock.now() + CLOCK_MAY_DIFFER:
        behind = f"The newest entry of the history is of {clock.local(newest):%d-%m-%Y %H.%M}, the clock is before it."
        yield Finding("clock", False, f"{behind} Set the clock.")


def _office(settings: Settings) -> Iterator[Finding]:
    with db.reading() as session:
        offices = session.scalar(select(func.count(Office.id))) or 0
        hours = session.scalar(select(func.count(OpeningHours.id))) or 0
        admins = session.scalar(select(func.count(Staff.id)).where(Staff.role == "admin", Staff.is_active)) or 0
    yield Finding("office", bool(offices), f"{offices} office(s)." if offices else "Run: ampera init --office CODE")
    yield Finding("hours", bool(hours), "Set." if hours else "No opening hours yet: the lanes take no vehicle.")
    yield from _code_keys(settings)
    yield _passport_numbers()
    yield Finding(
        "administrator", bool(admins), "There is one." if admins else "Run: ampera user create LOGIN --role admin"
    )


def _passport_numbers() -> Finding:
    """Books of a database from before 1.2.0 may share a number: it then proves neither of them."""
    with db.reading() as session:
        shared = queries.doubled(session)
        codes = dict(session.execute(select(Office.id, Office.code)).all())
    if not shared:
        return Finding("passport numbers", True, "No two books on the shelf share one.")
    listed = [f"{codes[office]}: {', '.join(numbers)}" for office, numbers in shared[:MOST_LISTED]]
    if len(shared) > MOST_LISTED:
        listed.append("…")
    text = f"Import the right number of each wrong book again. Applications that share one: {'; '.join(listed)}"
    return Finding("passport numbers", False, text)


def _code_keys(settings: Settings) -> Iterator[Finding]:
    """A database that was moved without its keys cannot show its codes again, nor prove its history."""
    with db.reading() as session:
        unfit = unfit_keys(session, CodeKeys.parse(settings.code_keys))
        unproved = sorted(history_queries.missing_keys(session, settings))
    if unfit:
        lost = f"{', '.join(unfit)} of AMPERA_CODE_KEYS is missing or not the key that made the present codes."
        advice = "Set the old key, or make new codes: ampera pickup reissue --lost"
        yield Finding("code keys", False, f"{lost} {advice}")
    if unproved:
        yield Finding("code keys", False, f"AMPERA_CODE_KEYS lacks {', '.join(unproved)}: no proof of its history.")
    if not (unfit or unproved):
        yield Finding("code keys", True, "All there.")


def _history(settings: Settings) -> Iterator[Finding]:
    """The proof of the whole history takes some seconds for each million entries. Without its keys there is none."""
    with db.reading() as session:
        if history_queries.missing_keys(session, settings):
            return
    yield Finding("history", *history_queries.chains())
    if settings.checkpoint_dir or not settings.checkpoint_mail:
        yield Finding("checkpoints", *history_queries.elsewhere(settings))
    if settings.checkpoint_mail:
        yield Finding("checkpoint mail", *history_queries.mailed(settings))


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


def _backups(settings: Settings) -> Iterator[Finding]:
    """Backups that lie elsewhere are not seen from here, so that their absence is a fault in production only."""
    made = [file.stat().st_mtime for file in (settings.instance / "backups").glob("*.zip")]
    if not made:
        advice = "None in the instance folder. Make one every day: ampera backup create"
        yield Finding("backup", True, advice)
        return
    hours = (clock.now().timestamp() - max(made)) / 3600
    yield Finding("backup", hours <= BACKUP_HOURS, f"The newest in the instance folder is {hours:.0f} hours old.")


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
        is_local = settings.host in ("127.0.0.1", "::1", "localhost") or settings.is_https
        yield Finding(
            "tls", is_local, "Off." if is_local else "Off, but tablets need HTTPS for the camera: set AMPERA_TLS."
        )
        return
    file = settings.instance / "tls" / "server.pem"
    if settings.tls != SELF_SIGNED:
        file = Path(settings.tls.rpartition(":")[0])
    elif not file.exists():
        yield Finding("tls", True, "The certificate is made by the first start.")
        return
    yield from _certificate(file)


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
    _address,
    _files,
    _backups,
    _tls,
    _limits,
    _clock,
)
