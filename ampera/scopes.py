"""Scopes: the parts of the API that a limited key may use, as `AREA:read` and `AREA:write`; `live:read` for sockets,
`metrics:read` for the figures.

An area is a blueprint of the API. A key without limits may do whatever its role may.
"""

from collections.abc import Callable
from typing import Any

from flask import current_app, request

LIVE, METRICS = "live:read", "metrics:read"
PREFIX = "api_"  # of the blueprints' names
_READING = ("GET", "HEAD", "OPTIONS")
_areas: set[str] = set()


def add_area(name: str) -> None:
    """Every blueprint of the API is one."""
    _areas.add(name)


def known() -> list[str]:
    """All scopes, in the order in which people read them."""
    return sorted([f"{area}:{act}" for area in _areas for act in ("read", "write")] + [LIVE, METRICS])


def allow(held: frozenset[str] | None, scope: str | None) -> bool:
    """Whether somebody with these scopes may do what needs this one. None is no limit."""
    return held is None or scope in held


def areas() -> dict[str, list[str]]:
    """Each area with what can be done there."""
    found: dict[str, list[str]] = {}
    for scope in known():
        area, _, act = scope.partition(":")
        found.setdefault(area, []).append(act)
    return found


def only_reads(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator (right under the route): a POST that changes nothing. What it asks may stand in no address."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def scope_of(area: str, method: str, view: Callable[..., Any] | None) -> str:
    """The scope of an operation of this area."""
    is_reading = method in _READING or getattr(view, "only_reads", False)
    return f"{area}:{'read' if is_reading else 'write'}"


def needed() -> str | None:
    """The scope of this request; None outside the API, which no limited key opens."""
    prefix, _, area = (request.blueprint or "").partition(PREFIX)
    if prefix or not area:  # a page, whose blueprint may have the name of an area
        return None
    return scope_of(area, request.method, current_app.view_functions.get(request.endpoint or ""))
