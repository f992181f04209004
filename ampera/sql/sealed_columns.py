"""Which columns are encrypted, and with which key a stored value is."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Select, Table, select, type_coerce
from sqlalchemy.orm import Session

from ampera.db import Base
from ampera.sql.sealed import AFTER_MARK, Sealed, keys_in_use


def sealed_tables() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Every table with encrypted columns, and these columns."""
    for table in Base.metadata.sorted_tables:
        if columns := [column for column in table.columns if isinstance(column.type, Sealed)]:
            yield table, columns


def key_id(stored: Any) -> str | None:
    """The id of the key of a stored value; None where nothing is encrypted: null, "" and {}."""
    if not stored or isinstance(stored, dict):
        return None
    if isinstance(stored, str):
        return stored.rpartition(AFTER_MARK)[2].partition(":")[0]
    return bytes(stored).partition(b":")[0].decode("ascii", "replace")


def as_stored(table: Table, columns: list[Column[Any]]) -> Select[Any]:
    """The key of each row, and the values as they are in the file."""
    (key,) = table.primary_key.columns
    types: list[Any] = [column.type for column in columns]
    plain = zip(columns, types, strict=True)
    return select(key, *(type_coerce(column, type_.impl_instance).label(column.name) for column, type_ in plain))


def missing_keys(session: Session) -> list[str]:
    """The keys that this installation lacks. The oldest and the newest row of each table are looked at."""
    found: set[str] = set()
    for table, columns in sealed_tables():
        (key,) = table.primary_key.columns
        for order in (key, key.desc()):
            row = session.execute(as_stored(table, columns).order_by(order).limit(1)).one_or_none()
            found |= {id_ for value in (row or [])[1:] if (id_ := key_id(value))}
    return sorted(found - keys_in_use().secrets.keys())
