"""The import page of the desk: choose a file, look at the preview, confirm once. It works without scripts too."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, stream_with_context
from flask import redirect as see
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, db
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.offices.models import Office
from ampera.passports.fields import NEEDED
from ampera.passports.imports import service
from ampera.passports.imports.jobs import LIVES, Import, Imports
from ampera.passports.imports.messages import HIDDEN, OUTCOMES, column, file_sentence, sentence
from ampera.passports.imports.result_csv import as_csv
from ampera.passports.imports.sheets import MAX_BYTES, MAX_ROWS
from ampera.passports.refusals import PassportRefusal
from ampera.security import DESK, actor, requires
from ampera.web.limits import body_up_to, limiter

MAX_BODY = MAX_BYTES + 1024 * 1024  # the file and the form around it
UPLOADS = "20/minute"
SHOWN = 300  # rows of a preview on the page; the report has all

pages = Blueprint("imports", __name__)
pages.record_once(lambda state: kept(state.app).sweep())


@pages.get("/desk/import")
@requires(*DESK)
def choose() -> str:
    return _page()


@pages.post("/desk/import")
@body_up_to(MAX_BODY)
@requires(*DESK)
@limiter.limit(UPLOADS)
def upload() -> BaseResponse | tuple[str, int]:
    """Without scripts: read the file while the browser waits."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(error=gettext("Pilih berkas lebih dulu.")), 422
    begun = service.upload(kept(), actor(), file)
    service.preview(kept(), actor(), begun, service_day())
    return see(f"/desk/import/{begun.id}", 303)


@pages.get("/desk/import/<import_id>")
@requires(*DESK)
def preview(import_id: str) -> str:
    one = found(import_id)
    if one.state == "refused":
        return _page(error=file_sentence(one.file_problems), name=one.name)
    rows = list(kept().outcomes(one, SHOWN)) if one.counts else []
    return render_template(
        "passports/import.html",
        office=own_office(),
        one=one,
        rows=rows,
        outcomes=OUTCOMES,
        hidden=HIDDEN,
        column=column,
        sentence=sentence,
    )


@pages.post("/desk/import/<import_id>/confirm")
@requires(*DESK)
def confirm(import_id: str) -> BaseResponse:
    raise_refusal(service.confirm(kept(), actor(), found(import_id)))
    return see(f"/desk/import/{import_id}", 303)


@pages.get("/desk/import/<import_id>/report.csv")
@requires(*DESK)
def report(import_id: str) -> Response:
    """Every row with its outcome and problems; `?only=refused` those that have to be corrected."""
    one = found(import_id)
    if not one.counts:
        raise Problem(PassportRefusal.IMPORT_NOT_READY, 409)
    return report_of(one, request.args.get("only"))


def kept(app: Any = None) -> Imports:
    """The imports of this installation."""
    return Imports((app or current_app).extensions["ampera.settings"].instance / "imports")


def found(import_id: str) -> Import:
    """The caller's office's import, else 404."""
    one = kept().get(import_id, actor().office_id)
    if one is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return one


def own_office() -> Office:
    with db.reading() as session:
        return session.get_one(Office, actor().office_id)


def service_day() -> Any:
    return clock.today(own_office().timezone)


def report_of(one: Import, only: str | None = None) -> Response:
    """The report as a CSV for the spreadsheets of this country: `;`, UTF-8 with BOM, in the reader's language."""
    name = "laporan-impor.csv" if only is None else f"laporan-impor-{only if only in OUTCOMES else 'kosong'}.csv"
    rows = (row for row in kept().outcomes(one) if only in (None, row.outcome))
    response = Response(stream_with_context(as_csv(rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(error: str = "", name: str = "") -> str:
    return render_template(
        "passports/import_choose.html",
        office=own_office(),
        error=error,
        name=name,
        needed=[column(one) for one in NEEDED],
        most_rows=MAX_ROWS,
        most_mb=MAX_BYTES // 1024**2,
        minutes=int(LIVES.total_seconds() // 60),
    )
