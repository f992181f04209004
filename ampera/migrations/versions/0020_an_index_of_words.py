"""The search finds books by an index of words, and reads the names of an office in their order."""

import sqlalchemy as sa
import structlog
from alembic import op

from ampera.migrations import word_triggers
from ampera.sql.statements import BYTEWISE

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('ready', 'held')")
REPORTED = 100_000  # books between two lines of the log

log = structlog.get_logger()


def upgrade() -> None:
    op.create_table(
        "book_words",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("word", BYTEWISE, nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "word", "name_key", "passport_id", name=op.f("pk_book_words")),
        sqlite_with_rowid=False,
    )
    _collate("C")
    op.drop_index("ix_passports_name_key", "passports")
    op.create_index("ix_passports_office_name", "passports", ["office_id", "name_key"])
    op.create_index(
        "ix_passports_live_name", "passports", ["office_id", "name_key"], sqlite_where=LIVE, postgresql_where=LIVE
    )
    word_triggers.fill(op.get_bind(), _report)


def downgrade() -> None:
    op.drop_index("ix_passports_live_name", "passports")
    op.drop_index("ix_passports_office_name", "passports")
    op.create_index("ix_passports_name_key", "passports", ["name_key"])
    _collate("default")
    op.drop_table("book_words")


def _collate(collation: str) -> None:
    """Numbers in the order of their bytes, so that those with one beginning are one range. SQLite has them so."""
    if op.get_context().dialect.name == "postgresql":
        for column in ("application_no", "phone"):
            op.execute(f'ALTER TABLE passports ALTER COLUMN {column} TYPE VARCHAR COLLATE "{collation}"')


def _report(done: int, newest: int) -> None:
    if done % REPORTED == 0 or (done == newest and newest > REPORTED):
        log.info("the index of the search is being built", books=done, of=newest)
