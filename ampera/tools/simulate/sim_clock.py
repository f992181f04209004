"""The clock of the simulated people."""

import time

import gevent


class SimClock:
    """Seconds since the beginning of the morning; the clock runs `speed` times as fast as the real one."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.began = time.perf_counter()

    def now(self) -> float:
        return (time.perf_counter() - self.began) * self.speed

    def sleep(self, seconds: float) -> None:
        gevent.sleep(max(0.0, seconds) / self.speed)

    def sleep_until(self, moment: float) -> None:
        self.sleep(moment - self.now())

    def real(self, seconds: float) -> float:
        """Simulated seconds in real seconds."""
        return seconds / self.speed
