"""Until when a password that somebody else has made opens a first session."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("given_until", ampera.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("staff", "given_until")
