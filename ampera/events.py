"""Events in the past tense and their subscribers.

A subscriber `during` the transaction may write in it; a subscriber `after` the commit may not undo it.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ampera.db import Unit

E = TypeVar("E")

log = logging.getLogger(__name__)

_during: dict[type, list[Callable[["Unit", Any], None]]] = defaultdict(list)
_after: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def during(kind: type[E]) -> Callable[[Callable[["Unit", E], None]], Callable[["Unit", E], None]]:
    """Subscribe `(unit, event)` inside the transaction: a failing subscriber rolls the transaction back."""

    def subscribe(subscriber: Callable[["Unit", E], None]) -> Callable[["Unit", E], None]:
        _during[kind].append(subscriber)
        return subscriber

    return subscribe


def after(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Subscribe `(event)` after the commit: a failing subscriber is logged, and the commit stays."""

    def subscribe(subscriber: Callable[[E], None]) -> Callable[[E], None]:
        _after[kind].append(subscriber)
        return subscriber

    return subscribe


def publish_during(unit: "Unit", happened: object) -> None:
    for subscriber in _during[type(happened)]:
        subscriber(unit, happened)


def publish_after(happened: object) -> None:
    for subscriber in _after[type(happened)]:
        try:
            subscriber(happened)
        except Exception:
            log.exception("a subscriber of %s failed", type(happened).__name__)
