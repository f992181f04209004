"""The database and its one rule: a service function decorated with `transaction` is one transaction.

On SQLite one writer (a FIFO thread beside gevent's loop) runs every write transaction as a whole. On PostgreSQL the
actor's office row is locked first. Events that a transaction collects are published after its commit, never before.
"""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import current_app
from sqlalchemy import Connection, DateTime, Engine, MetaData, text
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import TimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from ampera import clock, events
from ampera.settings import Settings
from ampera.sql.engines import CountedPool, OnlyConnection, postgres_engine, snapshots, sqlite_engine
from ampera.sql.throttle import Throttle
from ampera.sql.writer import Writer

P = ParamSpec("P")
R = TypeVar("R")

CONNECTIONS = 12  # to PostgreSQL, of one process in all; AMPERA_DATABASE_POOL
POOL_SECONDS = 2.0  # that a request waits for a connection before it is answered 503
LONG_SECONDS = 30.0  # the same for a report or a search, which waits for others like it
THREADS = 10  # of gevent, for blocking work
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables share one metadata with predictable constraint names, so that migrations can drop them."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime in and out, on SQLite too (which keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Unit:
    """One write transaction in progress: its connection, its time, and the events to publish after the commit.

    A unit carries the settings because it may run on the writer's thread, which has no app context.
    """

    def __init__(self, conn: Connection, settings: Settings) -> None:
        self.conn = conn
        self.settings = settings
        self.at = clock.now()
        self.events: list[Any] = []
        self.closing: list[Callable[[Unit], None]] = []

    @functools.cached_property
    def session(self) -> Session:
        return Session(self.conn, expire_on_commit=False, join_transaction_mode="rollback_only")

    def emit(self, happened: object) -> None:
        """Call the subscribers `during` the transaction now, and keep the event for the subscribers `after` it."""
        self.events.append(happened)
        events.publish_during(self, happened)

    def before_commit(self, close: Callable[["Unit"], None]) -> None:
        """Run `close` once, right before the commit: the audit chain appends all rows of the transaction there."""
        if close not in self.closing:
            self.closing.append(close)

    def finish(self) -> None:
        if "session" in self.__dict__:
            self.session.flush()
        for close in self.closing:
            close(self)
        if "session" in self.__dict__:
            self.session.flush()
            self.session.expunge_all()


class Database:
    """Engines of one process. Readers and the writer never share a connection.

    On PostgreSQL a process has at most `connections`: one holds the server's lock, a third is for long reads.
    """

    def __init__(self, url: str, connections: int = CONNECTIONS, has_sessions: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.connections = connections
        self.has_sessions = has_sessions  # a pooler of transactions gives each transaction another connection
        self.throttle = Throttle()
        self.long_reads = threading.BoundedSemaphore(THREADS if self.is_sqlite else connections // 3 - 1)
        self._lock = threading.RLock()
        self._writer_thread: Any = None

    @functools.cached_property
    def _shared(self) -> Engine:
        if self.is_sqlite:
            return sqlite_engine(self.url, "BEGIN", CountedPool, pool_size=8, max_overflow=40)
        return self._pooled(self.connections - self.connections // 3, POOL_SECONDS)

    @functools.cached_property
    def reader(self) -> Engine:
        return snapshots(self._shared)

    @functools.cached_property
    def writer(self) -> Engine:
        if not self.is_sqlite:
            return self._shared
        return sqlite_engine(self.url, "BEGIN IMMEDIATE", OnlyConnection)

    @functools.cached_property
    def _long(self) -> Engine:
        """For long reads, and on PostgreSQL for long writes, which must see what others commit meanwhile."""
        if self.is_sqlite:
            return sqlite_engine(self.url, "BEGIN", NullPool)
        return self._pooled(self.connections // 3, LONG_SECONDS)

    @functools.cached_property
    def long_reader(self) -> Engine:
        return snapshots(self._long)

    def _pooled(self, size: int, seconds: float) -> Engine:
        return postgres_engine(self.url, size, seconds, has_sessions=self.has_sessions)

    def pools(self) -> list[CountedPool]:
        """The pools that are in use, for the figures."""
        engines = (self.__dict__.get(name) for name in ("_shared", "_long"))
        return [engine.pool for engine in engines if engine and isinstance(engine.pool, CountedPool)]

    def write(self, work: Callable[[Unit], R], office_id: int | None = None, *, is_long: bool = False) -> R:
        """Run `work` as one transaction and publish its events once it is durable.

        On SQLite transactions that wait share a commit, unless they are long. On PostgreSQL a long one is worked on a
        thread, because its rows would keep the loop busy.
        """
        settings = current_app.extensions["ampera.settings"]

        def job(conn: Connection) -> tuple[R, list[Any]]:
            unit = Unit(conn, settings)
            if office_id is not None and not self.is_sqlite:
                conn.execute(_LOCK_OFFICE, {"id": office_id})
            result = work(unit)
            unit.finish()
            return result, unit.events

        with self.throttle.enter(None if self.is_sqlite else office_id):
            result, happened = self._transact(job, is_long)
        for event_ in happened:
            events.publish_after(event_)
        return result

    def _transact(self, job: Callable[[Connection], R], is_long: bool) -> R:
        if self.is_sqlite:
            return self._turns.run(job, is_long=is_long)
        if is_long:
            return run_in_thread(lambda: _committed(self._long, job))
        return _committed(self.writer, job)

    @functools.cached_property
    def _turns(self) -> Writer:
        return Writer(self.writer, self._on_thread)

    def _on_thread(self, function: Callable[[], None]) -> None:
        if not gevent_is_patched():
            with self._lock:
                function()
            return
        if self._writer_thread is None:
            from gevent.threadpool import ThreadPool

            self._writer_thread = ThreadPool(1)
        self._writer_thread.apply(function)

    def dispose(self) -> None:
        for name in ("_shared", "writer", "_long"):
            if name in self.__dict__:
                self.__dict__[name].dispose()


def _committed(engine: Engine, job: Callable[[Connection], R]) -> R:
    with engine.begin() as conn:
        return job(conn)


def transaction(
    work: Callable[Concatenate[Unit, P], R],
) -> Callable[P, R]:
    """Make a service function one transaction. Callers leave out `unit`; the next argument is the actor.

    PostgreSQL locks the actor's office first, so that two transactions of one office cannot deadlock. An exception
    rolls everything back; a returned refusal is committed with its audit row.
    """
    return _as_transaction(work, is_long=False)


def long_transaction(
    work: Callable[Concatenate[Unit, P], R],
) -> Callable[P, R]:
    """A transaction that may last longer than some milliseconds: others do not wait for it with their own commit."""
    return _as_transaction(work, is_long=True)


def _as_transaction(work: Callable[Concatenate[Unit, P], R], *, is_long: bool) -> Callable[P, R]:
    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        office_id = getattr(args[0], "office_id", None) if args else None
        return current().write(lambda unit: work(unit, *args, **kwargs), office_id, is_long=is_long)

    return run


def current() -> Database:
    """The database of the current app."""
    return current_app.extensions["ampera.db"]


def current_settings() -> Settings:
    """The settings of the current app."""
    return current_app.extensions["ampera.settings"]


@contextmanager
def reading() -> Iterator[Session]:
    """A short read in one snapshot. Nothing is written: pending changes of the session are rolled back."""
    with current().reader.connect() as conn, Session(conn) as session:
        yield session


def long_read_in_thread(function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`function(session, *args)` on a thread, with a connection of those for long reads: for more than a second.

    The thread has no app context. Raises TimeoutError (503) when too many others read for too long.
    """
    database = current()

    def job() -> R:
        with database.long_reader.connect() as conn, Session(conn) as session:
            return function(session, *args, **kwargs)

    if not database.long_reads.acquire(timeout=LONG_SECONDS):
        raise TimeoutError("too many long reads")
    try:
        return run_in_thread(job)
    finally:
        database.long_reads.release()


def read_in_thread(function: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`function(session, *args)` on a thread, with a pooled connection and the app context: for short reads."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def job() -> R:
        with app.app_context(), reading() as session:
            return function(session, *args, **kwargs)

    return run_in_thread(job)


def run_in_thread(job: Callable[[], R]) -> R:
    """Run blocking work (hashing, parsing) on a real thread when gevent's loop must go on, otherwise in place."""
    if not gevent_is_patched():
        return job()
    import gevent

    return gevent.get_hub().threadpool.apply(job)


@functools.cache
def gevent_is_patched() -> bool:
    """Whether this process runs on gevent (only `ampera run` does)."""
    try:
        from gevent.monkey import is_module_patched
    except ImportError:
        return False
    return is_module_patched("threading")


_LOCK_OFFICE = text("SELECT id FROM offices WHERE id = :id FOR UPDATE")
