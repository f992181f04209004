"""An API key may be limited to parts of the API, and to networks."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COLUMNS = ("scopes", "networks")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("api_keys", sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    """A limited key would have no limits afterwards, so it is revoked."""
    op.execute(
        "UPDATE api_keys SET revoked_at = CURRENT_TIMESTAMP "
        "WHERE revoked_at IS NULL AND (scopes IS NOT NULL OR networks IS NOT NULL)"
    )
    for name in COLUMNS:
        op.drop_column("api_keys", name)
