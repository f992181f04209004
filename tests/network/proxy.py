"""A TCP proxy with weather: it cuts, delays, swallows and refuses connections, and may block websockets.

It carries bytes in the one loop of a thread; the weather may be changed at any moment from any thread.
"""

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

CHUNK = 65536
NO_WEBSOCKETS = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Weather:
    """What befalls connections. Shares are between 0 and 1; `lives_s` is the mean life of one (None: for ever)."""

    lives_s: float | None = None
    holes: float = 0.0  # share of the ends that are no cut but a hole: everything is swallowed, nothing is closed
    hole_s: tuple[float, float] = (2.0, 8.0)
    delayed: float = 0.0  # share of the chunks
    delay_s: tuple[float, float] = (0.0, 0.8)
    refused: float = 0.0  # share of the new connections


CALM = Weather()
STORM = Weather(lives_s=4.0, holes=0.4, delayed=0.25, refused=0.2)


class Loop:
    """An asyncio loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, Any], seconds: float = 30) -> Any:
        """Do it in the loop and give its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    def close(self) -> None:
        self.run(_cancel_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


class Link:
    """One connection through the proxy."""

    def __init__(self, *writers: asyncio.StreamWriter) -> None:
        self.writers = writers
        self.is_hole = self.is_websocket = False
        self.is_over = False

    def close(self) -> None:
        """What was written still arrives."""
        self.is_over = True
        for writer in self.writers:
            writer.close()

    def cut(self) -> None:
        """Reset, in the middle of whatever it is."""
        self.is_over = True
        for writer in self.writers:
            writer.transport.abort()


class Proxy:
    """`port` leads to `target` on the loopback, through the weather."""

    def __init__(self, loop: Loop, target: int, seed: int, blocks_websockets: bool = False) -> None:
        self.loop, self.target, self.random = loop, target, Random(seed)
        self.blocks_websockets = blocks_websockets
        self.weather = CALM
        self.links: set[Link] = set()
        self.counts = {"connections": 0, "refused": 0, "cut": 0, "holes": 0, "delayed": 0, "upgrades refused": 0}
        self.server = loop.run(asyncio.start_server(self._come, "127.0.0.1", 0, backlog=1000))
        self.port = self.server.sockets[0].getsockname()[1]

    def close(self) -> None:
        self.loop.run(self._close())

    def swallow_websockets(self) -> None:
        """Those of now fall into a hole that does not end; new ones are as the weather has it."""
        for link in list(self.links):
            link.is_hole = link.is_websocket

    async def _close(self) -> None:
        self.server.close()
        for link in list(self.links):
            link.cut()

    def _happens(self, share: float) -> bool:
        return share > 0 and self.random.random() < share

    async def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counts["connections"] += 1
        if self._happens(self.weather.refused):
            self.counts["refused"] += 1
            return writer.transport.abort()
        try:
            back_reader, back_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return writer.transport.abort()
        link = Link(writer, back_writer)
        self.links.add(link)
        fate = asyncio.create_task(self._befall(link))
        there = self._carry(link, reader, back_writer, is_asking=True)
        try:
            await asyncio.gather(there, self._carry(link, back_reader, writer))
        finally:
            fate.cancel()
            self.links.discard(link)

    async def _carry(self, link: Link, source: Any, sink: Any, is_asking: bool = False) -> None:
        """One direction. The end of one side is the end of both, unless it fell into a hole."""
        try:
            while chunk := await source.read(CHUNK):
                if is_asking and b"upgrade: websocket" in chunk.lower():
                    link.is_websocket = True
                if link.is_websocket and self.blocks_websockets:
                    self.counts["upgrades refused"] += 1
                    link.writers[0].write(NO_WEBSOCKETS)
                    break
                if self._happens(self.weather.delayed):
                    self.counts["delayed"] += 1
                    await asyncio.sleep(self.random.uniform(*self.weather.delay_s))
                if not link.is_hole:
                    sink.write(chunk)
                    await sink.drain()
        except OSError:
            link.is_over = True
        finally:
            while link.is_hole and not link.is_over:
                await asyncio.sleep(0.05)
            link.close()

    async def _befall(self, link: Link) -> None:
        """How the weather ends this connection. What lies in a hole stays there when the weather is calm again."""
        while True:
            mean = self.weather.lives_s
            await asyncio.sleep(self.random.expovariate(1 / mean) if mean else 0.1)
            if mean is None or self.weather.lives_s is None:
                continue
            if self._happens(self.weather.holes):
                self.counts["holes"] += 1
                link.is_hole = True
                await asyncio.sleep(self.random.uniform(*self.weather.hole_s))
            self.counts["cut"] += 1
            return link.cut()


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
