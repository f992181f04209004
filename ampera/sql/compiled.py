"""A statement as the driver takes it: its text, its arguments, and how its results become Python values.

SQLAlchemy's own way through one execution takes several times as long as SQLite takes for the statement, and a scan
has twenty of them. SQLAlchemy keeps what it is good at: the statement, the types, the connection, the transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BindParameter, Boolean, Connection, Executable, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Parameters = Mapping[str, Any]
Row = Sequence[Any]
R = TypeVar("R")

CONSTANTS = String, Integer, Boolean  # types of which a statement's own values stand in its text
LONGEST_LIST = 16  # values in an IN list of a compiled statement: each length has a text of its own


class Wanted(NamedTuple):
    """What the caller gives: the value of this name, or one value of the list of this name."""

    name: str
    place: int | None = None


class Argument(NamedTuple):
    """One argument of a statement: a fixed `value`, or what is `wanted`, converted to what the driver takes."""

    key: str
    value: Any
    wanted: Wanted | None
    convert: Convert | None


class Compiled:
    """One statement for one database and one length of each list."""

    def __init__(self, compiled: SQLCompiler, lengths: Mapping[str, int], columns: Sequence[Any]) -> None:
        self.dialect = compiled.dialect
        self.text, arguments = _text_and_arguments(compiled, lengths)
        self.keys = [argument.key for argument in arguments]
        self.fixed = [argument.value for argument in arguments]
        self.wanted = [(n, *given.wanted, given.convert) for n, given in enumerate(arguments) if given.wanted]
        self.types = [column.type.dialect_impl(self.dialect) for column in columns]
        self._converters: list[tuple[int, Convert]] | None = None

    def rows(self, conn: Connection, parameters: Parameters, most: int | None = None) -> list[Row]:
        def fetched(cursor: DBAPICursor) -> list[Row]:
            rows = cursor.fetchall() if most is None else cursor.fetchmany(most)
            if self._converters is None:
                self._converters = self._described(cursor)
            return list(rows)

        rows = self._execute(conn, self._values(parameters), fetched)
        return [_converted(row, self._converters) for row in rows] if self._converters else rows

    def write(self, conn: Connection, parameters: Parameters) -> int:
        """The number of rows that were written."""
        return self._execute(conn, self._values(parameters), _count)

    def write_all(self, conn: Connection, rows: Sequence[Parameters]) -> None:
        self._execute(conn, self._all_values(rows), _count, is_many=True)

    def _values(self, parameters: Parameters) -> Any:
        values = self.fixed.copy()
        for n, name, place, convert in self.wanted:
            value = parameters[name] if place is None else parameters[name][place]
            values[n] = value if convert is None else convert(value)
        return values if self.dialect.positional else dict(zip(self.keys, values, strict=True))

    def _all_values(self, rows: Sequence[Parameters]) -> list[Any]:
        """The values of many rows, built column by column."""
        columns: list[Sequence[Any]] = [[value] * len(rows) for value in self.fixed]
        for n, name, place, convert in self.wanted:
            given = [row[name] if place is None else row[name][place] for row in rows]
            columns[n] = given if convert is None else _converted_once(given, convert)
        if self.dialect.positional:
            return list(zip(*columns, strict=True))
        return [dict(zip(self.keys, values, strict=True)) for values in zip(*columns, strict=True)]

    def _described(self, cursor: DBAPICursor) -> list[tuple[int, Convert]]:
        """The columns whose values need a conversion. What the driver gives is known from its first result."""
        given = [description[1] for description in cursor.description or ()]
        found = [type_.result_processor(self.dialect, code) for type_, code in zip(self.types, given, strict=True)]
        return [(index, convert) for index, convert in enumerate(found) if convert]

    def _execute(
        self, conn: Connection, values: Any, outcome: Callable[[DBAPICursor], R], *, is_many: bool = False
    ) -> R:
        """Execute in the transaction of `conn`, which begins with its first statement. Errors are SQLAlchemy's own."""
        if not conn.in_transaction():
            conn.begin()
        cursor = conn.connection.cursor()
        try:
            (cursor.executemany if is_many else cursor.execute)(self.text, values)
            return outcome(cursor)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._error(conn, cursor, error) from error
        finally:
            cursor.close()

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
        return _with_constants(self.statement).compile(dialect=self.dialect, column_keys=self.names)

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


def _with_constants(statement: Any) -> Any:
    """The statement with its own words and numbers in its text.

    As arguments they cost SQLite a new plan for each execution wherever a partial index compares the same column with
    a constant, which takes ten times as long as the statement; and PostgreSQL would make no use of such an index.
    """

    def written(element: Any, **_kwargs: object) -> Any:
        is_own = isinstance(element, BindParameter) and not element.required and not element.expanding
        if is_own and isinstance(element.value, str | int) and isinstance(element.type, CONSTANTS):
            return element.render_literal_execute()
        return None

    return visitors.replacement_traverse(statement, {}, written)


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


def _count(cursor: DBAPICursor) -> int:
    return cursor.rowcount


def _converted(row: Row, converters: Sequence[tuple[int, Convert]]) -> Row:
    values = list(row)
    for index, convert in converters:
        values[index] = convert(values[index])
    return values
