"""Clients of the measured server: requests over kept-alive connections, one thread each."""

import http.client
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from time import perf_counter
from typing import Any

from ampera.tools.bench.installation import Book


class Client:
    """One connection with one key, and the times of each kind of request in seconds."""

    def __init__(self, port: int, key: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
        self.took: dict[str, list[float]] = defaultdict(list)

    def post(self, kind: str, path: str, body: dict[str, Any]) -> Any:
        sent = json.dumps(body)
        began = perf_counter()
        self.connection.request("POST", path, sent, self.headers)
        response = self.connection.getresponse()
        answer = response.read()
        self.took[kind].append(perf_counter() - began)
        if response.status not in (200, 201):
            raise RuntimeError(f"{path} answered {response.status}: {answer[:200]!r}")
        return json.loads(answer)

    def get_text(self, path: str) -> str:
        """Get a text over a new connection, because the server ends idle ones."""
        self.connection.close()
        self.connection.request("GET", path, headers=self.headers)
        return self.connection.getresponse().read().decode()

    def close(self) -> None:
        self.connection.close()


def together(count: int, port: int, key: str, work: Callable[[Client, int], None]) -> dict[str, list[float]]:
    """Let `count` clients do `work(client, number)` at the same time; returns all times by kind of request."""
    took: dict[str, list[float]] = defaultdict(list)
    failed: list[BaseException] = []

    def run(number: int) -> None:
        with closing(Client(port, key)) as client:
            try:
                work(client, number)
            except Exception as error:
                failed.append(error)
            for kind, seconds in client.took.items():
                took[kind].extend(seconds)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return took


def shares(books: list[Book], count: int) -> Iterator[list[Book]]:
    """The books in `count` equal parts, one for each client."""
    return (books[number::count] for number in range(count))
