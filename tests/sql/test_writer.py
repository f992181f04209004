"""Transactions that wait share a commit: each stands alone, and none is answered before its commit."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from ampera import db
from ampera.sql import writer
from ampera.sql.writer import MOST_TOGETHER, Writer
from tests.services import wait_until

Work = Callable[[Connection], object]
INSERT = text("INSERT INTO books VALUES (:n)")


class Crowd:
    """A writer whose first job holds the turn until all others wait, and the number of its commits since."""

    def __init__(self, engine: Engine) -> None:
        lock = threading.Lock()

        def on_thread(function: Callable[[], None]) -> None:
            with lock:
                function()

        self.engine, self.writer = engine, Writer(engine, on_thread)
        self.holds, self.go = threading.Event(), threading.Event()
        self.commits = 0
        event.listen(engine, "commit", self._count)

    def _count(self, _conn: Connection) -> None:
        self.commits += 1

    @contextmanager
    def gathered(
        self, jobs: list[Callable[[Connection], object]], long: tuple[int, ...] = ()
    ) -> Iterator[list[Future]]:
        """All jobs wait; inside, they run."""
        with ThreadPoolExecutor(len(jobs) + 1) as threads:
            first = threads.submit(self.writer.run, lambda _conn: self.holds.set() or self.go.wait())
            assert self.holds.wait(60), "the first job does not start"
            waiting = []
            for n, job in enumerate(jobs, 1):  # one after the other: their order is the order of the queue
                waiting.append(threads.submit(self.writer.run, job, is_long=n - 1 in long))
                wait_until(lambda n=n: len(self.writer.waiting) == n, "a job does not wait")
            self.commits = 0
            self.go.set()
            first.result()
            yield waiting
            for future in waiting:
                future.exception()
        self.commits -= 1  # that of the first job

    def books(self) -> list[int]:
        with self.engine.connect() as conn:
            return list(conn.execute(text("SELECT n FROM books ORDER BY rowid")).scalars())


@pytest.fixture
def crowd(tmp_path, monkeypatch) -> Iterator[Crowd]:
    """No job of a test is late, whatever else the machine does."""
    monkeypatch.setattr(writer, "LONGEST_TOGETHER", 60)
    engine = create_engine(f"sqlite:///{tmp_path / 'books.db'}", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", lambda dbapi, _record: setattr(dbapi, "isolation_level", None))
    engine.dialect.do_begin = lambda dbapi: dbapi.execute("BEGIN IMMEDIATE")  # type: ignore[method-assign]
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE books (n INTEGER UNIQUE)"))
    yield Crowd(engine)
    engine.dispose()


def take(n: int) -> Callable[[Connection], int]:
    def job(conn: Connection) -> int:
        conn.execute(INSERT, {"n": n})
        return n

    return job


def fail_after(n: int) -> Callable[[Connection], None]:
    def job(conn: Connection) -> None:
        take(n)(conn)
        raise LookupError(n)

    return job


def test_waiting_jobs_share_one_commit_first_come_first_served(crowd):
    with crowd.gathered([take(n) for n in range(5)]) as waiting:
        assert [future.result() for future in waiting] == [0, 1, 2, 3, 4]
    assert crowd.books() == [0, 1, 2, 3, 4]
    assert crowd.commits == 1


def test_failing_job_is_undone_alone(crowd):
    with crowd.gathered([take(1), fail_after(2), take(3), take(1)]) as waiting:
        assert waiting[0].result() == 1 and waiting[2].result() == 3
        assert isinstance(waiting[1].exception(), LookupError)
        assert "UNIQUE" in str(waiting[3].exception())
    assert crowd.books() == [1, 3]


def test_no_job_is_answered_when_the_commit_fails(crowd, monkeypatch):
    def full(_dbapi: object) -> None:
        raise crowd.engine.dialect.loaded_dbapi.OperationalError("database or disk is full")

    def fill_the_disk(_conn: Connection) -> None:
        monkeypatch.setattr(crowd.engine.dialect, "do_commit", full)

    with crowd.gathered([take(1), fail_after(2), fill_the_disk]) as waiting:
        errors = [type(future.exception()) for future in waiting]
    monkeypatch.undo()
    assert errors == [OperationalError, LookupError, OperationalError]
    assert crowd.books() == []


def test_job_learns_that_no_transaction_could_begin(crowd, monkeypatch):
    def busy(_dbapi: object) -> None:
        raise crowd.engine.dialect.loaded_dbapi.OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(crowd.engine.dialect, "do_begin", busy)
        with pytest.raises(OperationalError, match="locked"):
            crowd.writer.run(take(1))
    assert crowd.writer.run(take(2)) == 2
    assert crowd.books() == [2]


def test_transaction_that_the_database_undid_answers_no_job(crowd):
    def undo_all(conn: Connection) -> None:
        conn.exec_driver_sql("ROLLBACK")  # as SQLite does by itself when the disk is full
        raise LookupError

    with crowd.gathered([take(1), undo_all, take(3)]) as waiting:
        assert all(future.exception() for future in waiting[:2])
    assert crowd.books() == ([] if waiting[2].exception() else [3])


def test_long_job_shares_no_commit(crowd):
    with crowd.gathered([take(1), take(2), take(3), take(4)], long=(1,)) as waiting:
        assert [future.result() for future in waiting] == [1, 2, 3, 4]
    assert crowd.commits == 3


def test_commit_takes_a_limited_number_of_jobs(crowd):
    with crowd.gathered([take(n) for n in range(MOST_TOGETHER + 1)]) as waiting:
        assert [future.result() for future in waiting] == list(range(MOST_TOGETHER + 1))
    assert crowd.commits >= 2


def test_transactions_of_a_database_take_turns_on_one_connection(app):
    def used(unit: db.Unit) -> int:
        return id(unit.conn.connection.driver_connection)

    def fail(_unit: db.Unit) -> None:
        raise ValueError("a transaction that fails")

    first = db.current().write(used)
    with pytest.raises(ValueError, match="that fails"):
        db.current().write(fail)
    assert db.current().write(used) == first
    with db.current().writer.connect(), pytest.raises(AssertionError):
        db.current().writer.connect()  # nobody waits for the writer's connection: it would be a fault
