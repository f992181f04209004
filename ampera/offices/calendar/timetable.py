"""The weekly hours as a table: days with the same hours in one row, closed days last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ampera.offices.calendar.hours import Span

DAYS = 7


@dataclass(frozen=True)
class Row:
    """Weekdays (0 = Monday) that share the same spans; no span means closed."""

    days: tuple[int, ...]
    spans: tuple[Span, ...]


def rows(week: Mapping[int, Iterable[Span]]) -> list[Row]:
    """One row per run of days with the same hours; all closed days make the last row."""
    open_rows: list[Row] = []
    closed: list[int] = []
    for day in range(DAYS):
        spans = tuple(sorted(week.get(day, ()), key=lambda span: span.opens))
        if not spans:
            closed.append(day)
        elif open_rows and open_rows[-1].spans == spans and open_rows[-1].days[-1] == day - 1:
            open_rows[-1] = Row((*open_rows[-1].days, day), spans)
        else:
            open_rows.append(Row((day,), spans))
    return [*open_rows, Row(tuple(closed), ())] if closed else open_rows
