"""Limits of size on the wire: a clear refusal each, and never a second request smuggled in."""

import threading

import pytest

from tests.serving import wire


def test_body_over_the_limit_is_refused_with_413_before_being_sent(server):
    with wire.connect(server) as big:
        big.sendall(wire.FORM + b"Content-Length: 31000000\r\n\r\nlogin=")
        assert wire.status(big.recv(65536)) == 413


def test_a_chunked_body_over_the_limit_is_refused_with_413(server):
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    with wire.connect(server) as big:
        try:
            big.sendall(wire.FORM + b"Transfer-Encoding: chunked\r\n\r\n")
            for _ in range(30):
                big.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert wire.status(big.recv(65536)) == 413


@pytest.mark.parametrize(
    "headers",
    [
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length: +5\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_two_ways_to_read_a_request_are_refused(server, headers):
    smuggled = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = wire.exchange(server, b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n" + smuggled)
    assert wire.status(answer) in (400, 501)
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("size", [9_000, 200_000])
def test_a_request_line_or_header_without_end_is_refused(server, size):
    assert wire.status(wire.exchange(server, b"GET /" + b"a" * size)) == 414
    endless = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * size
    assert wire.status(wire.exchange(server, endless + b"\r\n\r\n")) == 431


def test_answers_do_not_name_the_server_software(server):
    answer = wire.exchange(server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert b"\r\nserver:" not in answer.lower()


def test_an_invented_scheme_is_not_believed(server):
    """Only AMPERA_PROXIES decides whether X-Forwarded-* count."""
    answer = wire.exchange(
        server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    )
    assert wire.status(answer) == 200 and b"Strict-Transport-Security" not in answer


def test_a_fast_client_does_not_starve_the_others(server):
    """On kept-alive connections requests follow each other without a pause; somebody else waits for a few of them only.

    Answers are counted and not seconds, so that a busy machine is as busy for both.
    """
    done, answers = threading.Event(), []

    def hammer():
        with wire.connect(server) as fast:
            while not done.is_set():
                fast.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                answers.append(fast.recv(65536))

    fast_ones = [threading.Thread(target=hammer) for _ in range(4)]
    for client in fast_ones:
        client.start()
    overtaken_by = []
    for _ in range(20):
        before = len(answers)
        wire.exchange(server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        overtaken_by.append(len(answers) - before)
    done.set()
    for client in fast_ones:
        client.join()
    assert sorted(overtaken_by)[10] < 10 * len(fast_ones)
