"""The counters of traffic limits: of one process, or shared by several through Redis, which no request waits for long.

Each process also keeps what it last heard of a shared count and adds its own. So a Redis that hangs or is away loosens
no limit that a client has met, and a Redis that comes back empty neither.
"""

import threading
import time
from typing import Any

from limits.storage import MemoryStorage

from ampera.live.redis_client import RedisClient

SWEEP_SECONDS = 60
ANSWER_SECONDS = 0.1  # for one command of Redis. Then each process counts for itself until Redis answers again.
PREFIX = "ampera:limit:"


class Counters(MemoryStorage):
    """The counters of one process. Expired counters are dropped at the first count of a new minute.

    `MemoryStorage` starts and joins a timer thread at almost every count. On a busy gevent loop (a hundred phones that
    reconnect) that cost each request two extra rounds of the scheduler.
    """

    STORAGE_SCHEME = ["counters"]

    def __init__(self, uri: str | None = None, **options: str) -> None:
        super().__init__(uri, **options)  # type: ignore[arg-type]
        self._lock = threading.Lock()
        self._sweep_at = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add `amount` to the count of `key` and return the sum. A count lasts `expiry` seconds from its first hit."""
        with self._lock:
            now = time.time()
            if now >= self._sweep_at:
                self._sweep_at = now + SWEEP_SECONDS
                for expired in [key for key, until in self.expirations.items() if until <= now]:
                    self.clear(expired)
            count = self.storage[key] = self.get(key) + amount
            if count == amount:
                self.expirations[key] = now + expiry
            return count

    def learn(self, key: str, count: int, seconds: float) -> None:
        """Others have counted up to `count`, which lasts `seconds` more."""
        with self._lock:
            if count > self.get(key):
                self.storage[key], self.expirations[key] = count, time.time() + seconds


class SharedCounters(Counters):
    """The counters of all processes, in Redis; without an answer those of this process.

    Only a hit asks Redis. What a process knows of a count is as old as its own last hit: a client that changes the
    process may get one more try at each.
    """

    STORAGE_SCHEME = ["shared"]

    def __init__(self, uri: str | None = None, **options: str) -> None:
        super().__init__(uri)
        self.client = RedisClient(options["url"], ANSWER_SECONDS)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        own = super().incr(key, expiry, amount)
        answer = self._ask(key, expiry, amount)
        if answer is None:
            return own
        self.learn(key, *answer)
        return max(own, answer[0])

    def _ask(self, key: str, expiry: float, amount: int) -> tuple[int, float] | None:
        """The count in Redis after this hit, and how long it lasts."""

        def hit(redis: Any) -> tuple[int, float]:
            commands = redis.pipeline(transaction=True)
            commands.set(PREFIX + key, 0, ex=int(expiry), nx=True)  # a count lasts from its first hit
            commands.incrby(PREFIX + key, amount)
            commands.pttl(PREFIX + key)
            _, count, left_ms = commands.execute()
            return int(count), max(0.0, left_ms / 1000)

        return self.client.ask(hit)
