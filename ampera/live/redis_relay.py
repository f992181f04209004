"""Passes the names of changed rooms between processes, through Redis. The next heartbeat replaces a lost message."""

import json
import secrets
import time
from collections.abc import Callable, Iterable

import structlog

CHANNEL = "ampera:news"
RETRY = 1.0  # seconds
TIMEOUT = 0.5  # seconds that a request waits for a Redis that hangs,
PAUSE = 5.0  # seconds for which nothing is published after that: the next heartbeat of each process sends the news
Topics = Iterable[tuple[str, str]]

log = structlog.get_logger()


class Relay:
    """Publishes topics (namespace, room), and calls `receive` with those of the other processes."""

    def __init__(self, url: str, receive: Callable[[Topics], None]) -> None:
        import redis

        self.publisher = redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)
        self.subscriber = redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, decode_responses=True)
        self.redis_error = redis.RedisError
        self.receive, self.process_id = receive, secrets.token_hex(8)
        self.is_wanted = True
        self.paused_until = 0.0

    def publish(self, topics: Topics) -> None:
        if time.monotonic() < self.paused_until:
            return
        try:
            self.publisher.publish(CHANNEL, json.dumps([self.process_id, *topics]))
        except self.redis_error as error:
            self.paused_until = time.monotonic() + PAUSE
            log.warning("news did not reach the other processes", kind=type(error).__name__)

    def listen(self) -> None:
        """Receive until the process ends, also after Redis was unreachable."""
        while self.is_wanted:
            try:
                self._listen()
            except self.redis_error as error:
                log.warning("no news from the other processes", kind=type(error).__name__)
            time.sleep(RETRY)

    def _listen(self) -> None:
        with self.subscriber.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
            channel.subscribe(CHANNEL)
            for message in channel.listen():
                sender, *topics = json.loads(message["data"])
                if sender != self.process_id:
                    self.receive((namespace, room) for namespace, room in topics)
