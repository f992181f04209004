"""The register names the officers who have handed over without reading all of its records."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_handovers_office_officer", "handovers", ["office_id", "officer_id"])


def downgrade() -> None:
    op.drop_index("ix_handovers_office_officer", "handovers")
