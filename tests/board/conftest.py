"""Sockets for the board's tests; they and the tasks that emit end with their test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from ampera.live import pump as live
from tests.board.steps import Listener

RECHECK = 0.05  # seconds; the true ones are a promise that test_ended_rights.py pins


@pytest.fixture
def listen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Listener]]:
    """`listen("/board", token=…)` opens a socket; `browser=` gives its cookies, the rest is its `auth`."""
    monkeypatch.setattr(live, "RECHECK", RECHECK)
    listeners: list[Listener] = []

    def listen(namespace: str, browser: Any = None, **auth: Any) -> Listener:
        listeners.append(Listener(app, namespace, auth, browser))
        return listeners[-1]

    yield listen
    for listener in listeners:
        listener.close()
    pump = app.extensions["ampera.pump"]
    pump.is_running = False
    pump.wake.set()
    pump.recheck.set()
    for task in pump.tasks:
        task.join()
