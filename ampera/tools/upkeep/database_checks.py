"""The doctor's checks of the database and of what is in it. A check never changes anything."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ampera import clock, db, migrate
from ampera.accounts.keys.queries import IDLE, neglected
from ampera.accounts.models import Staff
from ampera.accounts.service import LOGIN
from ampera.accounts.tablets.queries import has_tablets
from ampera.audit import AuditEntry
from ampera.installation import private_files
from ampera.installation.private_files import owner
from ampera.monitoring.health import DATA_KEYS_ADVICE, TOUCH
from ampera.offices.models import Office, OpeningHours
from ampera.passports import queries
from ampera.pickups.code_keys.key_queries import unfit_keys
from ampera.pickups.codes import CodeKeys
from ampera.settings import Settings
from ampera.sql.sealed_columns import missing_keys
from ampera.tools.upkeep import history_queries
from ampera.tools.upkeep.findings import Finding
from ampera.typed_text import is_visible_line

CLOCK_MAY_DIFFER = timedelta(minutes=2)
MOST_LISTED = 50
COMMANDS = 6  # connections for a backup, a doctor, a person


def database(settings: Settings) -> Iterator[Finding]:
    file = settings.database_file
    if file is not None and (trouble := private_files.closed_to_us(file)):
        yield Finding("database", False, trouble)
        return
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
    yield from _connections(settings)
    if shape is migrate.Shape.CURRENT:
        yield from _office(settings)
        yield from _history(settings)
        yield from _time_of_database()
        yield _write()


def _write() -> Finding:
    """What the server does for every scan; the statement writes and changes nothing."""
    try:
        database = db.current()
        database.write(lambda unit: unit.conn.exec_driver_sql(TOUCH[database.is_sqlite]).close())
    except SQLAlchemyError as error:
        advice = "Is the disk full, or has its file system become read-only? The system's log says so: dmesg"
        return Finding("write", False, f"Nothing can be written ({type(error).__name__}). {advice}")
    return Finding("write", True, "It can be written.")


def _file_trouble(file: Path) -> str:
    """What would stop a server from writing to this SQLite file, as a sentence; empty without trouble."""
    if not os.access(file, os.R_OK | os.W_OK):
        return f"{file} cannot be written by this user. It belongs to the user {owner(file)}: run as that user."
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return f"The folder {file.parent} cannot be written by this user, so that the journal finds no place."
    if file.stat().st_uid != os.geteuid():
        return f"{file} belongs to the user {owner(file)}. A server of that user may not read what this user writes."
    return ""


def _connections(settings: Settings) -> Iterator[Finding]:
    """Whether PostgreSQL has room for every connection that the processes may open. A pooler has limits of its own."""
    if db.current().is_sqlite or settings.database_pooler != "none":
        return
    with db.current().reader.connect() as conn:
        has = int(conn.exec_driver_sql("SHOW max_connections").scalar_one())
        has -= int(conn.exec_driver_sql("SHOW superuser_reserved_connections").scalar_one())
    needed = settings.workers * settings.database_pool + COMMANDS
    text = f"{settings.workers} x {settings.database_pool} and {COMMANDS} for commands; PostgreSQL gives {has}."
    advice = " Lower AMPERA_DATABASE_POOL or AMPERA_WORKERS, or raise max_connections." if needed > has else ""
    yield Finding("connections", needed <= has, text + advice)


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
    yield _data_keys()
    yield _passport_numbers()
    yield Finding(
        "administrator", bool(admins), "There is one." if admins else "Run: ampera user create LOGIN --role admin"
    )
    yield _accounts()
    yield from _tablets(settings)
    yield _api_keys()


def _accounts() -> Finding:
    """Logins and names from versions before 1.2.0 may look like others, or hide a character in the register."""
    with db.reading() as session:
        rows = session.execute(select(Staff.login, Staff.name).where(Staff.is_active).order_by(Staff.id)).all()
    odd = [row.login for row in rows if not LOGIN.fullmatch(row.login) or not is_visible_line(row.name)]
    if not odd:
        return Finding("accounts", True, "Every login and name is plain to read.")
    advice = "Make a new account for the person and disable the old one at /admin/accounts."
    return Finding("accounts", False, f"A login or name has hidden or foreign characters: {_listed(odd)}. {advice}")


def _tablets(settings: Settings) -> Iterator[Finding]:
    """Where officers sign in on tablets only, nobody can work before the first one is enrolled."""
    roles = ", ".join(sorted(settings.tablet_roles))
    if not roles:
        return
    with db.reading() as session:
        is_one = has_tablets(session)
    advice = f"{roles} sign in on enrolled tablets only, and there is none. Open /tablet on each, then its code at"
    text = f"{roles} sign in on enrolled tablets only." if is_one else f"{advice} /admin/devices/tablets."
    yield Finding("tablets", is_one, text)


def _api_keys() -> Finding:
    """A key that nobody needs opens the office all the same. Those from versions before 1.2.0 have no end."""
    with db.reading() as session:
        found = neglected(session, clock.now())
        listed = {kind: ", ".join(f"{key.id} of {ascii(key.staff.login)[1:-1]}" for key in keys[:MOST_LISTED])
                  for kind, keys in found.items() if keys}  # fmt: skip
    if not listed:
        return Finding("API keys", True, "Every one has an end and is used.")
    texts = {"endless": "Without an end", "ended": "Ended", "unused": f"Not used for {IDLE.days} days",
             "left": "Made by, or acting for, somebody who has left"}  # fmt: skip
    sentences = ". ".join(f"{texts[kind]}: {keys}" for kind, keys in listed.items())
    return Finding("API keys", False, f"{sentences}. Make or rotate what is needed, then: ampera key revoke ID")


def _listed(names: list[str]) -> str:
    """In ASCII: a terminal would hide what is odd, or obey it."""
    return ", ".join(ascii(name)[1:-1] for name in names[:MOST_LISTED]) + (" …" if len(names) > MOST_LISTED else "")


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


def _data_keys() -> Finding:
    with db.reading() as session:
        lost = missing_keys(session)
    text = f"Values are encrypted with {', '.join(lost)}, which is not in AMPERA_DATA_KEYS. {DATA_KEYS_ADVICE}"
    return Finding("data keys", not lost, text if lost else "All there.")


def _history(settings: Settings) -> Iterator[Finding]:
    """The proof of the whole history takes some seconds for each million entries. Without its keys there is none."""
    with db.reading() as session:
        if history_queries.missing_keys(session, settings) or missing_keys(session):
            return
    yield Finding("history", *history_queries.chains())
    if settings.checkpoint_dir or not settings.checkpoint_mail:
        yield Finding("checkpoints", *history_queries.elsewhere(settings))
    if settings.checkpoint_mail:
        yield Finding("checkpoint mail", *history_queries.mailed(settings))
