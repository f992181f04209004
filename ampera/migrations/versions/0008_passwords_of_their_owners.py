"""Tries are counted for unknown logins and addresses too; passwords may have to be changed; keys end.

Locks of accounts move to the new table. Keys of older versions have no end; `ampera doctor` names them.
"""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOVE = """INSERT INTO sign_in_tries (key, misses, since, locked_until)
    SELECT 'staff:' || id, misses, CURRENT_TIMESTAMP, locked_until FROM staff WHERE misses > 0"""
MOVE_BACK = """UPDATE staff SET
    misses = (SELECT t.misses FROM sign_in_tries t WHERE t.key = 'staff:' || staff.id),
    locked_until = (SELECT t.locked_until FROM sign_in_tries t WHERE t.key = 'staff:' || staff.id)
    WHERE 'staff:' || id IN (SELECT key FROM sign_in_tries)"""


def upgrade() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("since", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("locked_until", ampera.db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_tries"),
    )
    op.create_index("ix_sign_in_tries_since", "sign_in_tries", ["since"])
    op.execute(MOVE)
    op.drop_column("staff", "misses")
    op.drop_column("staff", "locked_until")
    op.add_column("staff", sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False))
    for name in ("expires_at", "used_at"):
        op.add_column("api_keys", sa.Column(name, ampera.db.UtcDateTime(), nullable=True))
    _create_notices()


def _create_notices() -> None:
    op.create_table(
        "account_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("read_at", ampera.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_account_notices_staff_id"),
        sa.ForeignKeyConstraint(["about_id"], ["staff.id"], name="fk_account_notices_about_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account_notices"),
    )
    op.create_index("ix_account_notices_staff_id", "account_notices", ["staff_id"])


def downgrade() -> None:
    op.drop_table("account_notices")
    for name in ("expires_at", "used_at"):
        op.drop_column("api_keys", name)
    op.drop_column("staff", "must_change")
    op.add_column("staff", sa.Column("misses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("staff", sa.Column("locked_until", ampera.db.UtcDateTime(), nullable=True))
    op.execute(MOVE_BACK)
    op.drop_table("sign_in_tries")
