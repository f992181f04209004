"""Work that falls due by the clock, done inside the server: a slice names it, one task of each process does it.

A task may run in several processes at once and again after a crash: it must be safe to repeat.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Flask

CHECK_SECONDS = 5.0

log = structlog.get_logger()


@dataclass
class Task:
    """Something to do every so many seconds, for the first time soon after the start."""

    seconds: float
    work: Callable[[], None]
    due_at: float = 0.0


_tasks: list[Task] = []


def every(seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Have the server do this again and again. Its failure is logged and it is tried again at its next time."""

    def add(work: Callable[[], None]) -> Callable[[], None]:
        _tasks.append(Task(seconds, work))
        return work

    return add


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
