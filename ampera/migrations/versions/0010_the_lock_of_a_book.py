"""Misses and the lock belong to the book, not to its code: each uncollected book takes over those of its pickup."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("passports", sa.Column("misses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("passports", sa.Column("locked_at", ampera.db.UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE passports SET"
        " misses = (SELECT misses FROM pickups WHERE pickups.id = passports.pickup_id),"
        " locked_at = (SELECT locked_at FROM pickups WHERE pickups.id = passports.pickup_id)"
        " WHERE state <> 'collected' AND pickup_id IN"
        " (SELECT id FROM pickups WHERE misses > 0 OR locked_at IS NOT NULL)"
    )
    op.drop_column("pickups", "locked_at")
    op.drop_column("pickups", "misses")


def downgrade() -> None:
    op.add_column("pickups", sa.Column("misses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("pickups", sa.Column("locked_at", ampera.db.UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE pickups SET"
        " misses = (SELECT max(misses) FROM passports WHERE pickup_id = pickups.id AND state <> 'collected'),"
        " locked_at = (SELECT max(locked_at) FROM passports WHERE pickup_id = pickups.id AND state <> 'collected')"
        " WHERE id IN (SELECT pickup_id FROM passports WHERE pickup_id IS NOT NULL AND state <> 'collected'"
        " AND (misses > 0 OR locked_at IS NOT NULL))"
    )
    op.drop_column("passports", "locked_at")
    op.drop_column("passports", "misses")
