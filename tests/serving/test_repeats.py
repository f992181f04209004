"""Lines of the log that repeat are counted."""

from contextlib import suppress

import pytest
from structlog import DropEvent

from ampera.monitoring.repeats import KINDS, MOST_OTHERS, MOST_REQUESTS, PERIOD, STRANGER, Repeats


def written(repeats: Repeats, count: int, **line: object) -> list[dict]:
    lines = []
    for _ in range(count):
        with suppress(DropEvent):
            lines.append(repeats(None, "", dict(line)))
    return lines


def test_the_first_lines_are_written_and_the_next_minute_counts_the_rest():
    now = [0.0]
    repeats = Repeats(lambda: now[0])
    assert len(written(repeats, MOST_OTHERS + 312, event="it failed")) == MOST_OTHERS
    now[0] = PERIOD
    assert written(repeats, 1, event="it failed") == [{"event": "it failed", "more": 312}]
    assert written(repeats, 1, event="it failed") == [{"event": "it failed"}]


def test_other_lines_are_written_beside_a_flood():
    repeats = Repeats()
    written(repeats, 1000, event="it failed", kind="OSError")
    assert written(repeats, 1, event="it failed", kind="ValueError")
    assert written(repeats, 1, event="it failed", kind="OSError", failure=["KeyError"])


def test_requests_of_strangers_are_limited_and_those_of_staff_are_not():
    repeats = Repeats()
    line = {"event": "request", "route": "/", "status": 404}
    assert len(written(repeats, 500, **line, **{STRANGER: True})) == MOST_REQUESTS
    staff = written(repeats, 500, **line, **{STRANGER: False})
    assert len(staff) == 500 and STRANGER not in staff[0]


def test_kinds_that_a_stranger_invents_cost_no_memory():
    repeats = Repeats()
    for n in range(KINDS + 50):
        repeats(None, "", {"event": "it failed", "kind": str(n)})
    assert len(repeats.counts) == KINDS


@pytest.mark.parametrize("part", ["at", "ms", "request"])
def test_the_moment_does_not_make_a_line_another_kind(part):
    repeats = Repeats()
    for n in range(MOST_OTHERS):
        repeats(None, "", {"event": "it failed", part: n})
    with pytest.raises(DropEvent):
        repeats(None, "", {"event": "it failed", part: "again"})
