"""Until when the screens of a lane show a test of its opening check."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lanes", sa.Column("test_until", ampera.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("lanes", "test_until")
