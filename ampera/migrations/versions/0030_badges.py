"""Badges of staff: the hash of the random value in a printed QR."""

import sqlalchemy as sa
from alembic import op

from ampera.db import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badges",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("value_hash", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_badges_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_badges")),
        sa.UniqueConstraint("value_hash", name=op.f("uq_badges_value_hash")),
    )


def downgrade() -> None:
    op.drop_table("badges")
