"""Days as people choose them, places in a drawing, cells of a spreadsheet: pure rules."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.reports import days, spreadsheet_escape
from ampera.reports.days import Days
from ampera.reports.statistics import charts
from ampera.reports.statistics.queries import span

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("since", "until", "chosen"),
    [
        (None, None, Days(TODAY, TODAY)),
        ("2026-11-20", None, Days(date(2026, 11, 20), date(2026, 11, 20))),
        ("20-11-2026", "24/11/2026", Days(date(2026, 11, 20), TODAY)),
        ("2026-11-24", "2026-11-20", Days(date(2026, 11, 20), TODAY)),
        ("kemarin", "9999-12-31", Days(TODAY, TODAY)),
        ("2020-01-01", "2026-11-24", Days(date(2026, 10, 25), TODAY)),
    ],
)
def test_what_was_typed_is_made_sense_of(since, until, chosen):
    assert days.chosen(since, until, TODAY, longest=31) == chosen


def test_a_day_is_the_office_s_day():
    since, until = Days(TODAY, TODAY).bounds("Asia/Jakarta")
    assert (since, until) == (datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 24, 17, tzinfo=UTC))


@given(st.lists(st.integers(0, 10**6), max_size=100))
def test_every_bar_stands_on_the_base_and_stays_inside(values):
    chart = charts.columns([(str(n), value) for n, value in enumerate(values)])
    for mark in chart.marks:
        assert charts.TOP - 0.1 <= mark.y <= charts.BASE and mark.y + mark.height == pytest.approx(charts.BASE, abs=0.2)
        assert mark.x >= charts.LEFT and mark.x + mark.width <= charts.WIDTH + 0.1
    assert 1 <= len(chart.grid) <= charts.GRID_LINES
    assert sum(bool(mark.label) for mark in chart.marks) <= charts.LABELS_FIT


@given(st.lists(st.none() | st.integers(0, 10**5), max_size=24))
def test_a_line_passes_over_what_is_missing(values):
    chart = charts.lines([str(n) for n in range(len(values))], values)
    points = sum(value is not None for value in values)
    assert chart.paths[0].count(" ") == (0 if points == 0 else points * 2 - 1 if points > 1 else 1)


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-1", "@x", "\t=1", "\r\n=2"])
def test_a_cell_never_starts_like_a_formula(text):
    assert spreadsheet_escape.safe(text)[0] == "'"


def test_a_cell_has_no_character_that_breaks_a_file():
    assert spreadsheet_escape.safe("a\x00b\x1fc") == "abc"
    assert spreadsheet_escape.safe(7) == 7 and spreadsheet_escape.safe(None) is None


def test_ranges_that_are_asked_for_most_end_today_or_are_whole():
    found = days.presets(date(2026, 3, 1))  # a Sunday
    assert found["today"] == Days(date(2026, 3, 1), date(2026, 3, 1)) == found["month"]
    assert found["yesterday"] == Days(date(2026, 2, 28), date(2026, 2, 28))
    assert found["week"] == Days(date(2026, 2, 23), date(2026, 3, 1))
    assert found["last_month"] == Days(date(2026, 2, 1), date(2026, 2, 28))


def test_percentiles_are_values_that_occurred():
    begin = datetime(2026, 11, 24, tzinfo=UTC)
    spans = [(begin, begin.replace(minute=n)) for n in range(1, 11)]
    assert (span(spans).p50, span(spans).p90, span(spans).count) == (300, 540, 10)
    assert span([(begin, None)]).p50 is None


@pytest.mark.parametrize(
    ("count", "label"), [(92, "31-08"), (31, "31-08"), (24, "11.00"), (10, "11.00"), (13, "Nov 26")]
)
def test_labels_of_bars_never_touch(count, label):
    digit = 8.4  # user units that a digit of 14 px takes, measured in a browser
    places = [mark.label_x for mark in charts.columns([(label, 1)] * count).marks if mark.label]
    assert all(after - before > len(label) * digit for before, after in pairwise(places))
