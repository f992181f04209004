"""Bytes on the wire: what no well-behaved client library would send."""

import socket

from tests.services import LiveServer


def connect(server: LiveServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


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
