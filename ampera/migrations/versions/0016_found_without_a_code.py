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
    """Records that were made before a downgrade have digests of version 3 or newer; their audit rows hold the way."""
    conn = op.get_bind()
    query = sa.text("SELECT details FROM audit WHERE action = 'handover.recorded' AND details LIKE :mark")
    found = [row for version in (3, 4) for row in conn.execute(query, {"mark": f'%"version":{version}%'})]
    rows = [json.loads(details) for (details,) in found]
    ways = [{"id": row["handover"], "way": row["found_by"]} for row in rows]
    if ways:
        conn.execute(sa.text("UPDATE handovers SET digest_version = 3, found_by = :way WHERE id = :id"), ways)
