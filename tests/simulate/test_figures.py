"""The figures of a simulated morning, and what they say about their own speed."""

from datetime import UTC, datetime, timedelta

import pytest

from ampera.tools.simulate.results import figures
from ampera.tools.simulate.results.records import Event

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def test_book_at_the_window_before_the_service_is_in_time() -> None:
    history = [
        Event(1, later(1), "passport.at_window", 71),
        Event(2, later(1), "passport.at_window", 72),
        Event(3, later(2), "passport.shelved", 72),
        Event(4, later(9), "passport.at_window", 73),
    ]
    assert figures.in_time_share({71: later(5), 72: later(5), 73: later(5), 74: later(5)}, history) == 0.25


@pytest.mark.parametrize(
    ("speed", "answer_ms", "late_ms", "reasons"),
    [
        (60, 20, 5, []),
        (60, 400, 5, ["an answer of the server (400 ms) takes 24 simulated seconds"]),
        (1000, 3, 40, ["a step of the simulation itself (40 ms) takes 40 simulated seconds"]),
        (1000, 90, 90, ["an answer", "a step"]),
    ],
)
def test_speed_that_makes_waits_too_long_is_reported_with_a_better_one(speed, answer_ms, late_ms, reasons) -> None:
    found = figures.spoiled(speed, 200.0, answer_ms, late_ms)
    assert len(found) == len(reasons)
    for sentence, reason in zip(found, reasons, strict=True):
        assert reason in sentence
        better = float(sentence.rpartition("--speed ")[2].rstrip("."))
        took = answer_ms if "answer" in sentence else late_ms
        assert figures.spoiled(better, 200.0, took, 0) == [], "the speed that it names is slow enough"
