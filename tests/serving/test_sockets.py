"""Websockets through the real server: the upgrade itself, and that they do not hold up a stop."""

import time
from concurrent.futures import ThreadPoolExecutor

import socketio

from tests.services import LiveServer, is_listening, wait_until
from tests.serving import wire

UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n%s\r\n"
)


def test_the_upgrade_works_and_costs_no_deflate(server):
    with wire.connect(server) as socket:
        socket.sendall(UPGRADE % (server.port, b""))
        answer = socket.recv(4096)
    assert wire.status(answer) == 101
    assert b"permessage-deflate" not in answer


def test_another_sites_page_gets_no_socket(server):
    with wire.connect(server) as socket:
        socket.sendall(UPGRADE % (server.port, b"Origin: http://evil.example\r\n"))
        assert wire.status(socket.recv(4096)) == 400


def test_sigterm_answers_running_requests_notifies_sockets_and_exits_0(new_server):
    reasons: list[str] = []
    with new_server() as server, wire.connect(server) as running, wire.connect(server) as idle:
        clients = [_listen(server, reasons) for _ in range(20)]
        # In flight: half of its body is there when SIGTERM comes.
        running.sendall(wire.FORM + b"Content-Length: 6\r\n\r\nlog")
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert wire.status(idle.recv(65536)) == 200

        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            ended = pool.submit(server.terminate)
            wait_until(lambda: not is_listening(server.port), "the server still takes connections")
            running.sendall(b"in=")
            answer = wire.read_all(running)
            assert wire.status(answer) < 500
            assert ended.result() == 0
        assert time.monotonic() - began < 5 + server.start_seconds  # on a busy machine everything takes longer
        wait_until(lambda: len(reasons) == 20, f"only {len(reasons)} of 20 sockets were notified")
        for client in clients:
            client.disconnect()


def _listen(server: LiveServer, reasons: list[str]) -> socketio.Client:
    """A socket of engine.io itself: what it needs no permission for is to be there."""
    client = socketio.Client(reconnection=False)
    client.eio.on("disconnect", lambda reason: reasons.append(reason))
    client.eio.connect(server.url, transports=["websocket"], engineio_path="socket.io")
    return client
