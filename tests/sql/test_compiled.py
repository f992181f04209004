"""A compiled statement gives what SQLAlchemy's own execution gives, on both databases, and fails in the same words."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
from sqlalchemy import JSON, Connection, ForeignKey, bindparam, delete, event, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from ampera import db
from ampera.offices.models import Office
from ampera.sql.statements import ColumnSelect, TypedSelect, Write, upsert
from tests.conftest import on_both

AT = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)


class Base(DeclarativeBase):
    """Tables of these tests alone."""


class Thing(Base):
    __tablename__ = "things_of_a_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default="book")
    day: Mapped[date | None]
    at: Mapped[datetime | None] = mapped_column(db.UtcDateTime)
    is_here: Mapped[bool] = mapped_column(default=True)
    facts: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    size: Mapped[float | None]
    picture: Mapped[bytes | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("things_of_a_test.id"))


class Row(NamedTuple):
    name: str
    kind: str
    day: date | None
    at: datetime | None
    is_here: bool
    facts: Any
    size: float | None
    picture: bytes | None


COLUMNS = tuple(getattr(Thing, name) for name in Row._fields)
FULL = Row("a", "slip", date(2026, 2, 28), AT, False, {"nested": ["é", 1, None]}, 2.5, b"\x00\xff")
EMPTY = Row("b", "book", None, None, True, None, None, None)
ADD = Write(insert(Thing).returning(Thing.id))
ADD_ALL = Write(insert(Thing))
RENAME = Write(update(Thing).where(Thing.name == bindparam("old")).values(name=bindparam("new")))
DROP = Write(delete(Thing).where(Thing.name.in_(bindparam("names", expanding=True))))
COUNT = Write(upsert(Thing, ["name"], {"size": Thing.size + 1}, returning=Thing.size))
ALL = TypedSelect(Row, select(*COLUMNS).order_by(Thing.name))
OF_KIND = TypedSelect(
    Row,
    select(*COLUMNS)
    .where(Thing.kind.in_(bindparam("kinds", expanding=True)), Thing.name.not_in(("y", "z")), Thing.is_here.is_(True))
    .order_by(Thing.name),
)
SINCE = ColumnSelect(select(Thing.name).where(Thing.at >= bindparam("since")))
OFFICES = ColumnSelect(select(Office.code))
NAMED = TypedSelect(Row, select(*COLUMNS).where(Thing.name == bindparam("name")))


@pytest.fixture
def conn(app):
    """A connection in a transaction, in which each statement below is executed often enough to be compiled."""
    with db.current().writer.connect() as conn:
        Base.metadata.create_all(conn)
        yield conn


def _twice(function, *args, **kwargs):
    """SQLAlchemy executes a statement the first time; then the compiled one must give the same."""
    first = function(*args, **kwargs)
    assert function(*args, **kwargs) == first
    return first


@on_both
def test_values_of_all_types_are_read_as_written(conn: Connection):
    for prefix in ("x", "y"):  # the second time compiled
        ADD_ALL.run_all(conn, [row._replace(name=prefix + row.name)._asdict() for row in (FULL, EMPTY)])
    rows = _twice(ALL.all, conn)
    assert [row._replace(name=row.name[1:]) for row in rows] == [FULL, EMPTY, FULL, EMPTY]
    assert _twice(SINCE.all, conn, since=AT) == ["xa", "ya"]


@on_both
def test_defaults_are_filled_in(conn: Connection):
    first, second = ADD.returned(conn, name="a"), ADD.returned(conn, name="b")
    assert second == first + 1
    assert [(row.kind, row.is_here) for row in ALL.all(conn)] == [("book", True)] * 2


@on_both
def test_in_list_of_any_length_finds_the_rows(conn: Connection):
    ADD_ALL.run_all(conn, [EMPTY._replace(name=name, kind=name)._asdict() for name in "abc"])
    for kinds, names in ((["a"], "a"), (["a", "b"], "ab"), ([], ""), (["c"] * 40, "c")):
        assert "".join(row.name for row in _twice(OF_KIND.all, conn, kinds=kinds)) == names
    assert DROP.run(conn, names=["a", "b"]) == 2
    assert DROP.run(conn, names=("a", "c")) == 1


@on_both
def test_write_returns_the_number_of_rows(conn: Connection):
    ADD.returned(conn, name="a", size=1.0)
    assert [RENAME.run(conn, old="a", new="b"), RENAME.run(conn, old="a", new="c")] == [1, 0]
    assert [COUNT.returned(conn, name="b", size=1.0) for _ in range(2)] == [2.0, 3.0]


@on_both
def test_only_row_and_first_row(conn: Connection):
    ADD_ALL.run_all(conn, [EMPTY._asdict(), FULL._asdict()])
    assert _twice(NAMED.first, conn, name="nobody") is None
    assert _twice(NAMED.required, conn, name="a") == FULL
    for error, parameters in ((NoResultFound, {"name": "nobody"}), (NoResultFound, {"name": "none"})):
        with pytest.raises(error):
            NAMED.required(conn, **parameters)
    for _ in range(2):
        with pytest.raises(MultipleResultsFound):
            ALL.required(conn)


@on_both
def test_error_is_sqlalchemys_own_and_names_no_value(conn: Connection):
    for name in ("a", "b"):
        ADD.returned(conn, name=name)
    with pytest.raises(IntegrityError) as error, conn.begin_nested():
        ADD.returned(conn, name="a")
    assert isinstance(error.value, DBAPIError) and error.value.params is None
    assert "(Background on" in str(error.value)


def test_session_flushes_before_a_read(conn: Connection):
    with Session(conn) as session:
        for name in ("a", "b"):
            session.add(Thing(**EMPTY._replace(name=name)._asdict()))
            assert NAMED.required(session, name=name).name == name


def test_read_begins_a_transaction_so_that_all_statements_see_one_moment(app):
    with db.current().reader.connect() as conn:
        for _ in range(2):  # the second time it is compiled
            assert OFFICES.all(conn) == ["PLG"]
            assert conn.connection.driver_connection.in_transaction
            conn.rollback()


def test_listener_of_statements_sees_compiled_statements(conn: Connection):
    _twice(ALL.all, conn)
    seen: list[str] = []
    event.listen(conn, "before_cursor_execute", lambda *call: seen.append(call[2]))
    ALL.all(conn)
    assert len(seen) == 1
