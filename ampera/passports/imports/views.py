"""The import page of the desk: choose a file, check the preview, confirm once. The page works without scripts."""

from datetime import date

from flask import Blueprint, Flask, Response, current_app, render_template, request, stream_with_context
from flask import redirect as see
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, db
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.offices.models import Office
from ampera.passports.fields import NEEDED
from ampera.passports.imports import service
from ampera.passports.imports.intake_plan import RowOutcome
from ampera.passports.imports.jobs import LIVES, SAVED_LIVES, Import, ImportStore
from ampera.passports.imports.messages import HIDDEN, OUTCOMES, column, file_sentence, sentence
from ampera.passports.imports.queries import PastImport, past_imports
from ampera.passports.imports.result_csv import as_csv
from ampera.passports.imports.sheets import MAX_BYTES, MAX_ROWS
from ampera.passports.refusals import PassportRefusal
from ampera.security import DESK, actor, requires
from ampera.web.limits import body_up_to, limiter

MAX_BODY = MAX_BYTES + 1024 * 1024  # the file and the form around it
UPLOADS = "20/minute"
SHOWN = 300  # rows of one kind on the page; the report has all rows
PROBLEMS = 50  # refused rows on the page until somebody asks for all
ALL_PROBLEMS = 2_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

pages = Blueprint("imports", __name__)


@pages.get("/desk/import")
@requires(*DESK)
def choose() -> str:
    return _page()


@pages.post("/desk/import")
@body_up_to(MAX_BODY)
@requires(*DESK)
@limiter.limit(UPLOADS)
def upload() -> BaseResponse | tuple[str, int]:
    """Without scripts: read the file during the request."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(error=gettext("Pilih berkas lebih dulu.")), 422
    begun = service.upload(import_store(), actor(), file)
    service.preview(import_store(), actor(), begun, service_day())
    return see(f"/desk/import/{begun.id}", 303)


@pages.get("/desk/import/<import_id>")
@requires(*DESK)
def preview(import_id: str) -> str:
    job = import_of(import_id)
    if job.state == "refused":
        return _page(error=file_sentence(job.file_problems), name=job.name)
    return render_template(
        "passports/import.html",
        office=own_office(),
        job=job,
        parts=_parts(job, "all" in request.args),
        problems_first=PROBLEMS,
        outcomes=OUTCOMES,
        hidden=HIDDEN,
        column=column,
        sentence=sentence,
    )


@pages.post("/desk/import/<import_id>/confirm")
@requires(*DESK)
def confirm(import_id: str) -> BaseResponse:
    raise_refusal(service.confirm(import_store(), actor(), import_of(import_id)))
    return see(f"/desk/import/{import_id}", 303)


@pages.get("/desk/import/<import_id>/report.csv")
@requires(*DESK)
def report(import_id: str) -> Response:
    """Every row with its outcome; with `?only=refused` the rows to correct."""
    return report_of(read_import(import_id), request.args.get("only"))


@pages.get("/desk/import/<import_id>/problems.xlsx")
@requires(*DESK)
def problems(import_id: str) -> Response:
    """The refused rows with their own columns and the reasons, to correct and import again."""
    job = read_import(import_id)
    return _workbook(_corrections(job), "impor-perlu-diperbaiki.xlsx")


@pages.get("/desk/import/contoh.xlsx")
@requires(*DESK)
def sample() -> Response:
    """An empty list with all headings."""
    from ampera.passports.imports import result_xlsx  # imported late: it loads openpyxl

    return _workbook(result_xlsx.sample(), "contoh-daftar-paspor.xlsx")


def _parts(job: Import, has_all: bool) -> dict[str, list[RowOutcome]]:
    """The rows of the page: refused, taken with a warning, updated, and the others; at most SHOWN of each."""
    most = {"refused": ALL_PROBLEMS if has_all else PROBLEMS}
    parts: dict[str, list[RowOutcome]] = {"refused": [], "warned": [], "updated": [], "others": []}
    for row in import_store().outcomes(job) if job.counts else ():
        is_refused, others = row.outcome == "refused", row.outcome if row.outcome == "updated" else "others"
        part = "refused" if is_refused else "warned" if row.problems else others
        if len(parts[part]) < most.get(part, SHOWN):
            parts[part].append(row)
    return parts


def _corrections(job: Import) -> bytes:
    from ampera.passports.imports import result_xlsx

    refused = (row for row in import_store().outcomes(job) if row.outcome == "refused")
    return result_xlsx.corrections(refused, job.overview.get("headings", {}))


def _workbook(content: bytes, name: str) -> Response:
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def import_store(app: Flask | None = None) -> ImportStore:
    """The imports of this installation."""
    return ImportStore((app or current_app).extensions["ampera.settings"].instance / "imports")


def import_of(import_id: str) -> Import:
    """The import of the caller's office. Raises Problem 404."""
    job = import_store().get(import_id, actor().office_id)
    if job is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return job


def read_import(import_id: str) -> Import:
    """An import whose file was read. Raises Problem 404, or 409 `import_not_ready`."""
    job = import_of(import_id)
    if not job.counts:
        raise Problem(PassportRefusal.IMPORT_NOT_READY, 409)
    return job


def own_office() -> Office:
    with db.reading() as session:
        return session.get_one(Office, actor().office_id)


def service_day() -> date:
    return clock.today(own_office().timezone)


def report_of(job: Import, only: str | None = None) -> Response:
    """The report as CSV in the reader's language, with all rows or those of one outcome."""
    name = "laporan-impor.csv" if only is None else f"laporan-impor-{only if only in OUTCOMES else 'kosong'}.csv"
    rows = (row for row in import_store().outcomes(job) if only in (None, row.outcome))
    response = Response(stream_with_context(as_csv(rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(error: str = "", name: str = "") -> str:
    return render_template(
        "passports/import_choose.html",
        office=own_office(),
        error=error,
        name=name,
        needed=[column(name) for name in NEEDED],
        most_rows=MAX_ROWS,
        most_mb=MAX_BYTES // 1024**2,
        minutes=int(LIVES.total_seconds() // 60),
        hours=int(SAVED_LIVES.total_seconds() // 3600),
        past=_past(),
    )


def _past() -> list[tuple[PastImport, bool]]:
    """The office's last imports, and whether the result of each is still kept."""
    with db.reading() as session:
        found = past_imports(session, actor().office_id or 0)
    return [(past, bool(past.import_id and import_store().get(past.import_id, actor().office_id))) for past in found]
