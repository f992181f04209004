"""Names are found as people type them: the key of every name is made anew with more letters and apostrophes."""

import sqlalchemy as sa
from alembic import op

from ampera.typed_text import folded, name_key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BATCH = 5_000
_PASSPORTS = sa.table(
    "passports", sa.column("id", sa.Integer), sa.column("holder_name", sa.String), sa.column("name_key", sa.String)
)


def upgrade() -> None:
    _refill(name_key)


def downgrade() -> None:
    _refill(folded)


def _refill(make) -> None:
    """Write the keys that differ, in batches: an office of a whole country has millions of books."""
    conn, last = op.get_bind(), 0
    change = sa.update(_PASSPORTS).where(_PASSPORTS.c.id == sa.bindparam("book")).values(name_key=sa.bindparam("key"))
    batch = sa.select(_PASSPORTS).where(_PASSPORTS.c.id > sa.bindparam("last")).order_by(_PASSPORTS.c.id).limit(BATCH)
    while rows := conn.execute(batch, {"last": last}).all():
        last = rows[-1].id
        keys = [{"book": row.id, "key": make(row.holder_name)} for row in rows]
        if changed := [new for new, row in zip(keys, rows, strict=True) if new["key"] != row.name_key]:
            conn.execute(change, changed)
