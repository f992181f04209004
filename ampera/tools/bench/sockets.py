"""A WebSocket client with just enough Engine.IO and Socket.IO to listen to one namespace. Subclasses use the events."""

import json
import socket
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Request, TextMessage

PATH = "/socket.io/?EIO=4&transport=websocket"
ENGINE_PING = "2"


class Listener:
    """One connection. `receive` calls `on_join` once and `on_event` with the text of each event."""

    def __init__(
        self, port: int, auth: dict[str, Any], namespace: str = "/board", cookie: str = "", address: str = "127.0.0.1"
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), source_address=(address, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.wire = WSConnection(ConnectionType.CLIENT)
        self.auth, self.namespace = auth, namespace
        self.is_open = True
        self.text = ""
        headers = [(b"Cookie", cookie.encode())] if cookie else []
        self.socket.sendall(self.wire.send(Request(f"127.0.0.1:{port}", PATH, extra_headers=headers)))

    def on_join(self) -> None:
        """The server has accepted the connection to the namespace."""

    def on_event(self, text: str) -> None:
        """An event has arrived: `42/namespace,["name",…]`."""

    def receive(self) -> None:
        """Read what has arrived, answer pings, and call the hooks."""
        self.wire.receive_data(self.socket.recv(65536) or None)
        for event in self.wire.events():
            if isinstance(event, AcceptConnection):
                self.send(f"40{self.namespace},{json.dumps(self.auth)}")
            elif isinstance(event, Ping):
                self.socket.sendall(self.wire.send(event.response()))
            elif isinstance(event, CloseConnection):
                self.is_open = False
            elif isinstance(event, TextMessage):
                self.text += event.data
                if event.message_finished:
                    self._message(self.text)
                    self.text = ""

    def close(self) -> None:
        self.is_open = False
        self.socket.close()

    def send(self, text: str) -> None:
        self.socket.sendall(self.wire.send(TextMessage(text)))

    def _message(self, text: str) -> None:
        if text == ENGINE_PING:
            self.send("3")
        elif text.startswith("42"):
            self.on_event(text)
        elif text.startswith(f"40{self.namespace}"):
            self.on_join()
