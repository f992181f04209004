"""The satisfaction index of PermenPANRB 14/2017: nine elements, scores of 1 to 4, an index from 25 to 100.

`OVERALL` is the answer in one tap. It is shown apart and never enters the index, which covers the nine elements only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OVERALL = "overall"
ELEMENTS = (
    "requirements",
    "procedure",
    "time",
    "cost",
    "product",
    "competence",
    "conduct",
    "complaints",
    "facilities",
)
QUESTIONS = (OVERALL, *ELEMENTS)
SCORES = (1, 2, 3, 4)
FACTOR = 25  # an average of 1 to 4 becomes 25 to 100
LEAST = 5  # answers; with fewer, a reader could recognise a person
# The regulation's classes: letter and the least value of it, rounded to two places.
LETTERS = (("A", 88.31), ("B", 76.61), ("C", 65.0), ("D", 25.0))


@dataclass(frozen=True)
class Figure:
    """The answers to one question in a month. `average` is None under LEAST answers, and so is all that follows."""

    question: str
    count: int
    average: float | None

    @property
    def value(self) -> float | None:
        """25 to 100, two places."""
        return None if self.average is None else round(self.average * FACTOR, 2)

    @property
    def letter(self) -> str | None:
        return None if self.value is None else letter(self.value)


@dataclass(frozen=True)
class Month:
    """One month (YYYY-MM) of an office."""

    name: str
    overall: Figure
    elements: tuple[Figure, ...]

    @property
    def index(self) -> float | None:
        """The mean of the nine averages times 25; None while one of them has too few answers."""
        averages = [element.average for element in self.elements if element.average is not None]
        return round(sum(averages) / len(ELEMENTS) * FACTOR, 2) if len(averages) == len(ELEMENTS) else None

    @property
    def letter(self) -> str | None:
        return None if self.index is None else letter(self.index)

    @property
    def has_few(self) -> bool:
        """Whether a figure is withheld because of too few answers."""
        return any(figure.average is None for figure in (self.overall, *self.elements))


def month(name: str, counts: Mapping[tuple[str, int], int]) -> Month:
    """A month from its counters of (question, score)."""
    figures = {name: _figure(name, {score: counts.get((name, score), 0) for score in SCORES}) for name in QUESTIONS}
    return Month(name, figures[OVERALL], tuple(figures[element] for element in ELEMENTS))


def letter(value: float) -> str:
    """A (very good) to D (not good)."""
    return next(name for name, least in LETTERS if value >= least)


def scores(form: Mapping[str, str]) -> dict[str, int] | None:
    """The answers of a form by question; None when one of them is no score."""
    answers = {name: form[name] for name in QUESTIONS if form.get(name)}
    if any(value not in map(str, SCORES) for value in answers.values()):
        return None
    return {name: int(value) for name, value in answers.items()}


def _figure(question: str, given: Mapping[int, int]) -> Figure:
    count = sum(given.values())
    total = sum(score * times for score, times in given.items())
    return Figure(question, count, total / count if count >= LEAST else None)
