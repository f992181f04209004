"""Indexes for the books that wait for a person: past their last day, and locked."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

READY = sa.text("state = 'ready'")
LOCKED = sa.text("locked_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_passports_ready_issued",
        "passports",
        ["office_id", "issued_on", "late_until", "state"],
        sqlite_where=READY,
        postgresql_where=READY,
    )
    op.create_index(
        "ix_passports_locked", "passports", ["office_id", "locked_at"], sqlite_where=LOCKED, postgresql_where=LOCKED
    )


def downgrade() -> None:
    op.drop_index("ix_passports_locked", "passports")
    op.drop_index("ix_passports_ready_issued", "passports")
