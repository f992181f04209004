"""A record holds its own copy of what the law calls the record, and the chains of the history get a key.

Old rows are filled from the tables that the register used to join. Their digests stay of version 1: the chain has them.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXTS = ("holder_name", "application_no", "passport_no", "kind", "officer_name", "office_name")
FILL = """UPDATE handovers SET
    holder_name = (SELECT p.holder_name FROM passports p WHERE p.id = handovers.passport_id),
    application_no = (SELECT p.application_no FROM passports p WHERE p.id = handovers.passport_id),
    passport_no = (SELECT p.passport_no FROM passports p WHERE p.id = handovers.passport_id),
    kind = (SELECT p.kind FROM passports p WHERE p.id = handovers.passport_id),
    officer_name = (SELECT s.name FROM staff s WHERE s.id = handovers.officer_id),
    lane_number = (SELECT l.number FROM lanes l WHERE l.id = handovers.lane_id),
    office_name = (SELECT o.name FROM offices o WHERE o.id = handovers.office_id),
    voided_by_name = (SELECT s.name FROM staff s WHERE s.id = handovers.voided_by_id)"""


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("handovers", sa.Column(name, sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("handovers", sa.Column("lane_number", sa.Integer(), server_default="0", nullable=False))
    op.add_column("handovers", sa.Column("digest_version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("handovers", sa.Column("voided_by_name", sa.String(), nullable=True))
    op.execute(FILL)
    _mark_newer_records()
    op.add_column("audit_heads", sa.Column("mac", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_heads", "mac")
    for name in (*TEXTS, "lane_number", "digest_version", "voided_by_name"):
        op.drop_column("handovers", name)


def _mark_newer_records() -> None:
    """Records that were made before a downgrade have digests of version 2; their audit rows say so."""
    conn = op.get_bind()
    found = conn.execute(
        sa.text("SELECT details FROM audit WHERE action = 'handover.recorded' AND details LIKE :mark"),
        {"mark": '%"version":2%'},
    )
    ids = [{"id": json.loads(details)["handover"]} for (details,) in found]
    if ids:
        conn.execute(sa.text("UPDATE handovers SET digest_version = 2 WHERE id = :id"), ids)
