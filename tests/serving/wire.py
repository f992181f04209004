"""Bytes on the wire: what no well-behaved client library would send."""

import socket

from tests.services import LiveServer

# The beginning of a request whose form the server reads before it answers; the length and the body are the test's.
FORM = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


def connect(server: LiveServer) -> socket.socket:
    return connect_to(server.port)


def connect_to(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def exchange(server: LiveServer, sent: bytes) -> bytes:
    """Send these bytes, then read until the server closes the connection."""
    with connect(server) as wire:
        wire.sendall(sent)
        return read_all(wire)


def read_all(wire: socket.socket) -> bytes:
    received = b""
    try:
        while part := wire.recv(65536):
            received += part
    except ConnectionResetError:
        pass  # the server closed while our bytes were still coming
    return received


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])
