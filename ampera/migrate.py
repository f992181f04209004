"""The database's shape: Alembic migrations, used directly. `upgrade` brings any database to the newest one."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ampera.db import Base, Database

FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    _run(database, command.upgrade, revision)


def downgrade(database: Database, revision: str) -> None:
    _run(database, command.downgrade, revision)


def is_current(conn: Connection) -> bool:
    """Whether this database has every migration of this version."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(conn).get_current_revision() == head


def all_tables() -> Any:
    """The metadata with every slice's models loaded."""
    import ampera.accounts.models
    import ampera.audit
    import ampera.handovers.models
    import ampera.notices.models
    import ampera.offices.models
    import ampera.passports.models
    import ampera.pickups.models
    import ampera.visits.models  # noqa: F401

    return Base.metadata


def _run(database: Database, action: Any, revision: str) -> None:
    if database.is_sqlite and database.url.database:
        Path(database.url.database).parent.mkdir(parents=True, exist_ok=True)
    config = _config()
    with database.writer.begin() as conn:
        config.attributes["connection"] = conn
        action(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config
