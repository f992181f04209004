"""States on their way to sockets: in order, the newest always, none twice, whatever the client and the network do."""

import json
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import engineio.socket
import pytest
import socketio
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import CloseConnection, Ping, Pong, TextMessage

from ampera.live import fan_out, websocket
from ampera.live.fan_out import FanOut
from ampera.live.guests import Guest
from ampera.live.websocket import Websocket, frame
from ampera.web.rates import Bucket

SMALL_BUFFER = 4096  # bytes of the kernel; it takes at least twice as much


def _line() -> tuple[socket.socket, socket.socket]:
    """The two ends of a connection with small buffers, in which a frame may get stuck half way."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER)
        far = socket.socket()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        far.connect(server.getsockname())
        return server.accept()[0], far


class Client:
    """A client of the server: its websocket, its socket of Engine.IO, and what has arrived at its end of the line."""

    def __init__(self, server: socketio.Server, name: str) -> None:
        ours, self.end = _line()
        ours.setblocking(False)
        ours.settimeout(0.05)
        self.end.settimeout(5)
        self.guest = Guest("192.0.2.1", False, Bucket(1, 1), 0.0, 0.0)
        self.websocket = Websocket(lambda _websocket: None, None)
        self.websocket.connection, self.websocket.guest = ours, self.guest
        self.websocket.wire = Connection(ConnectionType.SERVER)
        self.websocket.namespaces = frozenset({"/board"})
        self.guest.hang_up = self.websocket.hang_up
        self.engine = server.eio.sockets[name] = engineio.socket.Socket(server.eio, name)
        self.wire, self.text = Connection(ConnectionType.CLIENT), ""
        server.manager.enter_room(server.manager.connect(name, "/board"), "/board", "1")

    def upgrade(self) -> None:
        self.guest.websocket, self.engine.upgraded = self.websocket, True

    def write_queue(self) -> None:
        """What the writing task of Engine.IO does, once."""
        while not self.engine.queue.empty():
            for packet in self.engine.poll():
                self.websocket.send(packet.encode())

    def revisions(self, until: int | None = None) -> list[int]:
        """The revisions that have arrived; with `until` waits for it."""
        found: list[int] = []
        self.end.settimeout(5 if until is not None else 0.0)
        while until is None or until not in found:
            try:
                self.wire.receive_data(self.end.recv(65536))
            except BlockingIOError:
                break
            for event in self.wire.events():
                assert isinstance(event, TextMessage)
                self.text += event.data
                if event.message_finished:
                    found.append(json.loads(self.text.partition(",")[2])[1]["revision"])
                    self.text = ""
        return found

    def close(self) -> None:
        self.end.close()
        self.websocket.connection.close()


@pytest.fixture
def server() -> socketio.Server:
    manager = FanOut()
    server = socketio.Server(client_manager=manager, async_mode="threading", namespaces=["/board"])
    server.clients = {}
    manager.guest_of = lambda eio_sid: server.clients[eio_sid].guest
    manager.check()
    assert manager.is_direct
    return server


@pytest.fixture
def join(server: socketio.Server) -> Iterator[Any]:
    """`join("a")` is a client on a websocket."""

    def join(name: str = "a", is_upgraded: bool = True) -> Client:
        client = server.clients[name] = Client(server, name)
        if is_upgraded:
            client.upgrade()
        return client

    yield join
    for client in server.clients.values():
        client.close()


def send(server: socketio.Server, revision: int, size: int = 10) -> None:
    server.manager.emit("board", {"revision": revision, "padding": "x" * size}, "/board", room="1")


def test_a_state_is_encoded_once_and_written_at_once_to_every_client(server, join, monkeypatch):
    clients, made = [join(str(number)) for number in range(20)], []
    monkeypatch.setattr(fan_out, "frame", lambda packet: made.append(packet) or frame(packet))
    send(server, 1)
    assert [client.revisions() for client in clients] == [[1]] * 20
    assert len(made) == 1 and all(client.engine.queue.empty() for client in clients)


def test_states_arrive_in_order_behind_what_waits_in_the_queue(server, join):
    client = join()
    client.engine.send(fan_out.Packet(fan_out.MESSAGE, '2/board,["board",{"revision":0}]'))
    send(server, 1)
    assert client.revisions() == []
    client.write_queue()
    send(server, 2)
    assert client.revisions() == [0, 1, 2]


def test_for_a_slow_client_a_newer_state_replaces_the_one_that_waits(server, join):
    client, revision = join(), 0
    while client.engine.queue.empty():  # until the kernel takes no more
        revision += 1
        send(server, revision, 2000)
    for _ in range(50):
        revision += 1
        send(server, revision, 2000)
    assert client.engine.queue.qsize() <= 2  # the rest of a state, and the newest one
    arrived: list[int] = []
    while not client.engine.queue.empty():
        arrived += client.revisions()
        client.websocket.connection.settimeout(5)
        client.write_queue()
    arrived += client.revisions(until=revision) if revision not in arrived else []
    assert arrived == sorted(set(arrived)) and arrived[-1] == revision


def test_a_state_that_is_being_written_is_followed_by_the_newer_one(server, join):
    client = join(is_upgraded=False)
    send(server, 1)
    (taken,) = client.engine.poll()
    text = taken.encode()
    send(server, 2)
    send(server, 3)
    assert '"revision":1' in text
    assert ['"revision":3' in packet.encode() for packet in client.engine.poll()] == [True]


def test_a_client_that_upgrades_during_states_misses_none_and_gets_none_twice(server, join):
    client = join(is_upgraded=False)
    send(server, 1)
    client.upgrade()
    send(server, 2)
    client.write_queue()
    send(server, 3)
    assert client.revisions() == [2, 3]


def test_clients_that_come_and_go_disturb_nobody(server, join):
    stays, received = join("stays"), []
    for number in range(1, 30):
        guest = join(f"guest {number}")
        send(server, number)
        assert guest.revisions() == [number]
        received += stays.revisions()
        guest.engine.closed = number % 2 == 0
        if number % 3 == 0:
            guest.websocket.hang_up()
    assert received == list(range(1, 30))


def test_a_client_that_takes_nothing_is_cut_off(server, join):
    client, revision = join(), 0
    while client.engine.queue.empty():
        revision += 1
        send(server, revision, 2000)
    with pytest.raises(OSError):  # its time is 0.05 s here
        client.write_queue()
    assert client.websocket.is_over and client.websocket.wait() is None


def test_nothing_is_written_behind_the_first_part_of_a_frame(join):
    client = join()
    while not client.websocket.rest:
        assert client.websocket.offer(frame("x" * 50_000))
    client.end.recv(1_000_000)
    assert not client.websocket.offer(frame("x"))


@pytest.mark.parametrize("name", fan_out.NEEDED)
def test_with_an_unknown_engine_the_library_sends(server, join, monkeypatch, name):
    client = join()
    monkeypatch.setattr(
        fan_out.engineio.socket, "Socket", lambda *_: SimpleNamespace(**dict.fromkeys(set(fan_out.NEEDED) - {name}))
    )
    server.manager.check()
    send(server, 1)
    assert not server.manager.is_direct
    client.write_queue()
    assert client.revisions() == [1]


def test_a_ping_is_answered_and_a_close_ends_the_socket(server, join):
    client = join()
    client.end.sendall(client.wire.send(Ping(b"hello")) + client.wire.send(TextMessage("3")))
    assert client.websocket.wait() == "3"
    client.wire.receive_data(client.end.recv(4096))
    assert [type(event) for event in client.wire.events()] == [Pong]
    client.end.sendall(client.wire.send(CloseConnection(1000)))
    assert client.websocket.wait() is None
    assert client.end.recv(4096)[:1] == b"\x88"


@pytest.mark.parametrize("sent", [b"\x81\x05hello", b"\xc1\x80\x00\x00\x00\x00", b"\x83\x80\x00\x00\x00\x00"])
def test_frames_against_the_protocol_end_the_socket(join, sent):
    """Without a mask, with a reserved bit, of an unknown kind."""
    client = join()
    client.end.sendall(sent)
    assert client.websocket.wait() is None


def test_fragments_are_put_together_up_to_the_longest_packet(join):
    client = join()
    client.end.sendall(client.wire.send(TextMessage("40", message_finished=False)))
    client.end.sendall(client.wire.send(TextMessage("/board,")))
    assert client.websocket.wait() == "40/board,"
    for _ in range(3):
        client.end.sendall(client.wire.send(TextMessage("x" * 2000, message_finished=False)))
    assert client.websocket.wait() is None


@pytest.mark.parametrize("length", [0, 125, 126, 65535, 65536])
def test_a_frame_of_any_length_is_read_whole_by_a_client(length):
    wire = Connection(ConnectionType.CLIENT)
    wire.receive_data(frame("x" * length))
    assert [event.data for event in wire.events()] == ["x" * length]


@pytest.mark.parametrize(
    ("key", "version"), [("", "13"), ("dGhlIHNhbXBsZSBub25jZQ==", "8"), ("c2hvcnQ=", "13"), ("no base 64", "13")]
)
def test_a_handshake_that_is_none_is_refused(key, version):
    refused: list[str] = []
    environ = {"HTTP_SEC_WEBSOCKET_KEY": key, "HTTP_SEC_WEBSOCKET_VERSION": version, "gunicorn.socket": object()}
    made = Websocket(lambda _websocket: None, None)
    assert made(environ, lambda status, _headers: refused.append(status)) == []
    assert refused == ["400 BAD REQUEST"]
    assert websocket.STUCK_SECONDS == 20


def test_one_task_pings_all_sockets_at_the_interval(server, join):
    server.eio.ping_interval, started = 5, []
    server.eio.start_background_task = started.append
    clients = [join(str(number), is_upgraded=False) for number in range(3)]
    for name, client in server.clients.items():
        server.manager.enter(name)
        client.engine.schedule_ping()
        client.engine.schedule_ping()  # while the first one waits
    clients[2].engine.closed = True
    pings = server.manager.pings
    slept = []
    server.eio.sleep = lambda seconds: (
        slept.append(seconds) or pings.planned.__init__((0.0, connection) for _, connection in list(pings.planned))
    )
    assert len(started) == 1
    started[0]()
    assert slept[0] == pytest.approx(5, abs=1)
    assert [client.engine.queue.qsize() for client in clients] == [1, 1, 0]
    assert not pings.is_running and clients[0].engine.last_ping
    server.manager.leave("0")
    assert "schedule_ping" not in vars(clients[0].engine)
