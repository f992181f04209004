"""Eight clients that act at the very same moment, each on a thread and a database connection of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

SIZE = 8
PATIENCE = 60  # seconds
WINDOW = 0.004  # seconds; how long the moment between a read and its write is held open
MOST_ROUNDS = 60  # until a race without protection must have been lost; mostly the first round is lost


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each job returned, in order. All of them begin together."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait(PATIENCE)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def posts(clients: Sequence[Any], path: str, bodies: Sequence[Any]) -> list[Any]:
    """The answers to one POST of each client, all sent at once."""
    return at_once([lambda pair=pair: pair[0].post(path, json=pair[1]) for pair in zip(clients, bodies, strict=True)])


def slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, called a moment later: several clients that have read can meet before they write."""

    def later(*args: Any, **kwargs: Any) -> Any:
        time.sleep(WINDOW)
        return function(*args, **kwargs)

    return later
