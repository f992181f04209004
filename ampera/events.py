"""What happened, told to whom it concerns: `during` the transaction (may write in it) or `after` its commit."""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

_during: dict[type, list[Callable[[Any, Any], None]]] = defaultdict(list)
_after: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def during(kind: type) -> Callable[[Callable[[Any, Any], None]], Callable[[Any, Any], None]]:
    """Subscribe `(unit, event)`: part of the same transaction, its failure rolls everything back."""

    def subscribe(subscriber: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        _during[kind].append(subscriber)
        return subscriber

    return subscribe


def after(kind: type) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Subscribe `(event)`: called once the work is durable; its failure is logged, the work stands."""

    def subscribe(subscriber: Callable[[Any], None]) -> Callable[[Any], None]:
        _after[kind].append(subscriber)
        return subscriber

    return subscribe


def tell_during(unit: Any, happened: Any) -> None:
    for subscriber in _during[type(happened)]:
        subscriber(unit, happened)


def tell_after(happened: Any) -> None:
    for subscriber in _after[type(happened)]:
        try:
            subscriber(happened)
        except Exception:
            log.exception("a subscriber of %s failed", type(happened).__name__)
