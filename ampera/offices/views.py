"""The front page: what the service promises, whether it is open today, on which days, how it goes, what to bring."""

from collections.abc import Iterable

from flask import Blueprint, render_template, request
from flask_babel import get_locale
from sqlalchemy import select

from ampera import db
from ampera.offices import document_labels, labels, queries
from ampera.offices.calendar import month, month_labels
from ampera.offices.calendar.month import Month
from ampera.offices.location import place
from ampera.offices.models import Office
from ampera.offices.queries import ServiceHours
from ampera.security import public

pages = Blueprint("offices", __name__)


@pages.get("/")
@public
def index() -> str:
    """`?office=CODE` where one installation serves several, `?month=YYYY-MM` for the next month of the calendar."""
    language = str(get_locale())
    with db.reading() as session:
        offices = list(session.scalars(select(Office).order_by(Office.id)))
        wanted = request.args.get("office")
        office = next((one for one in offices if one.code == wanted), offices[0] if offices else None)
        hours = queries.service_hours(session, office) if office else None
    return render_template(
        "offices/index.html",
        office=office,
        offices=offices,
        hours=hours,
        words_of=labels,
        month=_month(hours) if hours else None,
        calendar_words=month_labels,
        place=place(office.options, language) if office else None,
        kinds=_kinds(office, language) if office else [],
    )


@pages.app_template_global("documents_told")
def documents_told(options: dict, kinds: Iterable[str]) -> str:
    """`2 paspor dan 1 izin tinggal`, in the reader's language."""
    return document_labels.words(options, kinds, str(get_locale()))


@pages.app_template_global("bring_besides")
def bring_besides(options: dict, kinds: Iterable[str]) -> list[str]:
    """What to bring besides for these kinds of documents."""
    return document_labels.extras(options, kinds, str(get_locale()))


@pages.app_template_global("kind_name")
def kind_name(options: dict, kind: str) -> str:
    """What one document of this kind is called in the reader's language."""
    return document_labels.name(options, kind, str(get_locale()))


@pages.app_template_global("kind_texts")
def kind_texts(options: dict) -> dict[str, str]:
    """The kinds' names as sentences for scripts (see static/js/lib/kind-label.js)."""
    return {f"kind_{kind}": kind_name(options, kind) for kind in document_labels.kinds_of(options)}


def _month(hours: ServiceHours) -> Month:
    today, wanted = hours.moment.date(), request.args.get("month")
    return month.month(today, wanted, hours.all_week, hours.all_specials, hours.limits)


def _kinds(office: Office, language: str) -> list[tuple[str, str]]:
    """Each kind of document that lies on the shelves, with what to bring besides."""
    return [
        (
            document_labels.name(office.options, kind, language),
            " ".join(document_labels.extras(office.options, [kind], language)),
        )
        for kind in document_labels.kinds_of(office.options)
    ]
