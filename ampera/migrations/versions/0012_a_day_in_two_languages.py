"""A special day's title may also be given in English."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("special_days", sa.Column("title_en", sa.String(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    op.drop_column("special_days", "title_en")  # not as a batch: a copied table would lose the days' hours
