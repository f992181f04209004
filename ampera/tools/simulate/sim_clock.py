"""The simulated clock as the people of a simulation live by it: sleeping and looking at it, nothing else."""

import time

import gevent


class Pace:
    """Seconds since the beginning of the morning; it runs `speed` times as fast as the true clock."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.began = time.perf_counter()

    def now(self) -> float:
        return (time.perf_counter() - self.began) * self.speed

    def sleep(self, seconds: float) -> None:
        gevent.sleep(max(0.0, seconds) / self.speed)

    def sleep_until(self, moment: float) -> None:
        self.sleep(moment - self.now())

    def true(self, seconds: float) -> float:
        """How long this many simulated seconds really take."""
        return seconds / self.speed
