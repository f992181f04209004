"""A served vehicle may wait at the side: since when, and how long it has waited there before."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visits", sa.Column("parked_at", ampera.db.UtcDateTime(), nullable=True))
    op.add_column("visits", sa.Column("parked_s", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("visits", "parked_s")
    op.drop_column("visits", "parked_at")
