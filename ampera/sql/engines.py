"""The engines of both databases: how connections are opened, prepared, tried after a rest, and counted."""

import functools
import sqlite3
import time
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import AssertionPool, Pool, QueuePool

BUSY_SECONDS = 10.0  # that SQLite waits for another process
CONNECT_SECONDS = 5  # for a new connection to PostgreSQL
IDLE_SECONDS = 5.0  # after which a connection is tried before it is used
JOURNAL_BYTES = 64 * 1024 * 1024


class CountedPool(QueuePool):
    """A pool of connections that knows how many tasks have none yet."""

    waiting = 0

    @property
    def most(self) -> int:
        """How many connections it may have."""
        return self.size() + self._max_overflow

    def _do_get(self) -> Any:
        self.waiting += 1
        try:
            return super()._do_get()
        finally:
            self.waiting -= 1


class OnlyConnection(AssertionPool):
    """A pool of one connection that never waits: the writer gives it back before it takes it again.

    The locks of a pool that waits are gevent's, which are slow on the writer's thread.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, store_traceback=False, **options)


def sqlite_engine(url: URL, begin: str, pool: type[Pool], **options: int) -> Engine:
    """An engine of SQLite whose transactions start with the statement `begin`."""
    engine = create_engine(url, poolclass=pool, creator=functools.partial(_open_sqlite, url), **options)
    event.listen(engine, "connect", prepare_sqlite)
    # Not the "begin" event: a connection with any event listener pays for it at every statement.
    engine.dialect.do_begin = lambda dbapi: dbapi.execute(begin)  # type: ignore[method-assign,assignment]
    return engine


def postgres_engine(url: URL, size: int, seconds: float, *, has_sessions: bool) -> Engine:
    """An engine of PostgreSQL with at most `size` connections; who gets none within `seconds` gets TimeoutError."""
    prepares = {} if has_sessions else {"prepare_threshold": None}
    engine = create_engine(
        url,
        poolclass=CountedPool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=seconds,
        connect_args={"connect_timeout": CONNECT_SECONDS, **prepares},
    )
    _try_idle_connections(engine)
    return engine


def snapshots(engine: Engine) -> Engine:
    """All statements of one read see the same moment: a state never carries an older revision than its rows."""
    if engine.dialect.name == "sqlite":  # where it is so anyway
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def prepare_sqlite(dbapi: sqlite3.Connection, _record: object) -> None:
    """The settings of every new connection to SQLite."""
    dbapi.isolation_level = None  # the begin hook decides, not the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL loses acknowledged rows in a power cut
        "foreign_keys=ON",
        f"busy_timeout={int(BUSY_SECONDS * 1000)}",
        "temp_store=MEMORY",
        f"journal_size_limit={JOURNAL_BYTES}",  # a journal that a long reader let grow shrinks again
    ):
        dbapi.execute(f"PRAGMA {pragma}")


def _open_sqlite(url: URL) -> sqlite3.Connection:
    """Open the file that is there. A wrong path must not make an empty database; only a migration makes the file."""
    place = f"file:{quote(url.database or '')}?mode=rw"
    return sqlite3.connect(place, uri=True, check_same_thread=False, timeout=BUSY_SECONDS)


def _try_idle_connections(engine: Engine) -> None:
    """Ask a connection that was idle for a while whether it still works, as `pool_pre_ping` asks each one each time.

    A transaction that meets the end of the database all the same is answered 503, and its client asks again.
    """
    pool: Any = engine.pool

    def put_back(_driver: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    def take_out(driver: Any, record: Any, _user: Any) -> None:
        if time.monotonic() - record.info.get("idle_since", time.monotonic()) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(driver)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the pool opens another connection, and trusts none of the old ones

    event.listen(pool, "checkin", put_back)
    event.listen(pool, "checkout", take_out)
