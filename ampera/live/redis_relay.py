"""Passes the names of changed rooms between processes, through Redis. No request waits for it.

Names that Redis did not take wait, each once, and go out when it answers again.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterable

import structlog

from ampera.live.redis_client import PAUSE, RedisClient

CHANNEL = "ampera:news"
RETRY = 1.0  # seconds
MOST_WAITING = 10_000  # names; beyond that the heartbeats of the other processes bring the news
Topics = Iterable[tuple[str, str]]
Start = Callable[[Callable[[], None]], object]

log = structlog.get_logger()


class Relay:
    """Publishes topics (namespace, room), and calls `receive` with those of the other processes.

    `start` runs a task in the background of a server. A command has no such task and ends soon: it publishes itself.
    """

    def __init__(self, url: str, receive: Callable[[Topics], None], start: Start | None = None) -> None:
        self.start = start
        self.publisher, self.subscriber = RedisClient(url), RedisClient(url)
        self.receive, self.process_id = receive, secrets.token_hex(8)
        self.waiting: set[tuple[str, str]] = set()
        self.wake = threading.Event()
        self.is_wanted, self.is_sending = True, False

    def publish(self, topics: Topics) -> None:
        """Note the topics for `send`, which the first ones start, whether or not anybody listens in this process."""
        self.waiting |= set(topics)
        if len(self.waiting) > MOST_WAITING:
            self.waiting.clear()
        if self.start is None:
            self._sent()
            return
        if not self.is_sending:
            self.is_sending = True
            self.start(self.send)
        self.wake.set()

    def send(self) -> None:
        """Publish what waits, as one message, until the process ends."""
        while self.is_wanted:
            self.wake.wait()
            self.wake.clear()
            if not self._sent():
                time.sleep(PAUSE)
                self.wake.set()

    def listen(self) -> None:
        """Receive until the process ends, also after Redis was unreachable."""
        while self.is_wanted:
            try:
                self._listen()
            except self.subscriber.redis_error as error:
                log.warning("no news from the other processes", kind=type(error).__name__)
            time.sleep(RETRY)

    def stop(self) -> None:
        self.is_wanted = False
        self.wake.set()

    def _sent(self) -> bool:
        """Whether Redis took all that waited. What it did not take waits on."""
        topics, self.waiting = self.waiting, set()
        message = json.dumps([self.process_id, *sorted(topics)])
        if not topics or self.publisher.ask(lambda redis: redis.publish(CHANNEL, message)) is not None:
            return True
        self.waiting |= topics
        return False

    def _listen(self) -> None:
        pubsub = self.subscriber.redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        with pubsub as channel:
            channel.subscribe(CHANNEL)
            while self.is_wanted:
                if message := channel.get_message(timeout=RETRY):
                    sender, *topics = json.loads(message["data"])
                    if sender != self.process_id:
                        self.receive((namespace, room) for namespace, room in topics)
