"""The survey: the answer behind an applicant's link, and the report `/reports/survey` with its file.

The unguessable link is the right to answer. The view reads no session, and neither link nor answer is logged.
"""

import csv
import io

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from ampera import audit, db, formats
from ampera.errors import Problem
from ampera.offices.models import Office
from ampera.offices.queries import office_card
from ampera.pickups import queries as pickups
from ampera.reports.spreadsheet_escape import safe
from ampera.reports.statistics import charts
from ampera.security import ANYONE, actor, by_link, requires
from ampera.survey import labels, queries, satisfaction_index, service
from ampera.survey.refusals import SurveyRefusal
from ampera.web.limits import per_link, unknown_links

pages = Blueprint("survey", __name__)


@pages.post("/p/<link>/survey")
@by_link
@per_link("12/minute")
@unknown_links
def answer(link: str) -> BaseResponse:
    """`overall`, or any of the nine elements, each 1 to 4. The page says thank you, also after a second answer."""
    scores = satisfaction_index.scores(request.form)
    if not scores:
        raise Problem(SurveyRefusal.SURVEY_EMPTY, 422)
    with db.reading() as session:
        card = pickups.card_behind(session, link)
    service.answer(audit.applicant(card.office.id), card.pickup_id, scores)
    return redirect(url_for("applicant.page", link=link, _anchor="survey"), 303)


@pages.get("/reports/survey")
@requires(*ANYONE)
def report() -> str:
    """`?month=YYYY-MM`; the newest month without it."""
    office, months = _months()
    chosen = next((month for month in months if month.name == request.args.get("month")), months[0] if months else None)
    complete = [month for month in reversed(months) if month.index is not None]
    return render_template(
        "survey/survey.html",
        survey_labels=labels,
        office=office,
        months=months,
        chosen=chosen,
        least=satisfaction_index.LEAST,
        by_month=charts.columns([(labels.short(month.name), round(month.index or 0)) for month in complete]),
        elements=charts.rows(
            [
                (str(labels.SHORT[figure.question]), round(figure.value))
                for figure in (chosen.elements if chosen else ())
                if figure.value is not None
            ]
        ),
    )


@pages.get("/reports/survey.csv")
@requires(*ANYONE)
def as_csv() -> Response:
    """A row per month and question, then the index. The file opens in a spreadsheet (UTF-8 with BOM, semicolons)."""
    _, months = _months()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            gettext("Bulan"),
            gettext("Unsur"),
            gettext("Jawaban"),
            gettext("Rata-rata"),
            gettext("Nilai"),
            gettext("Mutu"),
        ]
    )
    writer.writerows([safe(cell) for cell in row] for month in months for row in _rows(month))
    headers = {"Content-Disposition": 'attachment; filename="survei-kepuasan.csv"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def _rows(month: satisfaction_index.Month) -> list[tuple[str, ...]]:
    """Figures of too few answers are empty, and so is their number."""
    rows = [
        (
            month.name,
            str(labels.QUESTIONS[figure.question]),
            labels.count(figure.count),
            formats.decimal(figure.average),
            formats.decimal(figure.value),
            figure.letter or "",
        )
        for figure in (*month.elements, month.overall)
    ]
    index = (month.name, gettext("Indeks (IKM)"), "", "", formats.decimal(month.index), month.letter or "")
    return [*rows, index]


def _months() -> tuple[Office, list[satisfaction_index.Month]]:
    with db.reading() as session:
        office = office_card(session, actor().office_id or 0)
        return office, queries.months(session, office.id)
