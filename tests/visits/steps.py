"""Verbs of the lane over the API: vehicles that come, and moves of their visits."""

from typing import Any

from sqlalchemy import update

from ampera import db
from ampera.offices.models import Lane
from ampera.offices.service import set_option
from ampera.visits.models import Visit
from tests import builders
from tests.handovers import steps


def vehicle(client: Any, n: int, lane: int = 1, **more: Any) -> dict[str, Any]:
    """The visit of a vehicle with the book `n`, scanned at this lane."""
    _, code = builders.ready(n)
    return steps.scan(client, code, lane, **more).get_json()["visit"]


def move(client: Any, visit: dict[str, Any], name: str, **body: Any) -> Any:
    """The answer to one move. Calls and serving use lane 1 by default."""
    body = {"lane": 1, **body} if name in ("call", "serve") else body
    return client.post(f"/api/v1/visits/{visit['id']}/{name}", json=body)


def moved(client: Any, visit: dict[str, Any], name: str, **body: Any) -> dict[str, Any]:
    """The visit after a move that must succeed."""
    answer = move(client, visit, name, **body)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def called_numbers(client: Any, lane: int = 1) -> list[str]:
    """Call until nobody waits. Returns the numbers in the order of the calls."""
    numbers = []
    while (answer := client.post(f"/api/v1/lanes/{lane}/next")).status_code == 200:
        numbers.append(answer.get_json()["queue_no"])
    return numbers


def option(name: str, value: Any) -> None:
    set_option(builders.actor("supervisor"), name, value)


def lane(number: int, **values: Any) -> None:
    db.current().write(lambda unit: unit.conn.execute(update(Lane).where(Lane.number == number).values(**values)))


def put(visit: dict[str, Any], **values: Any) -> None:
    """Set columns of the visit's row without a move."""
    db.current().write(lambda unit: unit.conn.execute(update(Visit).where(Visit.id == visit["id"]).values(**values)))
