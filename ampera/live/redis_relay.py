"""What is new in one process is new in all, told through Redis. What Redis loses comes with the next heartbeat."""

import json
import secrets
import time
from collections.abc import Callable, Iterable

import structlog

CHANNEL = "ampera:news"
RETRY = 1.0  # seconds
TIMEOUT = 2.0  # seconds: nobody's request waits longer for a Redis that hangs
Topics = Iterable[tuple[str, str]]

log = structlog.get_logger()


class Relay:
    """Passes topics (namespace, room) on; `hear` is called with those of the other processes."""

    def __init__(self, url: str, hear: Callable[[Topics], None]) -> None:
        import redis

        self.mouth = redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)
        self.ear = redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT, decode_responses=True)
        self.trouble = redis.RedisError
        self.hear, self.me = hear, secrets.token_hex(8)
        self.is_wanted = True

    def publish(self, topics: Topics) -> None:
        try:
            self.mouth.publish(CHANNEL, json.dumps([self.me, *topics]))
        except self.trouble as error:
            log.warning("news did not reach the other processes", kind=type(error).__name__)

    def listen(self) -> None:
        """Hear the others for as long as this process lives, also after Redis was away."""
        while self.is_wanted:
            try:
                self._listen()
            except self.trouble as error:
                log.warning("no news from the other processes", kind=type(error).__name__)
            time.sleep(RETRY)

    def _listen(self) -> None:
        with self.ear.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
            channel.subscribe(CHANNEL)
            for message in channel.listen():
                sender, *topics = json.loads(message["data"])
                if sender != self.me:
                    self.hear((namespace, room) for namespace, room in topics)
