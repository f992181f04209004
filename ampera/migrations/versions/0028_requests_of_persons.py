"""Requests of persons about the own data, with a clock from the reception to the answer."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("passport_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("received_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", ampera.db.UtcDateTime(), nullable=True),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"]),
        sa.ForeignKeyConstraint(["passport_id"], ["passports.id"]),
        sa.ForeignKeyConstraint(["noted_by_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["answered_by_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["correction_id"], ["corrections.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_person_requests_office_answered", "person_requests", ["office_id", "answered_at"])
    op.create_index("ix_person_requests_passport", "person_requests", ["passport_id"])


def downgrade() -> None:
    op.drop_table("person_requests")
