"""Work inside the server that no request waits for: a slice names it, each process does it.

Tasks fall due by the clock and share one greenlet; a worker is a loop of its own that others may wake. Both may run in
several processes at once and again after a crash: they must be safe to repeat.
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
    """Something to do every so many seconds, for the first time soon after the start."""

    seconds: float
    work: Callable[[], None]
    due_at: float = 0.0


@dataclass
class Worker:
    """A loop. `prepare(settings)` gives its step, or None where there is nothing to do for it.

    A step does a small piece of work and says how many seconds the loop may rest, unless it is woken.
    """

    name: str
    prepare: Callable[[Settings], Step | None]
    woken: threading.Event = field(default_factory=threading.Event)

    def run(self, app: Flask, step: Step) -> None:
        """Until the server stops. A failed step is logged and tried again after a rest."""
        while not is_stopping():
            self.woken.clear()  # before the step: what comes meanwhile is seen by the next one
            try:
                with app.app_context():
                    rest = step()
            except Exception as error:
                log.error("a worker failed", worker=self.name, kind=type(error).__name__)
                rest = REST_AFTER_FAILURE
            if rest > 0:
                self.woken.wait(rest)
            _let_others_go_first()


_tasks: list[Task] = []
_workers: dict[str, Worker] = {}
_stopping = threading.Event()


def every(seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Have the server do this again and again. Its failure is logged and it is tried again at its next time."""

    def add(work: Callable[[], None]) -> Callable[[], None]:
        _tasks.append(Task(seconds, work))
        return work

    return add


def worker(name: str, prepare: Callable[[Settings], Step | None]) -> None:
    """Have the server run this loop (see `Worker`)."""
    _workers[name] = Worker(name, prepare)


def wake(*names: str) -> None:
    """There is work for these loops of this process: they need not rest any longer."""
    for name in names:
        _workers[name].woken.set()


def stop() -> None:
    """The server is about to end: the loops finish what they are at and begin nothing new."""
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
    """Do what is due at this moment (monotonic seconds)."""
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
    """The server's task."""
    while True:
        run_due(app, time.monotonic())
        time.sleep(CHECK_SECONDS)


def within(seconds: float, job: Callable[[], T]) -> T:
    """Do something that may hang. TimeoutError when it takes longer; only the server can tell (it runs on gevent)."""
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
    """Requests are answered before the next piece of work; where they never end it is done all the same."""
    import gevent

    with gevent.Timeout(OTHERS_FIRST_SECONDS, False):
        gevent.idle()
