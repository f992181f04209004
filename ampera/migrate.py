"""The database's shape: Alembic migrations, used directly; `upgrade` brings any database to the newest one.

Files are named `NNNN_what.py`, and the number is the revision.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from ampera.db import Base, Database
from ampera.history import immutability

FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    _run(database, "upgrade", revision)


def ensure(database: Database) -> None:
    """Upgrade unless it is current: cheap to call at every start."""
    _make_room(database)
    with database.reader.connect() as conn:
        if is_current(conn):
            return
    upgrade(database)


def downgrade(database: Database, revision: str) -> None:
    _run(database, "downgrade", revision)


def newest() -> str:
    """The revision of the newest migration: the number its file's name begins with."""
    return max(file.stem.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def is_current(conn: Connection) -> bool:
    """Whether this database has every migration of this version. Asked often by a server, which never loads Alembic."""
    if not inspect(conn).has_table("alembic_version"):
        return False
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest()


def all_tables() -> Any:
    """The metadata with every slice's models loaded."""
    import ampera.accounts.models
    import ampera.audit
    import ampera.bookings.models
    import ampera.handovers.models
    import ampera.notices.models
    import ampera.offices.models
    import ampera.passports.models
    import ampera.pickups.models
    import ampera.survey.models
    import ampera.visits.models  # noqa: F401

    return Base.metadata


def _make_room(database: Database) -> None:
    if database.is_sqlite and database.url.database:
        Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)


def _run(database: Database, action: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    _make_room(database)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.writer.begin() as conn:
        config.attributes["connection"] = conn
        immutability.remove(conn)  # a migration may fill columns of old rows; nothing else may
        getattr(command, action)(config, revision)
        immutability.install(conn)
