"""A word by which staff recognize a vehicle, for one day."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visits", sa.Column("look", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("visits", "look")
