"""Redis, asked for a moment only: after a command without an answer it is left alone until it answers a task that asks.

A Redis that hangs would otherwise hold up each command for TIMEOUT, and with it every scan, state and heartbeat.
"""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import structlog

if TYPE_CHECKING:
    from redis import Redis

TIMEOUT = 0.5  # seconds for one command
PAUSE = 1.0  # seconds between two questions whether Redis answers again
HEALTH_CHECK = 5  # seconds without a command, after which a connection is tried before it is trusted
T = TypeVar("T")

log = structlog.get_logger()


class RedisClient:
    """Commands that may fail: what they serve is news, which the next heartbeat brings anyway, or has a substitute."""

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        import redis

        self.redis: Redis = redis.Redis.from_url(
            url,
            socket_connect_timeout=timeout,
            socket_timeout=timeout,
            health_check_interval=HEALTH_CHECK,
            decode_responses=True,
        )
        self.redis_error = redis.RedisError
        self.is_paused = False

    def ask(self, command: Callable[["Redis"], T]) -> T | None:
        """What Redis answers, or None: it is away. One command of an outage waits in vain, those after it do not."""
        if self.is_paused:
            return None
        try:
            return command(self.redis)
        except self.redis_error as error:
            if not self.is_paused:
                self.is_paused = True
                log.warning("Redis does not answer", kind=type(error).__name__)
                threading.Thread(target=self._wait_for_answer, daemon=True).start()
            return None

    def _wait_for_answer(self) -> None:
        """On the server this is a task of gevent's loop."""
        while self.is_paused:
            time.sleep(PAUSE)
            try:
                self.redis.ping()
            except self.redis_error:
                continue
            self.is_paused = False
