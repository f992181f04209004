"""The front page: what the service promises, today's hours, the calendar, the way of a passport, what to bring."""

from flask import Blueprint, current_app, render_template, request
from flask_babel import get_locale

from ampera import db
from ampera.applicant.queries import front_page
from ampera.notices.link_requests.availability import LINK, READY, can_send
from ampera.offices import document_labels, labels
from ampera.offices.calendar import month, month_labels
from ampera.offices.calendar.month import Month
from ampera.offices.location import own_text, place
from ampera.offices.models import Office
from ampera.offices.queries import ServiceHours
from ampera.retention.periods import KINDS, days_of, is_limited
from ampera.security import public

pages = Blueprint("front", __name__)


@pages.get("/")
@public
def index() -> str:
    """`?office=CODE` where one installation serves several, `?month=YYYY-MM` for the next month of the calendar."""
    language, settings = str(get_locale()), current_app.extensions["ampera.settings"]
    with db.reading() as session:
        page = front_page(session, request.args.get("office"))
    office = page.office
    return render_template(
        "applicant/index.html",
        office=office,
        offices=page.offices,
        today=page.today,
        labels=labels,
        month=_month(page.today.hours) if page.today else None,
        month_labels=month_labels,
        place=place(office.options, language) if office else None,
        kinds=_kinds(office, language) if office else [],
        may_find=can_send(office, LINK, settings),
        may_notify=can_send(office, READY, settings),
    )


@pages.get("/privasi")
@public
def privacy() -> str:
    """`?office=CODE` as on the front page: what happens to personal data, and the office's own text about it."""
    language = str(get_locale())
    with db.reading() as session:
        office = front_page(session, request.args.get("office")).office
    options = office.options if office else {}
    return render_template(
        "applicant/privacy.html",
        office=office,
        place=place(office.options, language) if office else None,
        own=own_text(office.options, "privacy", language) if office else None,
        periods={kind: days_of(options, kind) for kind in KINDS if is_limited(options, kind)},
    )


def _month(hours: ServiceHours) -> Month:
    today, wanted = hours.moment.date(), request.args.get("month")
    return month.month(today, wanted, hours.all_week, hours.all_specials, hours.limits)


def _kinds(office: Office, language: str) -> list[tuple[str, str]]:
    """Each kind of document on the shelves, with what an applicant of that kind brings in addition."""
    return [
        (
            document_labels.name(office.options, kind, language),
            " ".join(document_labels.extras(office.options, [kind], language)),
        )
        for kind in document_labels.kinds_of(office.options)
    ]
