"""Tablets are enrolled: sessions, PINs and records name the tablet they are of."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COLUMNS = (("sign_ins", "device_id"), ("device_pins", "tablet_id"), ("handovers", "device_id"))


def upgrade() -> None:
    for table, column in COLUMNS:  # not by the library: it would write every row of SQLite again for the reference
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER REFERENCES devices (id)")
    op.create_index("ix_sign_ins_device_id", "sign_ins", ["device_id"])
    op.add_column("devices", sa.Column("version", sa.String(), nullable=True))
    op.add_column("devices", sa.Column("lock_minutes", sa.Integer(), server_default="5", nullable=False))
    _fill_newer_records()


def downgrade() -> None:
    # The version before knows displays only, and would let a tablet watch as one.
    op.execute("UPDATE devices SET revoked_at = created_at WHERE kind != 'display' AND revoked_at IS NULL")
    op.drop_column("devices", "lock_minutes")
    op.drop_column("devices", "version")
    op.drop_index("ix_sign_ins_device_id", "sign_ins")
    for table, column in COLUMNS:
        op.drop_column(table, column)


def _fill_newer_records() -> None:
    """Records that were made before a downgrade have digests of version 4; their audit rows name the tablet."""
    conn = op.get_bind()
    found = conn.execute(
        sa.text("SELECT details FROM audit WHERE action = 'handover.recorded' AND details LIKE :mark"),
        {"mark": '%"version":4%'},
    )
    rows = [json.loads(details) for (details,) in found]
    tablets = [{"id": row["handover"], "tablet": row.get("tablet")} for row in rows]
    if tablets:
        conn.execute(sa.text("UPDATE handovers SET digest_version = 4, device_id = :tablet WHERE id = :id"), tablets)
