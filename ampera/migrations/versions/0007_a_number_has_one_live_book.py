"""No two live books of an office share number and kind. Second books from before the rule are marked and stay."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LIVE_NUMBER = sa.text("state IN ('ready', 'held') AND is_old_twin IS NULL")
MARK = sa.text(
    "UPDATE passports SET is_old_twin = :marked WHERE state IN ('ready', 'held') AND EXISTS ("
    "SELECT 1 FROM passports AS earlier WHERE earlier.office_id = passports.office_id"
    " AND earlier.kind = passports.kind AND earlier.passport_no = passports.passport_no"
    " AND earlier.state IN ('ready', 'held') AND earlier.id < passports.id)"
)


def upgrade() -> None:
    op.add_column("passports", sa.Column("is_old_twin", sa.Boolean(), nullable=True))
    op.get_bind().execute(MARK.bindparams(sa.bindparam("marked", True, sa.Boolean())))
    op.create_index(
        "ux_passports_live_number",
        "passports",
        ["office_id", "kind", "passport_no"],
        unique=True,
        sqlite_where=LIVE_NUMBER,
        postgresql_where=LIVE_NUMBER,
    )


def downgrade() -> None:
    op.drop_index("ux_passports_live_number", table_name="passports")
    op.drop_column("passports", "is_old_twin")
