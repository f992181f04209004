"""The deadline of a body with a short time or a set clock: test_slow_clients.py proves the real one on the wire."""

from contextlib import nullcontext
from types import SimpleNamespace

import gevent
import pytest
from werkzeug.exceptions import RequestTimeout

from ampera.serving import time_limits
from ampera.serving.time_limits import BODY_SECONDS, TimedBody


class StalledStream:
    """A connection on which nothing comes."""

    def read(self, size: int) -> bytes:
        gevent.sleep(3600)
        raise AssertionError("the read was not interrupted")

    readline = read


def timed(stream, length: int | None = 1000) -> TimedBody:
    environ = {"wsgi.input": stream} | ({} if length is None else {"CONTENT_LENGTH": str(length)})
    return TimedBody(environ, nullcontext)


@pytest.mark.parametrize("length", [1000, None], ids=["measured", "chunked"])
def test_a_read_ends_at_the_deadline_of_the_body(monkeypatch, length):
    monkeypatch.setattr(time_limits, "BODY_SECONDS", 0.01)
    with pytest.raises(RequestTimeout):
        timed(StalledStream(), length).read()


def test_a_body_that_trickles_gains_no_time(monkeypatch):
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(time_limits, "time", SimpleNamespace(monotonic=lambda: now.seconds))

    def read_a_byte(size: int) -> bytes:
        now.seconds += 1
        return b"a"

    body = timed(SimpleNamespace(read=read_a_byte))
    with pytest.raises(RequestTimeout):
        for _ in range(1000):
            body.read(1)
    assert BODY_SECONDS <= now.seconds <= BODY_SECONDS + 1


def test_a_late_body_is_answered_with_408(client, monkeypatch):
    monkeypatch.setattr(time_limits, "BODY_SECONDS", 0)
    stream = timed(StalledStream(), 20)
    form = {"wsgi.input": stream, "CONTENT_LENGTH": "20", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    assert client.post("/login", environ_overrides=form).status_code == 408
