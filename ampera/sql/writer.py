"""The writer of an SQLite file: one transaction after the other, in the order in which they were asked for.

A commit waits for the disk. Jobs that wait meanwhile share the next one: each runs inside a savepoint, so that a job
that fails is undone alone, and none of them is answered before their commit.
"""

from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

R = TypeVar("R")

MOST_TOGETHER = 16  # jobs of one commit
LONGEST_TOGETHER = 0.005  # seconds after which a finished job waits for no other one


class Job(Generic[R]):
    """Work in a transaction, and its outcome. A long one shares no commit: the others would wait for its end."""

    def __init__(self, work: Callable[[Connection], R], is_long: bool) -> None:
        self.work, self.is_long = work, is_long
        self.is_done = False
        self.result: R | None = None
        self.error: BaseException | None = None

    def run(self, conn: Connection) -> None:
        self.result = self.work(conn)

    def run_apart(self, conn: Connection) -> None:
        """Run so that an error undoes this job alone."""
        conn.exec_driver_sql("SAVEPOINT job")
        try:
            self.run(conn)
        except Exception as error:
            conn.exec_driver_sql("ROLLBACK TO job")  # an error too, where SQLite has undone the whole transaction
            self.error = error
        conn.exec_driver_sql("RELEASE job")

    def outcome(self) -> R:
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]


class Writer:
    """Runs jobs in `on_thread`, which calls a function on the one thread that writes, or under the one lock."""

    def __init__(self, engine: Engine, on_thread: Callable[[Callable[[], None]], None]) -> None:
        self.engine, self.on_thread = engine, on_thread
        self.waiting: deque[Job[Any]] = deque()

    def run(self, work: Callable[[Connection], R], *, is_long: bool = False) -> R:
        """What `work` returns, once it is durable. Raises what the work raised, or why the commit failed."""
        job = Job(work, is_long)
        self.waiting.append(job)
        self.on_thread(lambda: self._work_until(job))
        return job.outcome()

    def _work_until(self, job: Job[Any]) -> None:
        """Those who waited before this job may have run it with their own."""
        while not job.is_done:
            self._commit_next()

    def _commit_next(self) -> None:
        jobs = [self.waiting.popleft()]  # before the transaction begins: if none can, this job receives the error
        try:
            with self.engine.begin() as conn:
                self._run(conn, jobs)
        except BaseException as error:
            for job in jobs:
                job.error = job.error or error
        for job in jobs:
            job.is_done = True

    def _run(self, conn: Connection, jobs: list[Job[Any]]) -> None:
        """Run the first job, and after it those that wait and may share its commit."""
        first, began = jobs[0], perf_counter()
        if first.is_long or not self.waiting:
            first.run(conn)
            return
        first.run_apart(conn)
        while self.waiting and not self.waiting[0].is_long and len(jobs) < MOST_TOGETHER:
            if perf_counter() - began > LONGEST_TOGETHER:
                return
            jobs.append(self.waiting.popleft())
            jobs[-1].run_apart(conn)
