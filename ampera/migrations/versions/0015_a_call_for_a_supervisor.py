"""An officer calls a supervisor to a vehicle: the calls with who took and decided them."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "supervisor_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("lane_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", ampera.db.UtcDateTime(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", ampera.db.UtcDateTime(), nullable=True),
        sa.Column("ended_how", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"]),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"]),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["taken_by_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ux_supervisor_calls_open",
        "supervisor_calls",
        ["visit_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index("ix_supervisor_calls_visit", "supervisor_calls", ["visit_id"])
    op.create_index("ix_supervisor_calls_office_ended", "supervisor_calls", ["office_id", "ended_at"])


def downgrade() -> None:
    op.drop_table("supervisor_calls")
