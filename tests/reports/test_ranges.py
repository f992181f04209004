"""Days that a report cannot show are said beside their field. No page and no file shows other days in their place."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from ampera import clock
from ampera.reports import days
from ampera.reports.statistics import charts

PAGES = ("/register", "/reports", "/reports/order")
FILES = ("/reports.csv", "/register/buku-penyerahan.pdf", "/register/buku-penyerahan.xlsx")
BAD = ("31-02-2026", "foo", "2026-13-01", "9999-12-31", "1-1", "٢٠٢٦")


@pytest.mark.parametrize("path", PAGES)
def test_unreadable_date_stays_in_the_field_with_a_sentence(sign_in, path):
    for text in BAD:
        answer = sign_in("supervisor").get(path, query_string={"since": text, "until": "01-10-2026"})
        assert answer.status_code == 422
        assert f'value="{text}" aria-invalid="true"' in answer.text and 'id="since-error"' in answer.text
        assert 'value="01-10-2026"' in answer.text and "<table" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_longer_range_than_a_year_is_refused_and_not_cut(sign_in, path):
    answer = sign_in("supervisor").get(path, query_string={"since": "01-01-2024", "until": "28-11-2026"})
    assert answer.status_code == 422
    assert 'value="01-01-2024" aria-invalid="true"' in answer.text and "366 hari" in answer.text


@pytest.mark.parametrize("path", FILES)
def test_file_of_no_date_is_refused(sign_in, path):
    for query in ({"since": "foo"}, {"until": "31-02-2026"}, {"since": "01-01-2024", "until": "28-11-2026"}):
        assert sign_in("supervisor").get(path, query_string=query).status_code == 422


def test_year_is_reported_whole_and_drawn_by_month(sign_in):
    until = clock.today()
    since = until - timedelta(days=363)
    page = sign_in("supervisor").get(f"/reports?since={since}&until={until}").text
    assert f'value="{since:%d-%m-%Y}"' in page and "Paspor diserahkan per bulan" in page
    assert len(re.findall('class="bar', page)) >= 12


def test_filters_survive_a_mistyped_day(sign_in):
    page = sign_in("supervisor").get("/register?since=foo&collector=family&q=Contoh").text
    assert '<input type="hidden" name="collector" value="family">' in page


@pytest.mark.parametrize("length", [1, 2, 31, 92, 366])
def test_labels_of_a_chart_neither_touch_nor_leave_the_drawing(length):
    chosen = days.Days(clock.today(), clock.today() + timedelta(days=length - 1))
    chart = charts.columns([(f"{day:%d-%m}", 5) for day in chosen])
    spans = [
        (mark.label_x - len(mark.label) * charts.LETTER / 2, mark.label_x + len(mark.label) * charts.LETTER / 2)
        for mark in chart.marks
        if mark.label
    ]
    assert spans[0][0] >= 0 and spans[-1][1] <= charts.WIDTH
    assert all(left[1] < right[0] for left, right in pairwise(spans))
