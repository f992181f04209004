"""The counts of all kinds in one snapshot of the database, and the rows of one kind."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from ampera import clock
from ampera.attention.kind import Kind, Place, Row, Slice
from ampera.attention.kinds.registry import KINDS, kinds_of

PER_PAGE = 50


def counts(session: Session, place: Place, kinds: Iterable[Kind] = KINDS) -> dict[str, int]:
    """How many there are of each of these kinds, by its name."""
    return {kind.name: kind.count(session, place) for kind in kinds}


def state(place: Place, role: str, found: dict[str, int]) -> dict[str, Any]:
    """What a role sees of these counts: of nobody's data, only numbers."""
    kinds = [{"kind": kind.name, "count": found[kind.name]} for kind in kinds_of(role)]
    return {
        "office": place.office.code,
        "revision": place.office.revision,
        "at": clock.iso(place.at),
        "total": sum(kind["count"] for kind in kinds),
        "kinds": kinds,
    }


def rows(session: Session, place: Place, kind: Kind, page: int) -> list[Row]:
    """One page of a kind's list. `page` counts from 1."""
    return kind.rows(session, place, Slice(PER_PAGE, (page - 1) * PER_PAGE))
