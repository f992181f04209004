"""The days of a report from the address of a page, or the page that says what is wrong with them."""

from collections.abc import Mapping
from datetime import date

from flask import Response, render_template, request

from ampera.errors import Problem, Refusal, sentence
from ampera.offices.models import Office
from ampera.reports import days


def asked_days(today: date, longest: int, given: Mapping[str, str] | None = None) -> days.Asked:
    """`since` and `until` as typed, in the address unless they are `given`."""
    given = request.args if given is None else given
    return days.asked(given.get("since"), given.get("until"), today, longest)


def days_or_problem(today: date, longest: int) -> days.Days:
    """The days of a file. Raises Problem 422 with the sentences beside `since` and `until`."""
    asked = asked_days(today, longest)
    if asked.problems:
        raise Problem(Refusal.INVALID, 422, dict(asked.problems))
    return asked.days


def page_of_problems(
    office: Office, title: str, asked: days.Asked, others: Mapping[str, str] | None = None, method: str = "get"
) -> Response:
    """The same form with what was typed and what is wrong with it: no figures of other days.

    `others` are the form's other fields. A form that may hold a name or a number is posted.
    """
    page = render_template(
        "reports/bad_days.html",
        office=office,
        title=title,
        asked=asked,
        others=others or {},
        method=method,
        problems={name: sentence(code) for name, code in asked.problems.items()},
    )
    return Response(page, 422)
