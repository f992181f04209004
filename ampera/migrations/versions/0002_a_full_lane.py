"""A full lane: priority, places and windows, picks and arrivals, screens by code, special days with several spans.

Columns are added and dropped one by one: a batch would make the table anew, which its references forbid on SQLite.
"""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("pickup_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", ampera.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_arrivals_office_id")),
        sa.ForeignKeyConstraint(["pickup_id"], ["pickups.id"], name=op.f("fk_arrivals_pickup_id")),
        sa.PrimaryKeyConstraint("pickup_id", name=op.f("pk_arrivals")),
    )
    with op.batch_alter_table("arrivals", schema=None) as batch_op:
        batch_op.create_index("ix_arrivals_office_expires", ["office_id", "expires_at"], unique=False)

    op.create_table(
        "special_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("special_day_id", sa.Integer(), nullable=False),
        sa.Column("opens", sa.String(), nullable=False),
        sa.Column("closes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["special_day_id"], ["special_days.id"], name=op.f("fk_special_hours_special_day_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_hours")),
    )
    with op.batch_alter_table("special_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_special_hours_special_day_id"), ["special_day_id"], unique=False)

    op.create_table(
        "enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("made_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", ampera.db.UtcDateTime(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["staff.id"], name=op.f("fk_enrolments_confirmed_by_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_enrolments_device_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_enrolments_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("code", name=op.f("uq_enrolments_code")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_enrolments_secret_hash")),
    )
    op.create_table(
        "order_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("queue_no", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_order_changes_office_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_order_changes_staff_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_order_changes_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_changes")),
    )
    with op.batch_alter_table("order_changes", schema=None) as batch_op:
        batch_op.create_index("ix_order_changes_office_day", ["office_id", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_changes_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "picks",
        sa.Column("passport_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lane_id", sa.Integer(), nullable=True),
        sa.Column("window", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", ampera.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lane_id"], ["lanes.id"], name=op.f("fk_picks_lane_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_picks_office_id")),
        sa.ForeignKeyConstraint(["passport_id"], ["passports.id"], name=op.f("fk_picks_passport_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_picks_staff_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_picks_visit_id")),
        sa.PrimaryKeyConstraint("passport_id", name=op.f("pk_picks")),
    )
    with op.batch_alter_table("picks", schema=None) as batch_op:
        batch_op.create_index("ix_picks_office", ["office_id"], unique=False)

    op.add_column("calls", sa.Column("site", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("calls", sa.Column("window", sa.Integer(), nullable=True))
    op.add_column("calls", sa.Column("cancelled_at", ampera.db.UtcDateTime(), nullable=True))

    op.add_column("devices", sa.Column("site", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("devices", sa.Column("speaks", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("devices", sa.Column("volume", sa.Integer(), server_default="80", nullable=False))
    op.add_column("devices", sa.Column("tested_at", ampera.db.UtcDateTime(), nullable=True))

    op.add_column("lanes", sa.Column("site", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("lanes", sa.Column("windows", sa.Integer(), server_default="1", nullable=False))

    op.add_column("special_days", sa.Column("quota", sa.Integer(), nullable=True))
    op.execute(
        "INSERT INTO special_hours (special_day_id, opens, closes)"
        " SELECT id, opens, closes FROM special_days WHERE opens IS NOT NULL"
    )
    op.drop_column("special_days", "closes")
    op.drop_column("special_days", "opens")

    op.add_column("visits", sa.Column("site", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("visits", sa.Column("window", sa.Integer(), nullable=True))
    op.add_column("visits", sa.Column("priority", sa.String(), nullable=True))
    op.add_column("visits", sa.Column("place", sa.Double(), nullable=True))
    op.add_column("visits", sa.Column("undo", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("visits", sa.Column("undo_by_id", sa.Integer(), nullable=True))
    op.add_column("visits", sa.Column("undo_until", ampera.db.UtcDateTime(), nullable=True))

    op.add_column("visit_pickups", sa.Column("out_at", ampera.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("visit_pickups", "out_at")

    op.drop_column("visits", "undo_until")
    op.drop_column("visits", "undo_by_id")
    op.drop_column("visits", "undo")
    op.drop_column("visits", "place")
    op.drop_column("visits", "priority")
    op.drop_column("visits", "window")
    op.drop_column("visits", "site")

    op.add_column("special_days", sa.Column("opens", sa.VARCHAR(), nullable=True))
    op.add_column("special_days", sa.Column("closes", sa.VARCHAR(), nullable=True))
    for column in ("opens", "closes"):
        op.execute(
            f"UPDATE special_days SET {column} = (SELECT min({column}) FROM special_hours"  # noqa: S608
            " WHERE special_day_id = special_days.id)"
        )
    op.drop_column("special_days", "quota")

    op.drop_column("lanes", "windows")
    op.drop_column("lanes", "site")

    op.drop_column("devices", "tested_at")
    op.drop_column("devices", "volume")
    op.drop_column("devices", "speaks")
    op.drop_column("devices", "site")

    op.drop_column("calls", "cancelled_at")
    op.drop_column("calls", "window")
    op.drop_column("calls", "site")

    with op.batch_alter_table("picks", schema=None) as batch_op:
        batch_op.drop_index("ix_picks_office")

    op.drop_table("picks")
    with op.batch_alter_table("order_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_changes_visit_id"))
        batch_op.drop_index("ix_order_changes_office_day")

    op.drop_table("order_changes")
    op.drop_table("enrolments")
    with op.batch_alter_table("special_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_special_hours_special_day_id"))

    op.drop_table("special_hours")
    with op.batch_alter_table("arrivals", schema=None) as batch_op:
        batch_op.drop_index("ix_arrivals_office_expires")

    op.drop_table("arrivals")
