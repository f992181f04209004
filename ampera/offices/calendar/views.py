"""The administrator's calendar: hours of the week, special days, and the limits of a day."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from ampera import db, formats
from ampera.errors import Problem, Refusal, Refused
from ampera.offices import form_views, labels, queries, service
from ampera.offices.calendar.admission import split
from ampera.offices.changes import Changed
from ampera.offices.form_views import Answer, Typed
from ampera.offices.models import Office
from ampera.offices.options import labels as options_labels
from ampera.offices.options.defaults import option
from ampera.offices.options.forms import is_optional, shape
from ampera.offices.refusals import OfficeRefusal
from ampera.security import ADMIN, actor, requires

pages = Blueprint("office_calendar", __name__, url_prefix="/admin")


@pages.get("/calendar")
@requires(*ADMIN)
def calendar() -> str:
    """`?day=YYYY-MM-DD` puts that special day into the form."""
    return page(Typed())


@pages.post("/hours/<int:weekday>")
@requires(*ADMIN)
def set_hours(weekday: int) -> Answer:
    """The spans of one weekday on one line; an empty line is a closed day."""
    return _answer(service.set_hours(actor(), weekday, form_views.spans()), gettext("Jam layanan disimpan."))


@pages.post("/special-days")
@requires(*ADMIN)
def set_special_day() -> Answer:
    """A day with its own hours and quota, or closed when there are no hours."""
    day = form_views.day(request.form.get("day", ""))
    if day is None:
        return _answer(Refused(OfficeRefusal.BAD_DAY, 422, {"day": OfficeRefusal.BAD_DAY}), "")
    title, spans = request.form.get("title", ""), form_views.spans()
    made = service.set_special_day(actor(), day, title, spans, form_views.quota())
    return _answer(made, gettext("Hari khusus disimpan."))


@pages.post("/special-days/<day>/drop")
@requires(*ADMIN)
def drop_special_day(day: str) -> Answer:
    found = form_views.day(day)
    if found is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return _answer(service.drop_special_day(actor(), found), gettext("Hari khusus dihapus."))


def page(typed: Typed) -> str:
    """The calendar, with the form that was refused as it was typed."""
    with db.reading() as session:
        own = session.get_one(Office, actor().office_id)
        week, hours = queries.week_of(session, own.id), queries.service_hours(session, own)
    share, quota = option(own.options, "booked_share"), option(own.options, "day_quota")
    chosen = form_views.day(request.args.get("day", ""))
    return render_template(
        "admin/calendar.html",
        office=own,
        typed=typed,
        week=week,
        day_names=[formats.weekday(weekday) for weekday in range(7)],
        specials=hours.all_specials,
        chosen=(chosen, hours.all_specials[chosen]) if chosen in hours.all_specials else None,
        limits=[(name, option(own.options, name)) for name in options_labels.LIMITS],
        parts=lambda of: split(of, share),
        quota=quota,
        today=hours.moment.date(),
        spans=form_views.printed,
        hours_words=labels,
        option_words=options_labels,
        shape=shape,
        is_optional=is_optional,
        zone=hours.zone,
    )


def _answer(result: Changed | Refused, done: str) -> Answer:
    return form_views.answer(result, url_for("office_calendar.calendar"), page, done)
