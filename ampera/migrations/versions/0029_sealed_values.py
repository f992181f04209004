"""Personal values are encrypted in the database: NIK, birth date, old document, contacts, signatures.

Each row is written once more. 100,000 books took 5 s on SQLite, 50,000 took 7 s on PostgreSQL.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from ampera.sql.sealed import FoundText, SealedBytes, SealedDate, SealedJson, SealedText, keyed

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SLICE = 1000
HASH = 64  # hex digits
# (table, its key, the columns with the types that they have from now on)
SEALED = (
    (
        "passports",
        "id",
        {
            "nik": FoundText("passports.nik"),
            "document_no": SealedText("passports.document_no"),
            "phone": FoundText("passports.phone"),
            "email": SealedText("passports.email"),
        },
    ),
    ("deliveries", "id", {"address": SealedText("deliveries.address")}),
    (
        "corrections",
        "id",
        {"proposed": SealedJson("corrections.proposed"), "before": SealedJson("corrections.before")},
    ),
    (
        "announced_collectors",
        "pickup_id",
        {
            "name": SealedText("announced_collectors.name"),
            "relation": SealedText("announced_collectors.relation"),
        },
    ),
    (
        "person_requests",
        "id",
        {"asked": SealedText("person_requests.asked"), "answer": SealedText("person_requests.answer")},
    ),
    ("signatures", "id", {"png": SealedBytes("signatures.png")}),
)
BORN = SealedDate("passports.birth_date")


def upgrade() -> None:
    for table, key, columns in SEALED:
        _write(table, key, {name: (_plain(type_), type_) for name, type_ in columns.items()})
    op.create_index("ix_passports_nik", "passports", ["nik"])
    _key_addresses_of_messages()
    _replace_birth_date(sa.Column("sealed", sa.String(), server_default=sa.text("''"), nullable=False), sa.Date(), BORN)


def downgrade() -> None:
    """The keys of messages stay: without their addresses they cannot be made again, and they only have to differ."""
    op.drop_index("ix_passports_nik", "passports")
    _replace_birth_date(sa.Column("sealed", sa.Date(), server_default="1900-01-01", nullable=False), BORN, sa.Date())
    for table, key, columns in SEALED:
        _write(table, key, {name: (type_, _plain(type_)) for name, type_ in columns.items()})


def _replace_birth_date(column: sa.Column[Any], before: Any, after: Any) -> None:
    """Into a new column, because the type changes; then the new one takes the name of the old one."""
    op.add_column("passports", column)
    for ids in _slices("passports", "id"):
        _copy("passports", "id", ids, {"birth_date": ("sealed", before, after)})
    op.drop_column("passports", "birth_date")
    op.execute("ALTER TABLE passports RENAME COLUMN sealed TO birth_date")


def _key_addresses_of_messages() -> None:
    """A plain hash of a telephone number reveals it to a machine that tries them all."""
    rows = sa.table("deliveries", sa.column("id", sa.Integer), sa.column("once", sa.String))
    update = sa.update(rows).where(rows.c.id == sa.bindparam("k")).values(once=sa.bindparam("keyed"))
    for ids in _slices("deliveries", "id"):
        found = op.get_bind().execute(sa.select(rows).where(rows.c.id.in_(ids), sa.func.length(rows.c.once) == HASH))
        if values := [{"k": row.id, "keyed": keyed(row.once)} for row in found]:
            op.get_bind().execute(update, values)


def _write(table: str, key: str, columns: dict[str, tuple[Any, Any]]) -> None:
    for ids in _slices(table, key):
        _copy(table, key, ids, {name: (name, *types) for name, types in columns.items()})


def _copy(table: str, key: str, ids: list[int], columns: dict[str, tuple[str, Any, Any]]) -> None:
    """Read the rows with the types of before, and write them with the types of after. What is null stays null."""
    old = sa.table(table, sa.column(key, sa.Integer), *(sa.column(name, types[1]) for name, types in columns.items()))
    new = sa.table(table, sa.column(key, sa.Integer), *(sa.column(to, type_) for to, _, type_ in columns.values()))
    conn = op.get_bind()
    rows = conn.execute(sa.select(old).where(old.c[key].in_(ids))).mappings().all()
    values = {to: sa.bindparam(f"v_{to}", type_=type_) for to, _, type_ in columns.values()}
    statement = sa.update(new).where(new.c[key] == sa.bindparam("k")).values(values)
    conn.execute(
        statement,
        [{"k": row[key]} | {f"v_{to}": row[name] for name, (to, _, _) in columns.items()} for row in rows],
    )


def _slices(table: str, key: str) -> Iterator[list[int]]:
    where = sa.table(table, sa.column(key, sa.Integer))
    query = sa.select(where.c[key]).order_by(where.c[key]).limit(SLICE)
    last = -1
    while ids := list(op.get_bind().scalars(query.where(where.c[key] > last))):
        yield ids
        last = ids[-1]


def _plain(type_: Any) -> Any:
    """The type of the column without the encryption."""
    return type_.impl_instance
