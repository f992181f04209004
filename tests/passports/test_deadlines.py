"""The last day to collect a book: calendar months of any length, and extensions that never shorten it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.passports.deadlines import is_overdue, last_day


@pytest.mark.parametrize(
    ("issued", "limit", "last"),
    [
        (date(2026, 11, 23), "1 month", date(2026, 12, 23)),
        (date(2026, 12, 31), "1 month", date(2027, 1, 31)),
        (date(2027, 1, 31), "1 month", date(2027, 2, 28)),
        (date(2028, 1, 30), "1 month", date(2028, 2, 29)),
        (date(2026, 11, 30), "3 months", date(2027, 2, 28)),
        (date(2026, 11, 23), "30 days", date(2026, 12, 23)),
        (date(2027, 1, 31), "30 days", date(2027, 3, 2)),
        (date(2026, 11, 23), "1 day", date(2026, 11, 24)),
    ],
)
def test_the_limit_counts_months_or_days(issued, limit, last):
    assert last_day(issued, limit) == last


def test_the_default_limit_is_one_month():
    assert last_day(date(2026, 11, 23)) == date(2026, 12, 23)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_an_extension_never_shortens(issued, extended):
    assert last_day(issued, extended_until=extended) == max(extended, last_day(issued))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 36))
def test_months_end_in_the_right_month(issued, months):
    last = last_day(issued, f"{months} months")
    assert (last.year * 12 + last.month) - (issued.year * 12 + issued.month) == months
    assert last.day == issued.day or (last + timedelta(days=1)).day == 1


def test_the_last_day_is_in_time():
    assert not is_overdue(date(2026, 12, 23), date(2026, 12, 23))
    assert is_overdue(date(2026, 12, 23), date(2026, 12, 24))


@pytest.mark.parametrize("limit", ["", "30", "month", "0 days", "-1 month", "1 year", "1 month "])
def test_a_limit_of_another_form_is_refused(limit):
    with pytest.raises(ValueError, match="collection limit"):
        last_day(date(2026, 11, 23), limit)
