"""Background work of the server. A slice declares the work, and each server process runs it.

Tasks are due by the clock and share one greenlet. A worker is a loop of its own that other code may wake. Both may run
in several processes at once, and again after a crash, so both must be safe to repeat.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog
from flask import Flask

from ampera.db import gevent_is_patched
from ampera.settings import Settings

CHECK_SECONDS = 5.0
REST_AFTER_FAILURE = 5.0
OTHERS_FIRST_SECONDS = 0.5

T = TypeVar("T")
Step = Callable[[], float]

log = structlog.get_logger()


@dataclass
class Task:
    """A function that runs every few seconds, first soon after the start."""

    seconds: float
    work: Callable[[], None]
    due_at: float = 0.0


@dataclass
class Worker:
    """A loop. `prepare(settings)` returns its step, or None when the settings leave it nothing to do.

    A step does a small piece of work and returns the seconds that the loop may rest, unless it is woken. The last step
    runs when the server stops: it starts no work, and gives back what the loop holds.
    """

    name: str
    prepare: Callable[[Settings], Step | None]
    woken: threading.Event = field(default_factory=threading.Event)

    def run(self, app: Flask, step: Step) -> None:
        """Run steps until the server stops, then the last one. A failed step is logged and repeated after a rest."""
        is_last = False
        while not is_last:
            is_last = is_stopping()
            self.woken.clear()  # before the step, so that the next step sees work that arrives during this one
            try:
                with app.app_context():
                    rest = step()
            except Exception as error:
                log.error("a worker failed", worker=self.name, kind=type(error).__name__)
                rest = REST_AFTER_FAILURE
            if rest > 0 and not is_stopping():
                self.woken.wait(rest)
            _let_others_go_first()


_tasks: list[Task] = []
_workers: dict[str, Worker] = {}
_stopping = threading.Event()


def every(seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Decorator: run this function every few seconds. A failure is logged, and the next run is on time."""

    def add(work: Callable[[], None]) -> Callable[[], None]:
        _tasks.append(Task(seconds, work))
        return work

    return add


def worker(name: str, prepare: Callable[[Settings], Step | None]) -> None:
    """Register a loop that the server runs (see `Worker`)."""
    _workers[name] = Worker(name, prepare)


def wake(*names: str) -> None:
    """Wake these loops of this process, because there is work for them."""
    for name in names:
        _workers[name].woken.set()


def stop() -> None:
    """Ask the loops to finish their present step and to start nothing new."""
    _stopping.set()
    wake(*_workers)


def is_stopping() -> bool:
    return _stopping.is_set()


def loops(app: Flask) -> Iterator[Callable[[], None]]:
    """The workers' loops, which the server runs beside its requests, each in a greenlet of its own."""
    for worker in _workers.values():
        if step := worker.prepare(app.extensions["ampera.settings"]):
            yield partial(worker.run, app, step)


def run_due(app: Flask, now: float) -> None:
    """Run the tasks that are due at this moment (monotonic seconds)."""
    for task in _tasks:
        if task.due_at > now:
            continue
        task.due_at = now + task.seconds
        try:
            with app.app_context():
                task.work()
        except Exception as error:
            log.error("a task failed", task=task.work.__name__, kind=type(error).__name__)


def run_forever(app: Flask) -> None:
    """Run all tasks until the server stops."""
    while True:
        run_due(app, time.monotonic())
        time.sleep(CHECK_SECONDS)


def within(seconds: float, job: Callable[[], T]) -> T:
    """Run a function that may hang. Raises TimeoutError after the limit, in the server only (it runs on gevent)."""
    if not gevent_is_patched():
        return job()
    import gevent

    limit = gevent.Timeout(seconds)
    limit.start()
    try:
        return job()
    except gevent.Timeout as over:
        if over is not limit:
            raise
        raise TimeoutError from None
    finally:
        limit.close()


def _let_others_go_first() -> None:
    """Yield to pending requests, for at most OTHERS_FIRST_SECONDS, so that steady traffic cannot starve the worker."""
    import gevent

    with gevent.Timeout(OTHERS_FIRST_SECONDS, False):
        gevent.idle()
