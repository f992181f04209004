"""The administrator's calendar: hours of the week, special days, and the limits of a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

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
from ampera.offices.options import row_views
from ampera.offices.options.defaults import option
from ampera.offices.refusals import OfficeRefusal
from ampera.security import ADMIN, actor, requires

pages = Blueprint("office_calendar", __name__, url_prefix="/admin")


@pages.get("/calendar")
@requires(*ADMIN)
def calendar() -> str:
    """`?day=YYYY-MM-DD` puts that special day into the form."""
    return page(Typed())


@pages.post("/calendar")
@requires(*ADMIN)
def set_calendar() -> Answer:
    """Save every changed weekday and limit, or none. `default=NAME` and `copy=monday` only fill in (no JavaScript)."""
    if "default" in request.form:
        return page(Typed(form=row_views.with_default(request.form["default"], request.form)))
    if "copy" in request.form:
        return page(Typed(form=row_views.with_monday(request.form)))
    return row_views.save(request.form, url_for("office_calendar.calendar"), page)


@pages.post("/hours/<int:weekday>")
@requires(*ADMIN)
def set_hours(weekday: int) -> Answer:
    """The spans of one weekday on one line; an empty line is a closed day."""
    hours = request.form.get("hours", "")
    refused = form_views.why_not_proved() if form_views.spans(hours) else None
    made = refused or service.set_hours(actor(), weekday, form_views.spans(hours))
    if isinstance(made, Refused) and made is not refused:
        made = replace(made, fields={f"hours.{weekday}": made.code})
    return _answer(made, gettext("Jam layanan disimpan."), row_views.one_day(weekday, hours))


@pages.post("/special-days")
@requires(*ADMIN)
def set_special_day() -> Answer:
    """A day with its own hours and quota, or closed when there are no hours."""
    day = form_views.day(request.form.get("day", ""))
    if day is None:
        return _answer(Refused(OfficeRefusal.BAD_DAY, 422, {"day": OfficeRefusal.BAD_DAY}), "")
    titles = {name: request.form.get(name, "") for name in ("title", "title_en")}
    spans = form_views.spans(request.form.get("hours", ""))
    refused = form_views.why_not_proved() if spans else None
    made = refused or service.set_special_day(actor(), day, spans=spans, quota=form_views.quota(), **titles)
    return _answer(made, gettext("Hari khusus disimpan."))


@pages.post("/special-days/<day>/drop")
@requires(*ADMIN)
def drop_special_day(day: str) -> Answer:
    found = form_views.day(day)
    if found is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    refused = form_views.why_not_proved() if _is_closed(found) else None
    return _answer(refused or service.drop_special_day(actor(), found), gettext("Hari khusus dihapus."))


def _is_closed(day: date) -> bool:
    """Whether this special day closes the office: without it the hours of the week open the day again."""
    with db.reading() as session:
        special = queries.specials_of(session, actor().office_id or 0, day).get(day)
    return special is not None and not special.spans


def page(typed: Typed) -> str:
    """The calendar, with the form that was refused as it was typed."""
    with db.reading() as session:
        own = session.get_one(Office, actor().office_id)
        week, hours = queries.week_of(session, own.id), queries.service_hours(session, own)
    share, quota = option(own.options, "booked_share"), option(own.options, "day_quota")
    days = [row_views.day_row(week.get(weekday, []), weekday, typed) for weekday in range(7)]
    limits = [row_views.option_row(own.options, name, typed) for name in options_labels.LIMITS]
    chosen = form_views.day(request.args.get("day", ""))
    return render_template(
        "admin/calendar.html",
        office=own,
        typed=typed,
        days=days,
        count=sum(row.is_changed for row in [*days, *limits]),
        day_names=[formats.weekday(weekday) for weekday in range(7)],
        specials=hours.all_specials,
        chosen=(chosen, hours.all_specials[chosen]) if chosen in hours.all_specials else None,
        limits=limits,
        parts=lambda of: split(of, share),
        quota=quota,
        today=hours.moment.date(),
        spans=form_views.printed,
        hours_words=labels,
        **row_views.words(),
        zone=hours.zone,
    )


def _answer(result: Changed | Refused, done: str, typed: Mapping[str, str] | None = None) -> Answer:
    return form_views.answer(result, url_for("office_calendar.calendar"), page, done, typed=typed)
