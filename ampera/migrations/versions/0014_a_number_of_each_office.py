"""An application number belongs to one book of each office: no office learns or takes the numbers of another."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OF_ALL, OF_OFFICE = "uq_passports_application_no", "uq_passports_application_no_office_id"
SHARED = sa.text("SELECT count(*) FROM (SELECT 1 FROM passports GROUP BY application_no HAVING count(*) > 1) AS shared")


def upgrade() -> None:
    with op.batch_alter_table("passports") as passports:
        passports.drop_constraint(OF_ALL, type_="unique")
        passports.create_unique_constraint(OF_OFFICE, ["application_no", "office_id"])


def downgrade() -> None:
    """Refused, and nothing is changed, while two offices have a book with the same application number."""
    if shared := op.get_bind().scalar(SHARED):
        raise ValueError(f"{shared} application numbers belong to books of several offices; 0013 cannot hold them.")
    with op.batch_alter_table("passports") as passports:
        passports.drop_constraint(OF_OFFICE, type_="unique")
        passports.create_unique_constraint(OF_ALL, ["application_no"])
