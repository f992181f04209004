"""Socket.IO as a client speaks it over asyncio: by websocket, and by polling where that is refused. And a plain GET."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, RejectConnection, Request, TextMessage
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

PATH = "/socket.io/?EIO=4&transport="
CONNECT_SECONDS = 20  # as socket.io-client waits for an open socket
SEPARATOR = "\x1e"
LOOPBACK = "127.0.0.1"
Lost = (OSError, EOFError, TimeoutError, RemoteProtocolError, LocalProtocolError, ValueError)


class Refused(OSError):
    """The proxy between client and server refuses websockets."""


async def ask(
    port: int, method: str, path: str, body: str = "", headers: dict[str, str] | None = None, address: str = LOOPBACK
) -> tuple[int, str]:
    """One request on a connection of its own, from this address: status and body."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port, local_addr=(address, 0))
    try:
        lines = {"Host": f"127.0.0.1:{port}", "Connection": "close", "Content-Length": len(body), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
        answer = await reader.read()
    finally:
        writer.transport.abort()
    top, _, content = answer.partition(b"\r\n\r\n")
    status = top.split(b" ", 2)
    length = next((line[15:] for line in top.lower().split(b"\r\n") if line.startswith(b"content-length:")), None)
    if len(status) < 2 or (length is not None and len(content) != int(length)):
        raise EOFError("half an answer")
    return int(status[1]), content.decode()


class Websocket:
    """Packets over a websocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.wire = WSConnection(ConnectionType.CLIENT)
        self.text = ""
        self.early: list[Any] = []  # what came together with the answer to the request

    async def send(self, packet: str) -> None:
        self.writer.write(self.wire.send(TextMessage(packet)))

    async def open(self, port: int) -> None:
        self.writer.write(self.wire.send(Request(f"127.0.0.1:{port}", f"{PATH}websocket")))
        while not any(isinstance(event, AcceptConnection) for event in self.early):
            self.early += await self._events()

    async def packets(self) -> list[str]:
        """Those that came; waits for at least a piece of one."""
        found = []
        early, self.early = self.early, []
        for event in early or await self._events():
            if isinstance(event, TextMessage):
                self.text += event.data
                if event.message_finished:
                    found.append(self.text)
                    self.text = ""
        return found

    async def _events(self) -> list[Any]:
        self.wire.receive_data(await self.reader.read(65536) or None)
        events = list(self.wire.events())
        for event in events:
            if isinstance(event, RejectConnection):
                raise Refused(f"status {event.status_code}")
            if isinstance(event, CloseConnection):
                raise EOFError("closed")
        return events


class Polling:
    """Packets over requests that wait for an answer."""

    def __init__(self, port: int) -> None:
        self.port, self.path = port, f"{PATH}polling"

    async def open(self) -> None:
        """The first answer names the session; it is kept for `packets`."""
        self.first = await self._get()
        self.path += f"&sid={json.loads(self.first[0][1:])['sid']}"

    async def send(self, packet: str) -> None:
        headers = {"Content-Type": "text/plain;charset=UTF-8"}
        status, _ = await ask(self.port, "POST", self.path, packet, headers)
        if status != 200:
            raise EOFError(f"status {status}")

    async def packets(self) -> list[str]:
        first, self.first = self.first, []
        return first or await self._get()

    async def _get(self) -> list[str]:
        status, body = await ask(self.port, "GET", self.path)
        if status != 200:
            raise EOFError(f"status {status}")
        return body.split(SEPARATOR)


@asynccontextmanager
async def opened(port: int, address: str = LOOPBACK) -> AsyncIterator[Websocket | Polling]:
    """A websocket; where it is refused, polling."""
    writer = None
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            try:
                reader, writer = await asyncio.open_connection(LOOPBACK, port, local_addr=(address, 0))
                found: Websocket | Polling = Websocket(reader, writer)
                await found.open(port)  # type: ignore[call-arg]
            except Refused:
                found = Polling(port)
                await found.open()
        yield found
    finally:
        if writer:
            writer.transport.abort()
