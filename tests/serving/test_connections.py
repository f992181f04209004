"""Connections and bodies of strangers on the real server: one address takes what one address may have."""

import socket
from contextlib import ExitStack

import httpx
import pytest

from ampera.serving.connections import IN_ALL, NEW, PER_ADDRESS, SLOW_SECONDS, Connections
from tests.services import wait_until
from tests.serving import wire


class Client:
    """A socket that knows whether it was cut."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair()

    @property
    def is_cut(self) -> bool:
        self.far.setblocking(False)
        try:
            return self.far.recv(1) == b""
        except BlockingIOError:
            return False


@pytest.fixture
def open_client():
    with ExitStack() as stack:

        def build() -> Client:
            client = Client()
            stack.callback(client.near.close)
            stack.callback(client.far.close)
            return client

        yield build


def test_the_newest_of_an_address_replaces_the_oldest_that_waits(open_client):
    connections, first, second = Connections(), open_client(), open_client()
    assert connections.enter(first.near, "192.0.2.1")
    assert connections.enter(second.near, "192.0.2.1")
    for _ in range(PER_ADDRESS - 2):
        assert connections.enter(open_client().near, "192.0.2.1")
    assert connections.enter(open_client().near, "192.0.2.2") and not first.is_cut
    assert connections.enter(open_client().near, "192.0.2.1")
    assert first.is_cut and not second.is_cut
    assert len(connections.of["192.0.2.1"]) == PER_ADDRESS


def test_a_client_that_is_being_answered_is_not_cut_until_the_answer_is_very_late(open_client):
    now = [0.0]
    connections = Connections(now=lambda: now[0])
    busy = [connections.enter(open_client().near, "192.0.2.1") for _ in range(PER_ADDRESS)]
    for connection in busy:
        connections.work(connection)
    assert connections.enter(open_client().near, "192.0.2.1") is None
    now[0] = SLOW_SECONDS + 1
    assert connections.enter(open_client().near, "192.0.2.1")


def test_known_clients_are_not_counted(open_client):
    connections = Connections()
    for _ in range(PER_ADDRESS + 5):
        client = open_client()
        connections.identify(connections.enter(client.near, "192.0.2.1"))
        assert not client.is_cut
    assert connections.count == 0 and not connections.of


def test_a_kept_connection_counts_again_while_waiting(open_client):
    connections = Connections()
    connection = connections.enter(open_client().near, "192.0.2.1")
    connections.release(connection)  # it was to become a socket, and was refused
    connections.wait(connection)
    assert connections.count == 1


def test_many_addresses_together_leave_room_for_known_clients(open_client):
    connections = Connections()
    client = open_client()
    for n in range(IN_ALL + 100):
        assert connections.enter(client.near, f"192.0.{n % 250}.{n // 250}")
    assert connections.count == IN_ALL


def test_behind_a_proxy_all_connections_have_one_address(open_client):
    connections, client = Connections(is_limited=False), open_client()
    assert all(connections.enter(client.near, "192.0.2.1") for _ in range(PER_ADDRESS + 5))


HALVES = {"127.0.9.1": b"GET / HTTP/1.1\r\nHost: local", "127.0.9.2": wire.FORM + b"Content-Length: 50\r\n\r\nlogin="}


def is_answered(server, address: str) -> bool:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address)) as client:
        try:
            return client.get(f"{server.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False


@pytest.mark.parametrize("stranger", HALVES)
def test_an_address_full_of_half_requests_still_gets_answers(server, stranger):
    with ExitStack() as stack:
        held = []
        for _ in range(PER_ADDRESS + 20):
            connection = socket.create_connection(("127.0.0.1", server.port), 30, (stranger, 0))
            stack.callback(connection.close)
            connection.sendall(HALVES[stranger])
            held.append(connection)
        # A request that the server has not begun to read is not waited for yet, and is not cut.
        wait_until(lambda: is_answered(server, stranger), "the crowd is never over")
        assert all(is_answered(server, address) for address in (stranger, "127.0.0.1") * 3)
        held[0].settimeout(30)
        assert held[0].recv(100) == b"", "the oldest was not cut for the newest"


@pytest.mark.parametrize("path", ["/desk/import", "/api/v1/imports", "/api/v1/passports", "/register", "/admin/staff"])
def test_no_body_is_read_before_the_sender_is_known(server, path):
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
    with wire.connect(server) as stranger:
        stranger.sendall(
            f"{head}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\n\r\n".encode()
        )
        assert wire.status(stranger.recv(65536)) in (401, 404, 405)


def test_a_stranger_posts_no_more_than_a_form(server):
    with wire.connect(server) as stranger:
        stranger.sendall(wire.FORM + b"Content-Length: 70000\r\n\r\nlogin=")
        assert wire.status(stranger.recv(65536)) == 413


def test_the_parts_of_a_strangers_form_are_counted(server):
    files = {f"part{n}": ("x", b"x") for n in range(60)}
    answer = httpx.post(f"{server.url}/login", data={"login": "x"}, files=files, timeout=30)
    assert answer.status_code == 413


def test_a_long_unwanted_body_is_not_read_to_the_end(server):
    """The answer arrives, then the connection ends: the server reads at most two megabytes more."""
    with wire.connect(server) as stranger:
        head = b"POST /api/v1/imports HTTP/1.1\r\nHost: localhost\r\nContent-Length: 24000000\r\n\r\n"
        sent = 0
        try:
            stranger.sendall(head)
            for _ in range(400):
                stranger.sendall(b"x" * 60_000)
                sent += 60_000
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < 24_000_000
    with wire.connect(server) as patient:
        patient.sendall(head)
        assert wire.status(patient.recv(65536)) == 401


def test_an_address_that_opens_connections_without_pause_is_refused_at_once():
    connections = Connections()
    came = sum(connections.may_come("192.0.2.1") for _ in range(5000))
    assert NEW[1] <= came < NEW[1] + 100
    assert connections.may_come("192.0.2.2")
    assert Connections(is_limited=False).may_come("192.0.2.1")
