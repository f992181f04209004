"""What a kind of attention is: who may act on it, how many there are, and the rows with the acts beside them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from ampera.board.screens.registry import Screens
from ampera.offices.models import Office
from ampera.settings import Settings

Words = Any  # a text, or one that is translated when it is shown


@dataclass(frozen=True)
class Place:
    """Where and when the kinds look. `screens` is None where the acknowledgements of the screens are not known.

    `prepared` has by kind what `prepare` has found; a kind that is not in it counts nothing yet.
    """

    office: Office
    at: datetime
    today: date
    settings: Settings
    screens: Screens | None = None
    prepared: dict[str, Any] = field(default_factory=dict)

    @property
    def timezone(self) -> str:
        return self.office.timezone


class Act(NamedTuple):
    """An act that exists elsewhere: a link, or with `fields` a form that posts them and comes back to the list.

    `label` names the row too, for who does not see it.
    """

    word: Words
    path: str
    label: Words = ""
    icon: str = "right"
    fields: dict[str, Any] | None = None


@dataclass(frozen=True)
class Row:
    """One thing that needs a person. `state` is (tone, word); `passport_id` is whose name is shown."""

    name: Words
    state: tuple[str, Words]
    about: tuple[Words, ...] = ()
    acts: tuple[Act, ...] = ()
    passport_id: int | None = None


class Slice(NamedTuple):
    """Which rows of a list are wanted."""

    limit: int
    offset: int = 0


Count = Callable[[Session, Place], int]
Rows = Callable[[Session, Place, Slice], list[Row]]


@dataclass(frozen=True)
class Kind:
    """One kind of attention. `roles` are those who may act on it.

    `count` runs often and uses an index. What takes longer is in `prepare(session, place, before)`: it runs every few
    minutes beside the requests, gets what it found before, and `count` and `rows` read `place.prepared[name]`.
    `parts` divides the count, in words.
    """

    name: str
    roles: tuple[str, ...]
    title: Words
    advice: Words
    count: Count
    rows: Rows
    parts: Callable[[Session, Place], Iterable[tuple[Words, int]]] | None = None
    prepare: Callable[[Session, Place, Any], Any] | None = None
