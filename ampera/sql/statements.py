"""Statements that are built once, at import, because building one takes longer than running it.

`TypedSelect` returns named and typed rows instead of `Any`, `ColumnSelect` the values of one column; `Write` changes
rows; `upsert` is INSERT ... ON CONFLICT for both databases; `in_batches` keeps IN lists short.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Insert, Select, String, UpdateBase, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from ampera.db import Base
from ampera.sql.compiled import CompiledOnce

T = TypeVar("T")
RowT = TypeVar("RowT", bound=tuple[Any, ...])
Reader = Session | Connection
AnySelect = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

# Text in the order of its bytes on both databases, so that the texts with one beginning are one range of an index.
BYTEWISE = String().with_variant(String(collation="C"), "postgresql")
LAST_CHAR = "\U0010ffff"  # behind a beginning it ends that range
IN_LIST = 500  # values in one IN list: SQLite compiles a statement for each length, and limits the length


class TypedSelect(Generic[RowT]):
    """A statement built once at import. Each row is returned as `row_type`, a NamedTuple with the same columns.

    Raises TypeError at import when the columns and the fields differ in name or order.
    """

    def __init__(
        self, row_type: type[RowT], statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
    ) -> None:
        columns, fields = tuple(statement.selected_columns.keys()), getattr(row_type, "_fields", ())
        if columns != fields:
            raise TypeError(f"{row_type.__name__} has fields {fields}, its statement selects {columns}")
        self.row_type = row_type
        self.statement: Any = statement
        self._once = CompiledOnce(statement)

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
        return [self.row_type(*row) for row in self._once.rows(_connection(reader), parameters)]

    def required(self, reader: Reader, **parameters: object) -> RowT:
        """The only row. Raises NoResultFound when there is none."""
        return self.row_type(*_only(self._once.rows(_connection(reader), parameters, most=2)))

    def first(self, reader: Reader, **parameters: object) -> RowT | None:
        """The only or first row, or None. The statement or a unique key limits it to one."""
        rows = self._once.rows(_connection(reader), parameters, most=1)
        return self.row_type(*rows[0]) if rows else None


class ColumnSelect(Generic[T]):
    """A statement built once at import that selects one column."""

    def __init__(self, statement: Select[T]) -> None:
        self._once = CompiledOnce(statement)

    def all(self, reader: Reader, **parameters: object) -> list[T]:
        return [value for (value,) in self._once.rows(_connection(reader), parameters)]

    def required(self, reader: Reader, **parameters: object) -> T:
        """The value of the only row. Raises NoResultFound when there is none."""
        (value,) = _only(self._once.rows(_connection(reader), parameters, most=2))
        return value

    def first(self, reader: Reader, **parameters: object) -> T | None:
        """The value of the only or first row; None without a row, or when it is NULL."""
        rows = self._once.rows(_connection(reader), parameters, most=1)
        return rows[0][0] if rows else None


class Write:
    """An INSERT, UPDATE or DELETE built once at import; a mapping has one for each database (see `upsert`)."""

    def __init__(self, statement: UpdateBase | Mapping[str, Insert]) -> None:
        self._once = CompiledOnce(statement)

    def run(self, conn: Connection, /, **values: object) -> int:
        """Execute; returns the number of rows that were written."""
        return self._once.write(conn, values)

    def run_all(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute for each row; all have the same keys."""
        self._once.write_all(conn, rows)

    def returned(self, conn: Connection, /, **values: object) -> Any:
        """Execute; returns the value of its RETURNING, one column of one row."""
        (value,) = _only(self._once.rows(conn, values, most=2))
        return value


def _connection(reader: Reader) -> Connection:
    """The connection of a session, after what the session had not written yet."""
    if isinstance(reader, Connection):
        return reader
    reader.flush()
    return reader.connection()


def _only(rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
    if len(rows) != 1:
        raise MultipleResultsFound if rows else NoResultFound
    return rows[0]


def new_ids(conn: Connection, model: type[Base], count: int) -> list[int]:
    """This many ids for new rows, so that none has to be asked back. On SQLite the transaction has the write lock."""
    if conn.dialect.name == "sqlite":
        first = (conn.execute(select(func.max(model.id))).scalar() or 0) + 1  # type: ignore[attr-defined]
        return list(range(first, first + count))
    sequence = f"{model.__tablename__}_id_seq"
    return list(conn.execute(_NEXT_IDS, {"sequence": sequence, "count": count}).scalars())


def in_batches(items: Sequence[T], size: int = IN_LIST) -> Iterator[Sequence[T]]:
    """Consecutive slices of at most `size` items."""
    return (items[start : start + size] for start in range(0, len(items), size))


def proposed(model: type[Base]) -> ReadOnlyColumnCollection[str, ColumnElement[Any]]:
    """The columns of the row that an upsert could not insert (`excluded` in SQL), for `set_` and `where`."""
    return model.__table__.alias("excluded").c


_NEXT_IDS = text("SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :count)")


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
