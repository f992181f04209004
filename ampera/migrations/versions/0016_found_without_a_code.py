"""Scans, visits and records keep how a pickup was found: by its code, its booking code, or without any code."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("scans", "visit_pickups", "handovers")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("found_by", sa.String(), nullable=True))
    _fill_newer_records()


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "found_by")


def _fill_newer_records() -> None:
    """Records that were made before a downgrade have digests of version 3; their audit rows say how they were found."""
    conn = op.get_bind()
    found = conn.execute(
        sa.text("SELECT details FROM audit WHERE action = 'handover.recorded' AND details LIKE :mark"),
        {"mark": '%"version":3%'},
    )
    rows = [json.loads(details) for (details,) in found]
    ways = [{"id": row["handover"], "way": row["found_by"]} for row in rows]
    if ways:
        conn.execute(sa.text("UPDATE handovers SET digest_version = 3, found_by = :way WHERE id = :id"), ways)
