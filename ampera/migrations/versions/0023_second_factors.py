"""An account may have second factors: an authenticator app, passkeys, recovery codes."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("authenticator_apps", "passkeys", "recovery_codes")


def upgrade() -> None:
    op.create_table(
        "authenticator_apps",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("made_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", ampera.db.UtcDateTime(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("credential_id", sa.String(), nullable=False, unique=True),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("used_at", ampera.db.UtcDateTime(), nullable=True),
        sa.Column("last_challenge", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False, unique=True),
        sa.Column("used_at", ampera.db.UtcDateTime(), nullable=True),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_staff_id", table, ["staff_id"])
    for name in ("has_factor", "has_short_password"):
        op.add_column("staff", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sign_ins", sa.Column("factor", sa.String(), nullable=True))


def downgrade() -> None:
    """A short password was strong enough beside a second factor only: it must be changed at the next sign-in."""
    op.execute("UPDATE staff SET must_change = true WHERE has_short_password")
    op.drop_column("sign_ins", "factor")
    for name in ("has_short_password", "has_factor"):
        op.drop_column("staff", name)
    for table in reversed(TABLES):
        op.drop_table(table)
