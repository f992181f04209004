"""`/desk/requests`: note what a person asks about the own data, and answer it within 3 x 24 hours."""

import threading
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import audit, clock, db
from ampera.accounts.refusals import AccountRefusal
from ampera.errors import Problem, Refusal, Refused, message
from ampera.offices.models import Office
from ampera.offices.queries import office_card
from ampera.passports.states import ON_SHELF
from ampera.reports.persons import deadlines, labels, queries, request_labels, service
from ampera.reports.persons.models import ACCESS
from ampera.reports.persons.request_queries import (
    RequestRow,
    answered_requests,
    application_of,
    open_requests,
    request_row,
)
from ampera.security import DESK, SUPERVISOR, actor, has_proved, is_fresh, people_only, requires
from ampera.web.limits import guesses, limiter

FIELDS = ("application_no", "kind", "way", "asked", "received")
MAX_TYPED = 1000
MINUTES = "%Y-%m-%dT%H:%M"  # as the browser's field for a moment has it, on the office's clock

pages = Blueprint("requests", __name__)
Page = str | Response | tuple[str, int]
_one_paper = threading.Lock()


@pages.get("/desk/requests")
@requires(*DESK)
def listed() -> str:
    """What waits, due first, and the newest answers. `?book_id=` fills in the application of a book."""
    return _list({})


@pages.post("/desk/requests")
@people_only
@requires(*DESK)
@limiter.limit("20/minute")
def note() -> Page:
    """Note a request: `application_no`, `kind`, `way`, `asked`, and when it was `received`."""
    form = {name: request.form.get(name, "").replace("\0", "").strip()[:MAX_TYPED] for name in FIELDS}
    received = _moment(form["received"], _office())
    wish = service.Wish(form["application_no"], form["kind"], form["way"], form["asked"], received)
    result = service.note(actor(), wish)
    if isinstance(result, Refused):
        return _list(form, {name: message(code) for name, code in result.fields.items()}), result.status
    flash(gettext("Permintaan dicatat. Jawab paling lambat 3 x 24 jam sejak diterima."), "go")
    return redirect(url_for("requests.listed"), 303)


@pages.get("/desk/requests/<int:request_id>")
@people_only
@requires(*SUPERVISOR)
def show(request_id: int) -> Page:
    """One request with the ways to answer it. The password is asked first, because an answer needs a fresh sign-in."""
    row = _row(request_id)
    if row.outcome is None and not is_fresh():
        return redirect(url_for("accounts.ask_again", next=request.path))
    return _one(row)


@pages.get("/desk/requests/<int:request_id>/<any(answer, paper):act>")
@people_only
@requires(*SUPERVISOR)
def back(request_id: int, act: str) -> Response:
    """An address that only takes forms, asked for as a page (another language was chosen there)."""
    return redirect(url_for("requests.show", request_id=request_id, lang=request.args.get("lang")))


@pages.post("/desk/requests/<int:request_id>/answer")
@people_only
@requires(*SUPERVISOR)
@guesses("20/minute")
def answer(request_id: int) -> Page:
    """Answer in `words` with an `outcome`, with `proof` when the sign-in is not fresh any more."""
    row, words = _row(request_id), request.form.get("words", "").replace("\0", "")[:MAX_TYPED]
    if wrong := _why_not_proved():
        return _one(row, words, wrong), 403
    result = service.answer(actor(), row.id, request.form.get("outcome", ""), words)
    if isinstance(result, Refused) and result.fields:
        return _one(row, words, {name: message(code) for name, code in result.fields.items()}), result.status
    return _listed(result, gettext("Permintaan dijawab."))


@pages.post("/desk/requests/<int:request_id>/paper")
@people_only
@requires(*SUPERVISOR)
@limiter.limit("20/minute")
def paper(request_id: int) -> Page:
    """Give out the copy of the data: made now, one time, and recorded as a look with its reason."""
    row, office = _row(request_id), _office()
    if not is_fresh():
        return redirect(url_for("accounts.ask_again", next=url_for("requests.show", request_id=row.id)), 303)
    if row.outcome or row.kind != ACCESS:
        return _listed(service.hand_out(actor(), row.id, {}), "")
    content, given = _drawn(office, row.application_no)
    result = service.hand_out(actor(), row.id, given)
    if isinstance(result, Refused):
        return _listed(result, "")
    flash(gettext("Salinan dibuat dan diunduh. Cetak, serahkan kepada pemiliknya, lalu hapus berkasnya."), "go")
    return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name="salinan-data-pribadi.pdf")


def _drawn(office: Office, application_no: str) -> tuple[bytes, dict[str, object]]:
    """The file, and what is in it as the history keeps it."""
    from ampera.reports.persons import pdf  # imported late: it loads 20 MB of fonts and drawing

    heading = pdf.Heading(office.name, office.address, office.timezone)
    codes = labels.codes(office.options)
    with _one_paper:
        drawn = db.long_read_in_thread(pdf.drawn, office, application_no, heading, codes)
    if drawn is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return drawn.content, queries.counts(drawn.copy)


def _list(form: dict[str, str], wrong: dict[str, str] | None = None) -> str:
    """The page with the form: what was typed and its problems after a refusal."""
    who, office = actor(), _office()
    with db.reading() as session:
        waiting, answered = open_requests(session, office.id), answered_requests(session, office.id)
        asked_for = application_of(session, office.id, request.args.get("book_id", 0, type=int) % 2**31)
    shown = [row.passport_id for row in (*waiting, *answered)]
    audit.note_access(who, "requests.viewed", f"office:{office.id}", {"rows": len(shown), "shown": shown})
    now = clock.local(clock.now(), office.timezone)
    return render_template(
        "reports/requests.html",
        office=office,
        waiting=waiting,
        answered=answered,
        clock_of=_clock_of,
        labels=request_labels,
        is_supervisor=who.role in SUPERVISOR,
        form=form or {"application_no": asked_for, "received": now.strftime(MINUTES)},
        wrong=wrong or {},
        is_asked=bool(form or asked_for),
        latest=now.strftime(MINUTES),
        most=service.MAX_WORDS,
    )


def _one(row: RequestRow, words: str = "", wrong: dict[str, str] | None = None) -> str:
    audit.note_access(actor(), "requests.viewed", f"passport:{row.passport_id}", {"request": row.id})
    return render_template(
        "reports/request.html",
        office=_office(),
        row=row,
        clock=_clock_of(row),
        labels=request_labels,
        is_here=row.book_state in ON_SHELF,
        words=words,
        wrong=wrong or {},
        most=service.MAX_WORDS,
    )


def _clock_of(row: RequestRow) -> deadlines.Clock:
    """How long is left now, or was left at the answer."""
    return deadlines.clock_of(row.received_at, row.answered_at or clock.now())


def _listed(result: service.RequestState | Refused, done: str) -> Response:
    """Back to the list with the result as a message. Raises Problem 404 for a request of nobody."""
    if isinstance(result, Refused) and result.status == 404:
        raise Problem(result.code, 404)
    flash(*((message(result.code), "stop") if isinstance(result, Refused) else (done, "go")))
    return redirect(url_for("requests.listed"), 303)


def _why_not_proved() -> dict[str, str]:
    """The problem of the field `proof`; empty when the password was typed a short while ago, or stands in it."""
    typed = request.form.get("proof", "")
    if is_fresh() or has_proved(typed):
        return {}
    code = AccountRefusal.WRONG_PASSWORD if typed else AccountRefusal.FRESH_SIGN_IN_NEEDED
    return {"proof": message(code, 403)}


def _row(request_id: int) -> RequestRow:
    with db.reading() as session:
        found = request_row(session, actor().office_id or 0, request_id) if request_id < 2**31 else None
    if found is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return found


def _office() -> Office:
    with db.reading() as session:
        return office_card(session, actor().office_id or 0)


def _moment(typed: str, office: Office) -> datetime | None:
    """The moment of the form on the office's clock; None when it is none."""
    try:
        return datetime.strptime(typed[: len("2026-12-01T10:00")], MINUTES).replace(tzinfo=ZoneInfo(office.timezone))
    except ValueError:
        return None
