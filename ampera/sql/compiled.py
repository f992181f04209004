"""A statement as the driver takes it: its text, its arguments, and how its results become Python values.

SQLAlchemy's own way through one execution takes several times as long as SQLite takes for the statement, and a scan
has twenty of them. SQLAlchemy keeps what it is good at: the statement, the types, the connection, the transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Parameters = Mapping[str, Any]
Row = Sequence[Any]

LONGEST_LIST = 16  # values in an IN list of a compiled statement: each length has a text of its own


class Wanted(NamedTuple):
    """What the caller gives: the value of this name, or one value of the list of this name."""

    name: str
    place: int | None = None

    def of(self, parameters: Parameters) -> Any:
        value = parameters[self.name]
        return value if self.place is None else value[self.place]


class Argument(NamedTuple):
    """One place of a statement: a fixed `value`, or what is `wanted`, converted to what the driver takes."""

    key: str
    value: Any
    wanted: Wanted | None
    convert: Convert | None

    def of(self, parameters: Parameters) -> Any:
        if self.wanted is None:
            return self.value
        value = self.wanted.of(parameters)
        return self.convert(value) if self.convert else value

    def of_all(self, rows: Sequence[Parameters]) -> list[Any]:
        """The same for many rows. A value that many rows share is converted once."""
        if self.wanted is None:
            return [self.value] * len(rows)
        values = [self.wanted.of(row) for row in rows]
        return _converted_once(values, self.convert) if self.convert else values


class Compiled:
    """One statement for one database and one length of each list."""

    def __init__(self, compiled: SQLCompiler, lengths: Mapping[str, int], columns: Sequence[Any]) -> None:
        dialect = compiled.dialect
        self.is_positional = dialect.positional
        self.text, self.arguments = _text_and_arguments(compiled, lengths)
        self.types = [column.type.dialect_impl(dialect) for column in columns]
        self.dialect = dialect
        self._converters: list[tuple[int, Convert]] | None = None

    def rows(self, conn: Connection, parameters: Parameters, most: int | None = None) -> list[Row]:
        with self._execution(conn, self._values(parameters)) as cursor:
            rows = cursor.fetchall() if most is None else cursor.fetchmany(most)
            converters = self._converters
            if converters is None:
                converters = self._converters = self._described(cursor)
        return [_converted(row, converters) for row in rows] if converters else list(rows)

    def write(self, conn: Connection, parameters: Parameters) -> int:
        """The number of rows that were written."""
        with self._execution(conn, self._values(parameters)) as cursor:
            return cursor.rowcount

    def write_all(self, conn: Connection, rows: Sequence[Parameters]) -> None:
        with self._execution(conn, self._all_values(rows), is_many=True):
            pass

    def _values(self, parameters: Parameters) -> Any:
        if self.is_positional:
            return [argument.of(parameters) for argument in self.arguments]
        return {argument.key: argument.of(parameters) for argument in self.arguments}

    def _all_values(self, rows: Sequence[Parameters]) -> list[Any]:
        """The values of many rows, built column by column."""
        columns = [argument.of_all(rows) for argument in self.arguments]
        if self.is_positional:
            return list(zip(*columns, strict=True))
        keys = [argument.key for argument in self.arguments]
        return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]

    def _described(self, cursor: DBAPICursor) -> list[tuple[int, Convert]]:
        """The columns whose values need a conversion. What the driver gives is known from its first result."""
        given = [description[1] for description in cursor.description or ()]
        found = [type_.result_processor(self.dialect, code) for type_, code in zip(self.types, given, strict=True)]
        return [(index, convert) for index, convert in enumerate(found) if convert]

    @contextmanager
    def _execution(self, conn: Connection, values: Any, *, is_many: bool = False) -> Iterator[DBAPICursor]:
        """Execute in the transaction of `conn`, which begins with its first statement. Errors are SQLAlchemy's own."""
        if not conn.in_transaction():
            conn.begin()
        with closing(conn.connection.cursor()) as cursor:
            try:
                (cursor.executemany if is_many else cursor.execute)(self.text, values)
                yield cursor
            except conn.dialect.loaded_dbapi.Error as error:
                raise self._error(conn, cursor, error) from error

    def _error(self, conn: Connection, cursor: DBAPICursor, error: Exception) -> Exception:
        """The error as SQLAlchemy raises it, but without the arguments: they may be personal."""
        dialect = conn.dialect
        is_lost = dialect.is_disconnect(error, conn.connection.dbapi_connection, cursor)  # type: ignore[arg-type]
        if is_lost:
            conn.invalidate(error)
        return DBAPIError.instance(
            self.text,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_lost,
            dialect=dialect,
        )


class CompiledOnce:
    """A statement (or a mapping with one for each database, by its name), compiled when it is executed again.

    SQLAlchemy executes what is not compiled here: a statement that was built for one execution, a long list, a default
    that Python computes, and everything while somebody listens to the statements of the connection.
    """

    def __init__(self, statement: Executable | Mapping[str, Executable]) -> None:
        self.statement = statement
        self._shapes: dict[tuple[str, ...], Shape] = {}

    def rows(self, conn: Connection, parameters: Parameters, most: int | None = None) -> list[Row]:
        compiled = self._compiled(conn, parameters)
        if compiled is not None:
            return compiled.rows(conn, parameters, most)
        result = conn.execute(self._for(conn), parameters)
        return list(result.all() if most is None else result.fetchmany(most))

    def write(self, conn: Connection, parameters: Parameters) -> int:
        compiled = self._compiled(conn, parameters)
        if compiled is not None:
            return compiled.write(conn, parameters)
        return conn.execute(self._for(conn), parameters).rowcount

    def write_all(self, conn: Connection, rows: Sequence[Parameters]) -> None:
        compiled = self._compiled(conn, rows[0])
        if compiled is not None:
            compiled.write_all(conn, rows)
        else:
            conn.execute(self._for(conn), rows)

    def _for(self, conn: Connection) -> Any:
        return self.statement[conn.dialect.name] if isinstance(self.statement, Mapping) else self.statement

    def _compiled(self, conn: Connection, parameters: Parameters) -> Compiled | None:
        key = conn.dialect.name, *parameters
        shape = self._shapes.get(key)
        if shape is None:
            self._shapes[key] = Shape(self._for(conn), conn.dialect, list(parameters))
            return None
        return None if conn.dispatch.before_cursor_execute else shape.compiled(parameters)


class Shape:
    """A statement for one database and one set of parameters' names; each length of its lists has its own text."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str]) -> None:
        self.statement, self.dialect, self.names = statement, dialect, names
        self._kept: dict[tuple[int, ...], Compiled | None] = {}

    @cached_property
    def compiler(self) -> SQLCompiler:
        return self.statement.compile(dialect=self.dialect, column_keys=self.names)

    @cached_property
    def lists(self) -> tuple[str, ...]:
        return tuple({name for bind, name in self.compiler.bind_names.items() if bind.expanding and bind.required})

    def compiled(self, parameters: Parameters) -> Compiled | None:
        lengths = tuple([len(parameters[name]) for name in self.lists])
        if lengths not in self._kept:
            self._kept[lengths] = self._compile(lengths)
        return self._kept[lengths]

    def _compile(self, lengths: tuple[int, ...]) -> Compiled | None:
        is_scalar = all(column.default and column.default.is_scalar for column in _defaulted(self.compiler))
        if not is_scalar or any(length > LONGEST_LIST for length in lengths):
            return None
        return Compiled(
            self.compiler, dict(zip(self.lists, lengths, strict=True)), tuple(self.statement.exported_columns)
        )


def _defaulted(compiled: SQLCompiler) -> list[Any]:
    """The columns that the caller leaves to their defaults in Python."""
    return [*(compiled.insert_prefetch or ()), *(compiled.update_prefetch or ())]


def _text_and_arguments(compiled: SQLCompiler, lengths: Mapping[str, int]) -> tuple[str, list[Argument]]:
    """The text, and the arguments in the order of their places; a fixed value is converted now."""
    wanted: dict[str, Any] = {}
    converters: dict[str, Convert | None] = {}
    for bind, name in compiled.bind_names.items():
        converters[name] = bind.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
        if bind.required:
            wanted[name] = [Wanted(name, n) for n in range(lengths[name])] if bind.expanding else Wanted(name)
    state = compiled.construct_expanded_state(wanted)
    for name, parts in state.parameter_expansion.items():
        converters |= dict.fromkeys(parts, converters[name])
    defaults = {column.key: column.default.arg for column in _defaulted(compiled)}
    arguments = []
    for key in (state.positiontup if compiled.positional else state.parameters) or ():
        value, convert = defaults.get(key, state.parameters[key]), converters[key]
        if isinstance(value, Wanted):
            arguments.append(Argument(key, None, value, convert))
        else:
            arguments.append(Argument(key, convert(value) if convert else value, None, None))
    return state.statement, arguments


def _converted_once(values: Sequence[Any], convert: Convert) -> list[Any]:
    """The converted values. Neighbours that are the same object are converted together."""
    found, last, converted = [], object(), None
    for value in values:
        if value is not last:
            last, converted = value, convert(value)
        found.append(converted)
    return found


def _converted(row: Row, converters: Sequence[tuple[int, Convert]]) -> Row:
    values = list(row)
    for index, convert in converters:
        values[index] = convert(values[index])
    return values
