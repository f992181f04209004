"""Statements that are built once, at import, because building one takes longer than running it.

`TypedSelect` returns named and typed rows instead of `Any`; `upsert` is INSERT ... ON CONFLICT for both databases;
`in_batches` keeps IN lists short.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Insert, Select, String, and_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from ampera.db import Base

T = TypeVar("T")
RowT = TypeVar("RowT", bound=tuple[Any, ...])
Reader = Session | Connection

# Text in the order of its bytes on both databases, so that the texts with one beginning are one range of an index.
BYTEWISE = String().with_variant(String(collation="C"), "postgresql")
LAST_CHAR = "\U0010ffff"
IN_LIST = 500  # values in one IN list: SQLite compiles a statement for each length, and limits the length


class TypedSelect(Generic[RowT]):
    """A statement built once at import. Each row is returned as `row_type`, a NamedTuple with the same columns.

    Raises TypeError at import when the columns and the fields differ in name or order.
    """

    def __init__(self, row_type: type[RowT], statement: Select[*tuple[Any, ...]]) -> None:
        columns, fields = tuple(statement.selected_columns.keys()), getattr(row_type, "_fields", ())
        if columns != fields:
            raise TypeError(f"{row_type.__name__} has fields {fields}, its statement selects {columns}")
        self.row_type = row_type
        self.statement = statement

    def where(self, *conditions: ColumnElement[bool]) -> "TypedSelect[RowT]":
        """The same rows under more conditions."""
        return TypedSelect(self.row_type, self.statement.where(*conditions))

    def order_by(self, *columns: Any) -> "TypedSelect[RowT]":
        return TypedSelect(self.row_type, self.statement.order_by(*columns))

    def limit(self, count: Any) -> "TypedSelect[RowT]":
        return TypedSelect(self.row_type, self.statement.limit(count))

    def locked(self, table: Any) -> "TypedSelect[RowT]":
        """The same rows, locked until the transaction ends (PostgreSQL; SQLite has one writer)."""
        return TypedSelect(self.row_type, self.statement.with_for_update(of=table))

    def all(self, reader: Reader, **parameters: object) -> list[RowT]:
        return [self.row_type(*row) for row in reader.execute(self.statement, parameters)]

    def required(self, reader: Reader, **parameters: object) -> RowT:
        """The only row. Raises NoResultFound when there is none."""
        return self.row_type(*reader.execute(self.statement, parameters).one())

    def first(self, reader: Reader, **parameters: object) -> RowT | None:
        """The only or first row, or None. The statement or a unique key limits it to one."""
        row = reader.execute(self.statement, parameters).first()
        return None if row is None else self.row_type(*row)


def begins(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a BYTEWISE column begins with this text, as a range that an index finds."""
    return and_(column >= text, column < text + LAST_CHAR)


def in_batches(items: Sequence[T], size: int = IN_LIST) -> Iterator[Sequence[T]]:
    """Consecutive slices of at most `size` items."""
    return (items[start : start + size] for start in range(0, len(items), size))


def proposed(model: type[Base]) -> ReadOnlyColumnCollection[str, ColumnElement[Any]]:
    """The columns of the row that an upsert could not insert (`excluded` in SQL), for `set_` and `where`."""
    return model.__table__.alias("excluded").c


def upsert(
    model: type[Base],
    keys: Sequence[str],
    set_: Mapping[str, Any] | Sequence[str] = (),
    where: ColumnElement[bool] | None = None,
    returning: InstrumentedAttribute[Any] | None = None,
    source: tuple[Sequence[str], Select[Any]] | None = None,
) -> dict[str, Insert]:
    """INSERT … ON CONFLICT (`keys`), prepared for each database: `conn.execute(STATEMENT[conn.dialect.name], row)`.

    `set_` names the columns that take the new values, or maps columns to expressions; when `set_` is empty, an
    existing row stays unchanged. `where` restricts the update. `source` (columns, SELECT) inserts the selected rows.
    Building a statement takes longer than running it, so build it once, at import.
    """
    statements = {}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
        statement: Any = dialect.insert(model)
        if source is not None:
            statement = statement.from_select(*source)
        if set_:
            row = statement.excluded
            changes = set_ if isinstance(set_, Mapping) else {column: row[column] for column in set_}
            statement = statement.on_conflict_do_update(index_elements=keys, set_=changes, where=where)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=keys)
        statements[name] = statement if returning is None else statement.returning(returning)
    return statements
