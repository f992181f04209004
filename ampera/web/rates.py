"""Token buckets: how much a client may ask for at once, and how much a second after that. And who is one client."""

import re
import time
from collections.abc import Callable, Hashable
from ipaddress import IPv6Address, ip_address, ip_network

from prometheus_client import Counter

TURNED_AWAY = Counter("ampera_turned_away", "What clients over a limit were refused", ["what"])
KEPT = 10_000  # buckets of one kind; far more than the addresses of an office
_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+")


class Bucket:
    """`burst` tokens at first; `rate` more a second, never above `burst`."""

    __slots__ = ("at", "burst", "left", "now", "rate")

    def __init__(self, rate: float, burst: float, now: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self.left, self.now, self.at = rate, burst, burst, now, now()

    def take(self, tokens: float = 1) -> bool:
        """Whether there were so many tokens. A refused client loses none."""
        self.refill()
        if self.left < tokens:
            return False
        self.left -= tokens
        return True

    def fine(self, tokens: float) -> None:
        """Take tokens away as a punishment, at most all."""
        self.refill()
        self.left = max(0.0, self.left - tokens)

    def refill(self) -> None:
        now = self.now()
        self.left = min(self.burst, self.left + (now - self.at) * self.rate)
        self.at = now

    @property
    def is_full(self) -> bool:
        self.refill()
        return self.left >= self.burst


class Buckets:
    """One bucket a key. Full ones are dropped when there are many; an attack from everywhere costs no memory."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self.of: dict[Hashable, Bucket] = {}

    def __getitem__(self, key: Hashable) -> Bucket:
        if (bucket := self.of.get(key)) is None:
            if len(self.of) >= KEPT:
                self.of = {other: bucket for other, bucket in self.of.items() if not bucket.is_full}
            if len(self.of) >= KEPT:
                self.of.pop(next(iter(self.of)))
            bucket = self.of[key] = Bucket(self.rate, self.burst)
        return bucket


def network(address: str | None) -> str:
    """The key of a client: its IPv4 address, or the /64 that one IPv6 customer has. All other texts are one client."""
    text = address or ""
    if written := _WITH_PORT.fullmatch(text):  # as some proxies pass a client
        text = written[1] or written[2]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return str(found)
