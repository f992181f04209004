"""A PIN with which an officer takes over a tablet in a shift."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_pins",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("signed_in_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.UniqueConstraint("device", "staff_id"),
    )
    op.create_index("ix_device_pins_staff_id", "device_pins", ["staff_id"])


def downgrade() -> None:
    op.drop_table("device_pins")
