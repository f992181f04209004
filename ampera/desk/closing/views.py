"""`/reports/days`: the service days, each closed once by a supervisor, and the sheet of a closed day."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response as BaseResponse

from ampera import audit, clock, db, formats
from ampera.desk.closing import figures, queries, service
from ampera.desk.closing.models import ClosedDay
from ampera.errors import Problem, Refusal, Refused, message
from ampera.handovers.labels import COLLECTOR_CLASSES
from ampera.history import checkpoints
from ampera.offices.models import Office
from ampera.offices.queries import office_card
from ampera.reports import days
from ampera.security import actor, people_only, requires
from ampera.visits.labels import VISIT_STATES
from ampera.web import paper_tasks

WATCHERS = ("supervisor", "admin")

pages = Blueprint("closing", __name__)


@pages.get("/reports/days")
@requires(*WATCHERS)
def listed() -> str:
    """The days of a month on which anything happened: this month, or `?month=2026-12`."""
    office = _office()
    today = clock.today(office.timezone)
    first = _month(request.args.get("month", ""), today)
    after = (first + timedelta(days=31)).replace(day=1)
    with db.reading() as session:
        rows = queries.days(session, office, days.Days(first, after - timedelta(days=1)))
    return render_template(
        "desk/days.html",
        office=office,
        rows=rows,
        today=today,
        month=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=after if after <= today else None,
    )


@pages.get("/reports/days/<day>")
@requires(*WATCHERS)
def show(day: str) -> str:
    """One day: its figures as they are, or as they were when it was closed."""
    return _page(_office(), _day(day))


@pages.post("/reports/days/<day>")
@people_only
@requires("supervisor")
def close(day: str) -> Any:
    """Close the day. The page before has shown what is written down."""
    office, wanted = _office(), _day(day)
    result = service.close(actor(), wanted)
    if isinstance(result, Refused):
        return _page(office, wanted, message(result.code)), result.status
    flash(gettext("Hari ini ditutup. Cetak lembarnya, tanda tangani, dan simpan."), "go")
    return redirect(url_for("closing.show", day=wanted.isoformat()), 303)


@pages.get("/reports/days/<day>/lembar-penutupan.pdf")
@requires(*WATCHERS)
def sheet(day: str) -> BaseResponse:
    """The sheet of a closed day."""
    from ampera.desk.closing import pdf  # imported late: it loads 20 MB of fonts and drawing

    office, wanted = _office(), _day(day)
    with db.reading() as session:
        closed = queries.closed_day(session, office.id, wanted)
        entry = queries.entry_of(session, closed) if closed else None
        came_later = queries.later(session, office, closed) if closed else None
    if closed is None or entry is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    signed = checkpoints.of_entry(entry, db.current_settings().secret_key)
    found = figures.read(closed.figures)
    with force_locale(formats.PAPER):
        paper = pdf.ClosedSheet(
            office=office.name, address=office.address, timezone=office.timezone, day=wanted,
            closed_at=closed.closed_at, closed_by=closed.closed_by_name, figures=found, wait=_times(found.wait),
            service=_times(found.service), checkpoint=checkpoints.short_text(signed), key_id=signed["key_id"],
            later=_sentence(came_later) if came_later else "",
        )  # fmt: skip
    content = paper_tasks.draw("closing", paper, lambda: pdf.pdf(paper))
    audit.note_access(actor(), "day.printed", queries.subject(wanted), {"closed_day": closed.id})
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="lembar-penutupan-{wanted.isoformat()}.pdf"'
    return answer


def _page(office: Office, day: date, problem: str = "") -> str:
    today = clock.today(office.timezone)
    with db.reading() as session:
        closed = queries.closed_day(session, office.id, day)
        found = figures.read(closed.figures) if closed else queries.day_figures(session, office, day, today)
        still_here = queries.open_visits(session, office.id, day)
        came_later = queries.later(session, office, closed) if closed else None
    return render_template(
        "desk/day.html",
        office=office,
        day=day,
        found=found,
        closed=closed,
        still_here=still_here,
        later=_sentence(came_later) if came_later else "",
        may_close=_may_close(closed, day, today),
        problem=problem,
        classes=COLLECTOR_CLASSES,
        states=VISIT_STATES,
    )


def _may_close(closed: ClosedDay | None, day: date, today: date) -> bool:
    who = actor()
    return closed is None and day <= today and who.kind == "staff" and who.role == "supervisor"


def _sentence(came: queries.Later) -> str:
    return gettext(
        "Sesudah ditutup masih tercatat: %(vehicles)s kendaraan, %(books)s penyerahan, %(voided)s pembatalan.",
        vehicles=formats.number(came.vehicles),
        books=formats.number(came.handed_over),
        voided=formats.number(came.voided),
    )


def _times(span: Any) -> str:
    return " · ".join(formats.duration(seconds) for seconds in (span.p50, span.p90))


def _month(text: str, today: date) -> date:
    """The first day of the month in an address; of this month for any other text."""
    return days.read(f"{text}-01") or today.replace(day=1)


def _day(text: str) -> date:
    """The day of an address. Raises Problem 404 for anything else."""
    found = days.read(text)
    if found is None or found.isoformat() != text:
        raise Problem(Refusal.NOT_FOUND, 404)
    return found


def _office() -> Office:
    with db.reading() as session:
        return office_card(session, actor().office_id or 0)
