"""The register's pages: lines of any days, one record in full, the signature, and the book on paper or as a file."""

from dataclasses import asdict
from io import BytesIO

from flask import Blueprint, Response, abort, render_template, request, send_file
from flask_babel import get_locale, gettext

from ampera import audit, clock, db, formats
from ampera.errors import Problem
from ampera.handovers import labels as handover_labels
from ampera.handovers.collectors import CLASSES
from ampera.offices import document_labels
from ampera.offices.models import Office
from ampera.offices.queries import lanes_of, office_card
from ampera.reports import days
from ampera.reports.refusals import ReportRefusal
from ampera.reports.register import labels, queries
from ampera.security import STAFF, actor, requires

LONGEST = 366  # days
MAX_PRINTED = 1000  # lines of one PDF: four busy days, about five seconds of one core
SHOWN = ("holder_name", "application_no", "passport_no", "collector", "checks", "signature")

pages = Blueprint("register", __name__)


@pages.get("/register")
@requires(*STAFF)
def register() -> str:
    """Today's handovers, or those of any days, filtered."""
    office, wanted = _office(), _wanted()
    number = _number("page") or 1
    page = db.long_read_in_thread(queries.register_page, office.id, office.timezone, wanted, number)
    with db.reading() as session:
        lanes, officers = lanes_of(session, office.id), queries.officers(session, office.id)
    return render_template(
        "register/register.html",
        office=office,
        page=page,
        wanted=wanted,
        query=_query(wanted),
        lane_choices=[(lane.number, gettext("Jalur %(number)s", number=lane.number)) for lane in lanes],
        officers=officers,
        today=clock.today(office.timezone),
        labels=handover_labels,
        may_print=page.total <= MAX_PRINTED,
    )


@pages.get("/register/<int:handover_id>")
@requires(*STAFF)
def record(handover_id: int) -> str:
    """One handover with its checks; that somebody looked is itself recorded."""
    who, office = actor(), _office()
    with db.reading() as session:
        found = queries.record(session, office.id, handover_id)
    if found is None:
        abort(404)
    audit.note_access(who, "handover.viewed", f"handover:{handover_id}", {"fields": SHOWN})
    may_void = who.role == "supervisor" and found["voided_at"] is None
    return render_template(
        "register/record.html",
        office=office,
        record=found,
        labels=handover_labels,
        may_void=may_void and who.staff_id != found["officer_id"],
        is_own=may_void and who.staff_id == found["officer_id"],
    )


@pages.get("/register/<int:handover_id>/signature.png")
@requires(*STAFF)
def signature(handover_id: int) -> Response:
    with db.reading() as session:
        png = queries.signature_png(session, _office().id, handover_id)
    if png is None:
        abort(404)
    return Response(png, mimetype="image/png", headers={"Cache-Control": "no-store"})


@pages.get("/register/buku-penyerahan.pdf")
@requires(*STAFF)
def on_paper() -> Response:
    """The lines that the filters show, as *buku penyerahan*."""
    from ampera.reports.register import pdf  # here: with it come 20 MB of fonts and drawing

    office, wanted = _office(), _wanted()
    total = db.long_read_in_thread(queries.register_page, office.id, office.timezone, wanted, 1).total
    if total > MAX_PRINTED:
        raise Problem(ReportRefusal.TOO_MANY_ROWS, 422)
    printed = f"Dicetak {formats.timestamp(clock.now(), office.timezone)} oleh {actor().name}"
    heading = pdf.Heading(
        office.name, office.address, _span(wanted.days), formats.zone(office.timezone), printed, office.options
    )
    content, rows = db.long_read_in_thread(pdf.pdf, office.id, office.timezone, wanted, heading)
    return _give_out(content, rows, wanted, "application/pdf", "pdf")


@pages.get("/register/buku-penyerahan.xlsx")
@requires(*STAFF)
def as_sheet() -> Response:
    from ampera.reports.register import xlsx  # here, for the same reason

    office, wanted = _office(), _wanted()
    said = {name: str(word) for name, word in (handover_labels.COLLECTOR_CLASSES | handover_labels.DOCUMENTS).items()}
    said |= {
        f"kind:{one}": document_labels.name(office.options, one, str(get_locale()))
        for one in document_labels.kinds_of(office.options)
    }
    content, rows = db.long_read_in_thread(
        xlsx.xlsx, office.id, office.timezone, wanted, [str(word) for word in labels.COLUMNS], said
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _give_out(content, rows, wanted, kind, "xlsx")


def _give_out(content: bytes, rows: int, wanted: queries.Wanted, kind: str, ending: str) -> Response:
    since, until = wanted.days.since, wanted.days.until
    told = {"since": since, "until": until, "rows": rows}
    audit.note_access(actor(), f"register.{ending}", f"office:{actor().office_id}", told)
    name = f"buku-penyerahan-{since}_{until}.{ending}"
    return send_file(BytesIO(content), kind, as_attachment=ending != "pdf", download_name=name)


def _office() -> Office:
    with db.reading() as session:
        return office_card(session, actor().office_id or 0)


def _wanted() -> queries.Wanted:
    """The filters of the address; whatever makes no sense is as good as absent."""
    args = request.args
    collector, state = args.get("collector", ""), args.get("state", "")
    return queries.Wanted(
        days=days.chosen(args.get("since"), args.get("until"), clock.today(_office().timezone), LONGEST),
        lane=_number("lane"),
        officer_id=_number("officer"),
        collector=collector if collector in CLASSES else "",
        state=state if state in ("live", "voided") else "",
        text=args.get("q", "").replace("\0", "").strip()[:100],
    )


def _number(name: str) -> int | None:
    """A number of the address that the database can know."""
    given = request.args.get(name, type=int)
    return given if given is not None and 0 < given < 2**31 else None


def _query(wanted: queries.Wanted) -> dict[str, object]:
    """The filters as they stand in an address."""
    kept = asdict(wanted)
    kept.pop("days")
    kept["officer"], kept["q"] = kept.pop("officer_id"), kept.pop("text")
    ends = {"since": wanted.days.since.isoformat(), "until": wanted.days.until.isoformat()}
    return ends | {name: value for name, value in kept.items() if value not in (None, "")}


def _span(chosen: days.Days) -> str:
    if chosen.count == 1:
        return formats.date(chosen.since)
    return f"{formats.date(chosen.since)} s.d. {formats.date(chosen.until)}"
