"""A booked window falls away when its office does not serve then any more, and comes back when it does."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bookings", sa.Column("off_since", ampera.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("bookings", "off_since")
