"""Sockets for the board's tests; the task that emits ends with its app."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.board.steps import Listener


@pytest.fixture
def listen(app: Flask) -> Iterator[Callable[..., Listener]]:
    """`listen("/board", token=…)` opens a socket; `browser=` gives its cookies, the rest is its `auth`."""

    def listen(namespace: str, browser: Any = None, **auth: Any) -> Listener:
        return Listener(app, namespace, auth, browser)

    yield listen
    pump = app.extensions["ampera.pump"]
    pump.is_running = False
    pump.wake.set()
    app.config["HAS_LISTENED"] = True  # its task may not have ended yet: no other test gets this app
