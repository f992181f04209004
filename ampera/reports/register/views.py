"""The pages of the register: the rows of some days, one record, its signature, and the book as PDF or XLSX."""

import threading
from dataclasses import asdict
from io import BytesIO

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale, gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from ampera import audit, clock, db, formats
from ampera.errors import Problem, Refusal
from ampera.handovers import labels as handover_labels
from ampera.handovers.collectors.checklists import CLASSES
from ampera.offices import document_labels
from ampera.offices.models import Office
from ampera.offices.options.rights import EXPORT, SEARCH, is_given, is_near
from ampera.offices.queries import lanes_of, office_card
from ampera.offices.refusals import OfficeRefusal
from ampera.passports.search.ways import is_book_number
from ampera.reports import day_views, days
from ampera.reports.refusals import ReportRefusal
from ampera.reports.register import labels, queries, sealed_search
from ampera.security import STAFF, actor, is_fresh, requires
from ampera.web.limits import limiter

LONGEST = 366  # days
MAX_PRINTED = 10_000  # rows of one PDF: two months of a big office, under a minute of one core
EXPORTS = "60/hour"  # files of one person or key
MAX_TEXT = 100  # characters of a search
FILTERS = ("lane", "officer", "collector", "state")
SHOWN = ("holder_name", "application_no", "passport_no", "collector", "checks", "signature")

pages = Blueprint("register", __name__)
GUESSES_PER_MINUTE = "30/minute"  # searches for a whole book number
exports = limiter.shared_limit(EXPORTS, scope="register")
_one_paper = threading.Lock()  # a long book is drawn by one core; two at once would be slower and hold up the lanes


def _is_free() -> bool:
    return not is_book_number(_text() or "")


@pages.get("/register")
@requires(*STAFF)
@limiter.limit(GUESSES_PER_MINUTE, exempt_when=_is_free)
def register() -> str | Response:
    """The handovers of today, or of the days and filters in the address.

    Links with a search have the text as `?search=`, which only the server can read. Old addresses with `?q=` still
    answer.
    """
    office = _office()
    asked = day_views.asked_days(clock.today(office.timezone), LONGEST, request.args)
    if asked.problems:
        return _page_of_problems(office, asked, request.args, _text() or "")
    filters = _filters()
    number = _number("page", request.args) or 1
    page = db.long_read_in_thread(queries.register_page, office.id, office.timezone, filters, number)
    if filters.text:
        audit.note_search(actor(), "register", filters.text, page.total)
    if page.rows:
        seen = {"since": filters.days.since, "until": filters.days.until, "records": [row.id for row in page.rows]}
        audit.note_access(actor(), "register.viewed", f"office:{office.id}", seen)
    with db.reading() as session:
        lanes, officers = lanes_of(session, office.id), queries.officers(session, office.id)
    return render_template(
        "register/register.html",
        office=office,
        page=page,
        filters=filters,
        query=_query(filters),
        lane_choices=[(lane.number, gettext("Jalur %(number)s", number=lane.number)) for lane in lanes],
        officers=officers,
        today=clock.today(office.timezone),
        ranges=days.presets(clock.today(office.timezone)),
        labels=handover_labels,
        most=MAX_PRINTED,
        may_export=_may_export(filters),
        may_export_today=is_given(office.options, EXPORT, actor().role),
        may_search=is_given(office.options, SEARCH, actor().role),
    )


@pages.post("/register")
@requires(*STAFF)
def search() -> BaseResponse:
    """The form posts what was typed: a name in an address would stay in the browser's history and in logs."""
    office, form = _office(), request.form
    asked = day_views.asked_days(clock.today(office.timezone), LONGEST, form)
    if asked.problems:
        return _page_of_problems(office, asked, form, form.get("q", ""))
    filters = _allowed(_filters_of(form, asked.days, _clean(form.get("q", ""))))
    return redirect(url_for("register.register", **_query(filters)), 303)


@pages.get("/register/<int:handover_id>")
@requires(*STAFF)
def record(handover_id: int) -> str:
    """One handover with its checks. The audit records that the page was opened."""
    staff, office = actor(), _office()
    with db.reading() as session:
        found = queries.record(session, office.id, handover_id)
        signed_text = queries.signed_text(session, office.id, handover_id)
    if found is None:
        abort(404)
    audit.note_access(staff, "handover.viewed", f"handover:{handover_id}", {"fields": SHOWN})
    may_void = staff.role == "supervisor" and found["voided_at"] is None
    return render_template(
        "register/record.html",
        office=office,
        record=found,
        signed_text=signed_text,
        labels=handover_labels,
        may_void=may_void and staff.staff_id != found["officer_id"],
        is_own=may_void and staff.staff_id == found["officer_id"],
    )


@pages.get("/register/<int:handover_id>/signature.png")
@requires(*STAFF)
def signature(handover_id: int) -> Response:
    office = _office()
    with db.reading() as session:
        png = queries.signature_png(session, office.id, handover_id)
    if png is None:
        abort(404)
    audit.note_access(actor(), "handover.signature_viewed", f"handover:{handover_id}", {"fields": ["signature"]})
    return Response(png, mimetype="image/png")


@pages.get("/register/buku-penyerahan.pdf")
@requires(*STAFF)
@exports
def on_paper() -> BaseResponse:
    """The rows that match the filters, as *buku penyerahan*."""
    from ampera.reports.register import pdf  # imported late: it loads 20 MB of fonts and drawing

    office, filters = _office(), _filters()
    if answer := _not_now(filters):
        return answer
    total = db.long_read_in_thread(queries.register_page, office.id, office.timezone, filters, 1).total
    if total > MAX_PRINTED:
        raise Problem(ReportRefusal.TOO_MANY_ROWS, 422)
    printed = f"Dicetak {formats.timestamp(clock.now(), office.timezone, formats.PAPER)} oleh {actor().name}"
    heading = pdf.Heading(
        office.name, office.address, _span(filters.days), formats.zone(office.timezone), printed, office.options
    )
    with _one_paper:
        content, rows = db.long_read_in_thread(pdf.pdf, office.id, office.timezone, filters, heading)
    return _give_out(content, rows, filters, "application/pdf", "pdf")


@pages.get("/register/buku-penyerahan.xlsx")
@requires(*STAFF)
@exports
def as_sheet() -> BaseResponse:
    from ampera.reports.register import xlsx  # imported late, for the same reason

    office, filters = _office(), _filters()
    if answer := _not_now(filters):
        return answer
    title = " · ".join((gettext("Buku penyerahan paspor"), office.name, _span(filters.days)))
    texts = xlsx.Texts(title, [str(heading) for heading in labels.COLUMNS], _labels(office))
    content, rows = db.long_read_in_thread(xlsx.xlsx, office.id, office.timezone, filters, texts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _give_out(content, rows, filters, kind, "xlsx")


def _labels(office: Office) -> dict[str, str]:
    """The labels of all codes of a file, by group and code."""
    groups = {
        "class": handover_labels.COLLECTOR_CLASSES,
        "document": handover_labels.DOCUMENTS,
        "shown": handover_labels.EVIDENCE,
        "identity": handover_labels.IDENTITY_BY,
        "book": handover_labels.BOOK_BY,
        "found": handover_labels.FOUND_BY,
        "kind": {
            kind: document_labels.name(office.options, kind, str(get_locale()))
            for kind in document_labels.kinds_of(office.options)
        },
    }
    return {f"{group}:{code}": str(label) for group, found in groups.items() for code, label in found.items()}


def _may_export(filters: queries.RegisterFilter) -> bool:
    """Officers and clerks take the register of today; any other range of it is for supervisors."""
    office, role = _office(), actor().role
    today = clock.today(office.timezone)
    is_today = filters.days == days.Days(today, today)
    return role == "supervisor" or (is_today and is_given(office.options, EXPORT, role))


def _not_now(filters: queries.RegisterFilter) -> BaseResponse | None:
    """What stands before a file: the right to its days and, beyond today, a fresh sign-in, which keys cannot have."""
    if not _may_export(filters):
        raise Problem(Refusal.FORBIDDEN, 403)
    today = clock.today(_office().timezone)
    if is_fresh() or filters.days == days.Days(today, today):
        return None
    if actor().kind == "key":
        raise Problem(Refusal.FORBIDDEN, 403)
    back = url_for(str(request.endpoint), **_query(filters))
    return redirect(url_for("accounts.confirm", next=back))


def _give_out(content: bytes, rows: int, filters: queries.RegisterFilter, kind: str, ending: str) -> Response:
    since, until = filters.days.since, filters.days.until
    details = {"since": since, "until": until, "rows": rows}
    if filters.text:
        audit.note_search(actor(), f"register.{ending}", filters.text, rows)
    audit.note_access(actor(), f"register.{ending}", f"office:{actor().office_id}", details)
    name = f"buku-penyerahan-{since}_{until}.{ending}"
    return send_file(BytesIO(content), kind, as_attachment=ending != "pdf", download_name=name)


def _office() -> Office:
    with db.reading() as session:
        return office_card(session, actor().office_id or 0)


def _filters() -> queries.RegisterFilter:
    """The filters in the address. Days that are no dates and a search that has ended are refused."""
    chosen, text = day_views.days_or_problem(clock.today(_office().timezone), LONGEST), _text()
    if text is None:  # never all rows in place of those of the search
        raise Problem(ReportRefusal.SEARCH_ENDED, 422, {"search": ReportRefusal.SEARCH_ENDED})
    return _allowed(_filters_of(request.args, chosen, text))


def _allowed(filters: queries.RegisterFilter) -> queries.RegisterFilter:
    """What the office lets this role see: how far back, and whether it searches."""
    office, role = _office(), actor().role
    is_near_enough = is_near(office.options, role, filters.days.since, clock.today(office.timezone))
    if not is_near_enough or (filters.text and not is_given(office.options, SEARCH, role)):
        raise Problem(OfficeRefusal.RIGHT_NOT_GIVEN, 403)
    return filters


def _filters_of(given: MultiDict[str, str], chosen: days.Days, text: str) -> queries.RegisterFilter:
    """The filters of an address or a form; invalid values are ignored."""
    collector, state = given.get("collector", ""), given.get("state", "")
    return queries.RegisterFilter(
        days=chosen,
        lane=_number("lane", given),
        officer_id=_number("officer", given),
        collector=collector if collector in CLASSES else "",
        state=state if state in ("live", "voided") else "",
        text=text,
    )


def _text() -> str | None:
    """The searched text of the address; None when it can no longer be read."""
    if token := request.args.get("search"):
        return sealed_search.opened(_secret(), actor(), token)
    return _clean(request.args.get("q", ""))


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:MAX_TEXT]


def _secret() -> str:
    secret: str = current_app.extensions["ampera.settings"].secret_key
    return secret


def _number(name: str, given: MultiDict[str, str]) -> int | None:
    """A number within the database's range."""
    number = given.get(name, type=int)
    return number if number is not None and 0 < number < 2**31 else None


def _query(filters: queries.RegisterFilter) -> dict[str, object]:
    """The filters as parameters of an address."""
    parameters = asdict(filters)
    parameters.pop("days")
    parameters["officer"], text = parameters.pop("officer_id"), parameters.pop("text")
    ends = {"since": filters.days.since.isoformat(), "until": filters.days.until.isoformat()}
    search = {"search": sealed_search.sealed(_secret(), actor(), text)} if text else {}
    return ends | {name: value for name, value in parameters.items() if value not in (None, "")} | search


def _page_of_problems(office: Office, asked: days.Asked, given: MultiDict[str, str], text: str) -> Response:
    others = {name: given[name] for name in FILTERS if name in given} | ({"q": text} if text else {})
    return day_views.page_of_problems(office, gettext("Buku penyerahan"), asked, others, "post")


def _span(chosen: days.Days) -> str:
    if chosen.count == 1:
        return formats.date(chosen.since)
    return f"{formats.date(chosen.since)} s.d. {formats.date(chosen.until)}"
