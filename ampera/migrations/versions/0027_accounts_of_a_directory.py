"""Accounts of a directory: who they are there, and what may be used once."""

import sqlalchemy as sa
from alembic import op

from ampera.db import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sealed_tokens", sa.String(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_directory_accounts_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_accounts")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_directory_accounts_issuer_subject")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_directory_accounts_staff_id")),
    )
    op.create_table(
        "directory_marks",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_directory_marks")),
    )
    op.create_index("ix_directory_marks_expires_at", "directory_marks", ["expires_at"])
    op.add_column("sign_ins", sa.Column("directory_sid", sa.String(), nullable=True))
    op.create_index("ix_sign_ins_directory_sid", "sign_ins", ["directory_sid"])


def downgrade() -> None:
    # The version before asks no directory: its people would stay signed in, and come back with a passkey.
    op.execute(
        "UPDATE sign_ins SET ended_at = seen_at"
        " WHERE ended_at IS NULL AND staff_id IN (SELECT staff_id FROM directory_accounts)"
    )
    op.execute("DELETE FROM device_pins WHERE staff_id IN (SELECT staff_id FROM directory_accounts)")
    op.execute("UPDATE staff SET is_active = false WHERE id IN (SELECT staff_id FROM directory_accounts)")
    op.drop_index("ix_sign_ins_directory_sid", "sign_ins")
    op.drop_column("sign_ins", "directory_sid")
    op.drop_table("directory_marks")
    op.drop_table("directory_accounts")
