"""Clients that stall on the wire lose their connection after a time that they cannot extend: proved in real time.

The witness in the suite is test_time_limits.py.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.serving import wire

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def slow_clients(server) -> dict[str, tuple[bytes, float]]:
    """What three slow clients got, and after how many seconds; they wait side by side."""

    def wait(client) -> tuple[bytes, float]:
        began = time.monotonic()
        with wire.connect(server) as connection:
            answer = client(connection)
        return answer, time.monotonic() - began

    clients = (stalled_body, trickling_body, stalled_headers)
    with ThreadPoolExecutor(len(clients)) as pool:
        return {client.__name__: result for client, result in zip(clients, pool.map(wait, clients), strict=True)}


def stalled_body(connection):
    connection.sendall(wire.FORM + b"Content-Length: 20\r\n\r\nlogin=")
    return connection.recv(65536)


def trickling_body(connection):
    connection.sendall(wire.FORM + b"Content-Length: 1000\r\n\r\n")
    connection.settimeout(0.5)
    while True:
        connection.sendall(b"a")
        try:
            return connection.recv(65536)
        except TimeoutError:
            continue


def stalled_headers(connection):
    connection.sendall(b"GET / HTTP/1.1\r\nHost: local")
    return connection.recv(65536)


def test_a_body_that_does_not_come_in_time_is_refused_with_408(slow_clients):
    answer, seconds = slow_clients["stalled_body"]
    assert wire.status(answer) == 408 and 9 < seconds < 20


def test_a_body_that_trickles_gains_no_time(slow_clients):
    answer, seconds = slow_clients["trickling_body"]
    assert wire.status(answer) == 408 and 9 < seconds < 20


def test_headers_that_do_not_come_are_not_waited_for(slow_clients):
    answer, seconds = slow_clients["stalled_headers"]
    assert answer == b"" and seconds < 9
