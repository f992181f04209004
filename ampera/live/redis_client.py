"""Redis, asked for a moment only: after a command without an answer it is left alone for PAUSE seconds.

A Redis that hangs would otherwise hold up each command for TIMEOUT, and with it every scan, state and heartbeat.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import structlog

if TYPE_CHECKING:
    from redis import Redis

TIMEOUT = 0.5  # seconds for one command
PAUSE = 2.0  # seconds
HEALTH_CHECK = 5  # seconds without a command, after which a connection is tried before it is trusted
T = TypeVar("T")

log = structlog.get_logger()


class RedisClient:
    """Commands that may fail: what they serve is news, which the next heartbeat brings anyway."""

    def __init__(self, url: str) -> None:
        import redis

        self.redis: Redis = redis.Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT,
            socket_timeout=TIMEOUT,
            health_check_interval=HEALTH_CHECK,
            decode_responses=True,
        )
        self.redis_error = redis.RedisError
        self.paused_until = 0.0

    @property
    def is_paused(self) -> bool:
        return time.monotonic() < self.paused_until

    def ask(self, command: Callable[["Redis"], T]) -> T | None:
        """What Redis answers, or None: it is away, or it was a moment ago."""
        if self.is_paused:
            return None
        try:
            return command(self.redis)
        except self.redis_error as error:
            self.paused_until = time.monotonic() + PAUSE
            log.warning("Redis does not answer", kind=type(error).__name__, pause_s=PAUSE)
            return None
