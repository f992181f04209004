"""The days of a report from the address of a page, or the page that says what is wrong with them."""

from datetime import date

from flask import Response, render_template, request

from ampera.errors import Problem, Refusal, sentence
from ampera.offices.models import Office
from ampera.reports import days


def asked_days(today: date, longest: int) -> days.Asked:
    """`?since=&until=` as typed."""
    return days.asked(request.args.get("since"), request.args.get("until"), today, longest)


def days_or_problem(today: date, longest: int) -> days.Days:
    """The days of a file. Raises Problem 422 with the sentences beside `since` and `until`."""
    asked = asked_days(today, longest)
    if asked.problems:
        raise Problem(Refusal.INVALID, 422, dict(asked.problems))
    return asked.days


def page_of_problems(office: Office, title: str, asked: days.Asked) -> Response:
    """The same form with what was typed and what is wrong with it: no figures of other days."""
    others = {name: value for name, value in request.args.items() if name not in ("since", "until", "page", "lang")}
    page = render_template(
        "reports/bad_days.html",
        office=office,
        title=title,
        asked=asked,
        others=others,
        problems={name: sentence(code) for name, code in asked.problems.items()},
    )
    return Response(page, 422)
