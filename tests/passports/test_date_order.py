"""Columns of dates in which day and month were swapped on the way: the doubtful dates are refused, the others taken."""

from datetime import date, datetime
from typing import Any

import pytest

from ampera.passports.imports.messages import sentence
from tests.passports.lists import HEAD, books, csv, line, read, workbook

OTHER = {True: "ambiguous", False: "taken"}


def cell(text: str) -> datetime:
    """A date cell as a spreadsheet stores it."""
    return datetime(*map(int, reversed(text.split("-"))))  # noqa: DTZ001


def outcome(births: list[Any], niks: list[str] | None = None) -> list[str]:
    """One letter a row: `.` taken, `?` refused as ambiguous, `x` refused for another reason."""
    rows = [line(number, birth=birth) for number, birth in enumerate(births, 1)]
    if niks:
        rows = [[*row, nik] for row, nik in zip(rows, niks, strict=True)]
    found = books(workbook(Daftar=[[*HEAD, "NIK"], *rows]))
    return [
        "." if not isinstance(book, list) else "?" if ("birth_date", "ambiguous_date") in book else "x"
        for book in found
    ]


@pytest.mark.parametrize(
    ("births", "expected"),
    [
        # a spreadsheet with the month first made date cells of the days up to 12 and left the rest as text
        ([cell("04-03-1990"), "25-12-1985", cell("11-07-1978"), "31-01-2001"], "?.?."),
        ([cell("04-03-1990"), "25/12/1985"], "?."),
        ([cell("04-03-1990"), cell("05-05-1990"), "25-12-1985"], "?.."),  # the fifth of May has one reading
        ([32994, "25-12-1985"], "?."),  # the serial number of 1 May 1990
        ([cell("04-03-1990"), "17 Agustus 1990"], ".."),  # a name says which one is the month
        ([cell("04-03-1990"), "1985-12-25"], ".."),
        ([cell("04-03-1990"), cell("25-12-1985")], ".."),  # date cells alone are right
        ([cell("04-03-1990"), cell("25-12-1985"), "05-06-1990", "25-06-1990"], "...."),
        ([cell("25-12-1985"), cell("04-03-1990"), "25-06-1990", "26-06-1990", "27-06-1990"], ".?..."),
        ([cell("04-03-1990"), cell("05-04-1990"), cell("06-04-1990"), "03-04-1990", "25-06-1990"], "???.."),
        # a month above 12 proves that the column has the month first
        (["03/04/1990", "12/25/1985", "01/31/2001"], "?xx"),
        (["03-04-1990", "12/25/1985", "05/05/1990", "25/12/1985"], "?x.."),
        (["03/04/1990 00:00:00", "12/25/1985 00:00:00"], "?x"),
        (["03/04/1990", "25/12/1985"], ".."),
        (["03/04/1990", "04/03/1991"], ".."),
        ([cell("04-03-1990"), "12/25/1985"], ".x"),
        (["03/04/1990", "12/25/85", "17/08/'90"], "?xx"),  # a year of two digits is no date, and shows the order
        (["03.04.1990", "12 25 1985", "3 - 4 - 1990"], "?x?"),
        (["03/04/1990 12:00 AM", "12/25/1985 12:00 AM"], "?x"),
        (["12/25/1985", "3 April 1990", "1990-04-03"], "x.."),
        (["12/25/1985", "\u200e03/04/1990", "'03/04/1990"], "x??"),
        (["1985-13-12", "1990-03-04", "1990/05/05"], "x.."),  # a year in front leaves no doubt about the others
        (["1985-12-25", "1990-03-04"], ".."),
        (["32994", "25-12-1985"], "?."),  # a CSV keeps the number of days where a date cell lost its format
    ],
)
def test_swapped_dates_are_refused_by_the_evidence_of_the_column(births, expected):
    assert "".join(outcome(births)) == expected


@pytest.mark.parametrize(
    ("births", "niks", "expected"),
    [
        (["03/04/1990", "12/25/1985"], ["8801010304900001", ""], ".x"),  # confirmed by the NIK
        (["03/04/1990", "12/25/1985"], ["8801014304900001", ""], ".x"),  # of a woman
        (["03/04/1990", "06/07/1991"], ["8801010403900001", ""], "??"),  # the NIK proves the swap, for all rows
        (["03/04/1990", "06/07/1991"], ["8801010403900001", "8801010607910001"], "?."),
        (["03/04/1990", "06/07/1991"], ["8801011508900001", ""], ".."),  # another date altogether: only a warning
        ([cell("04-03-1990"), cell("11-07-1978")], ["8801014304900001", ""], "??"),
        ([cell("04-03-1990"), "25-12-1985"], [8801014403900001, ""], ".."),
        (["03/04/1990", "12/25/1985"], ["8801 0103 0490 0001", ""], ".x"),
    ],
)
def test_the_nik_is_a_witness(births, niks, expected):
    assert "".join(outcome(births, niks)) == expected


def test_a_refused_date_names_both_readings():
    rows, _ = read(csv(line(1, birth="03/04/1990"), line(2, birth="12/25/1985")))
    (problem,) = rows[0].problems
    assert problem.content == "03/04/1990"
    assert "03-04-1990" in sentence(problem)
    assert "04-03-1990" in sentence(problem)


def test_an_issue_in_the_future_proves_that_the_column_is_swapped():
    issued = [cell("11-12-2026"), cell("10-11-2026"), cell("13-11-2026"), cell("11-11-2026")]
    found = books(workbook(Daftar=[HEAD, *(line(number, issued=day) for number, day in enumerate(issued, 1))]))
    assert found[0] == [("issued_on", "issued_on_range")]
    assert found[1] == [("issued_on", "ambiguous_date")]
    assert [book.issued_on for book in found[2:]] == [date(2026, 11, 13), date(2026, 11, 11)]


def test_each_sheet_is_judged_alone():
    swapped = [line(1, birth=cell("04-03-1990")), line(2, birth="25-12-1985")]
    right = [line(3, birth=cell("04-03-1990")), line(4, birth=cell("25-12-1985"))]
    found = books(workbook(Rak_A=[HEAD, *swapped], Rak_B=[HEAD, *right]))
    assert [isinstance(book, list) for book in found] == [True, False, False, False]


US, DAY_FIRST = "11/14/2026", "14/11/2026"


@pytest.mark.parametrize(
    ("births", "issued", "expected"),
    [
        (["03/04/1990", "04/04/1991"], ["05/05/2026", US], "?x"),  # one hand wrote both columns
        (["03/04/1990", "25/04/1991"], ["05/05/2026", US], ".x"),  # a day above 12 shows that this column is right
        (["03-04-1990", "04-04-1991"], ["05/05/2026", US], ".x"),  # written in another way
        (["03/04/1990", "04/04/1991", "05/04/1991"], ["05/05/2026", US, DAY_FIRST], ".x."),  # a slip of the hand
        ([cell("04-03-1990"), cell("05-05-1991")], [cell("11-02-2026"), "25-10-2026"], "?."),
    ],
)
def test_a_column_shows_how_the_other_column_was_made(births, issued, expected):
    rows = [line(number, birth=b, issued=i) for number, (b, i) in enumerate(zip(births, issued, strict=True), 1)]
    found = books(workbook(Daftar=[HEAD, *rows]))
    marks = ["." if not isinstance(b, list) else "?" if ("birth_date", "ambiguous_date") in b else "x" for b in found]
    assert "".join(marks) == expected
