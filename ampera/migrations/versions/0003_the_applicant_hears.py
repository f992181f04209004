"""Applicants hear of it: the outbox's deliveries and texts, booked windows, announced collectors, the survey."""

import sqlalchemy as sa
from alembic import op

import ampera.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", ampera.db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
    )
    with op.batch_alter_table("link_requests", schema=None) as batch_op:
        batch_op.create_index("ix_link_requests_key_at", ["key", "at"], unique=False)

    op.create_table(
        "notice_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("changed_at", ampera.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_notice_texts_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_texts")),
        sa.UniqueConstraint("office_id", "kind", "language", name=op.f("uq_notice_texts_office_id_kind_language")),
    )
    op.create_table(
        "slot_counts",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_slot_counts_office_id")),
        sa.PrimaryKeyConstraint("office_id", "starts_at", "kind", name=op.f("pk_slot_counts")),
    )
    op.create_table(
        "survey_counts",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_survey_counts_office_id")),
        sa.PrimaryKeyConstraint("office_id", "month", "element", "score", name=op.f("pk_survey_counts")),
    )
    op.create_table(
        "announced_collectors",
        sa.Column("pickup_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("collector_class", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("at", ampera.db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_announced_collectors_office_id")),
        sa.ForeignKeyConstraint(["pickup_id"], ["pickups.id"], name=op.f("fk_announced_collectors_pickup_id")),
        sa.PrimaryKeyConstraint("pickup_id", name=op.f("pk_announced_collectors")),
    )
    op.create_table(
        "bookings",
        sa.Column("pickup_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("booked_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("used_at", ampera.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_bookings_office_id")),
        sa.ForeignKeyConstraint(["pickup_id"], ["pickups.id"], name=op.f("fk_bookings_pickup_id")),
        sa.PrimaryKeyConstraint("pickup_id", name=op.f("pk_bookings")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index("ix_bookings_office_day", ["office_id", "day"], unique=False)

    op.create_table(
        "survey_marks",
        sa.Column("handover_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["handover_key"], ["handover_keys.key"], name=op.f("fk_survey_marks_handover_key")),
        sa.PrimaryKeyConstraint("handover_key", name=op.f("pk_survey_marks")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("lease_until", ampera.db.UtcDateTime(), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("created_at", ampera.db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", ampera.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_deliveries_notice_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_deliveries_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("once", name=op.f("uq_deliveries_once")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_channel_due", ["channel", "state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index("ix_deliveries_office_state", ["office_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_provider_id"), ["provider_id"], unique=False)

    op.add_column("notices", sa.Column("once", sa.String(), nullable=True))
    op.add_column("notices", sa.Column("due_at", ampera.db.UtcDateTime(), nullable=True))
    op.create_index("ux_notices_once", "notices", ["once"], unique=True)
    # What an older version wrote was never sent, and is old news now.
    op.execute("UPDATE notices SET state = 'dropped'")

    op.add_column("visits", sa.Column("booked_for", ampera.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("visits", "booked_for")

    op.drop_index("ux_notices_once", "notices")
    op.drop_column("notices", "due_at")
    op.drop_column("notices", "once")

    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_provider_id"))
        batch_op.drop_index("ix_deliveries_office_state")
        batch_op.drop_index(batch_op.f("ix_deliveries_notice_id"))
        batch_op.drop_index("ix_deliveries_channel_due")

    op.drop_table("deliveries")
    op.drop_table("survey_marks")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index("ix_bookings_office_day")

    op.drop_table("bookings")
    op.drop_table("announced_collectors")
    op.drop_table("survey_counts")
    op.drop_table("slot_counts")
    op.drop_table("notice_texts")
    with op.batch_alter_table("link_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_link_requests_key_at")

    op.drop_table("link_requests")
