"""A prebuilt SELECT together with the type of its rows: reads return named and typed columns instead of `Any`."""

from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select
from sqlalchemy.orm import Session

RowT = TypeVar("RowT", bound=tuple[Any, ...])
Reader = Session | Connection


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
