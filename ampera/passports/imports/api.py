"""Imports as JSON, for the page and for programs: upload, progress, preview, confirmation."""

import threading
from typing import Any

import structlog
from flask import Flask, Response, current_app

from ampera.api import blueprint
from ampera.audit import Actor
from ampera.errors import Refusal, raise_refusal
from ampera.passports.imports import service
from ampera.passports.imports.answer_messages import all_problems, read_parts
from ampera.passports.imports.jobs import Import
from ampera.passports.imports.messages import file_sentence
from ampera.passports.imports.schemas import FileBody, ImportSchema
from ampera.passports.imports.views import (
    MAX_BODY,
    UPLOADS,
    import_of,
    import_store,
    read_import,
    report_of,
    service_day,
)
from ampera.passports.refusals import PassportRefusal
from ampera.security import DESK, actor, requires
from ampera.web.limits import body_up_to, limiter

SHOWN = 500  # rows in one answer; the report has all rows

api = blueprint("imports", "Imports of files: a preview, then one confirmation.")
log = structlog.get_logger()


@api.post("/imports")
@body_up_to(MAX_BODY)
@requires(*DESK)
@limiter.limit(UPLOADS)
@api.arguments(FileBody, location="files")
@api.answers(ImportSchema, 202)
@api.refuses({429: [Refusal.TOO_MANY_REQUESTS]})
def begin(files: dict[str, Any]) -> dict[str, Any]:
    """Upload a CSV or XLSX file of books.

    The file is read in the background; get the import until its `state` is not `reading`. Nothing is saved yet.
    """
    begun = service.upload(import_store(), actor(), files["file"])
    _in_background(current_app._get_current_object(), actor(), begun)
    return _import(begun)


@api.get("/imports/<string:import_id>")
@requires(*DESK)
@api.answers(ImportSchema)
def progress(import_id: str) -> dict[str, Any]:
    """Get the progress of an import, then its preview.

    The preview has the counts and the problems by row and column.
    """
    return _import(import_of(import_id))


@api.post("/imports/<string:import_id>/confirm")
@requires(*DESK)
@api.answers(ImportSchema)
@api.refuses(
    {
        409: [PassportRefusal.IMPORT_NOT_READY, Refusal.CONFLICT],
        429: [PassportRefusal.NUMBERS_EXHAUSTED],
    }
)
def confirm(import_id: str) -> dict[str, Any]:
    """Save the accepted rows of an import.

    All rows are saved in one transaction. A second confirmation gives the same answer.
    """
    return _import(raise_refusal(service.confirm(import_store(), actor(), import_of(import_id))))


@api.get("/imports/<string:import_id>/report.csv")
@requires(*DESK)
@api.answers("text/csv")
@api.refuses({409: [PassportRefusal.IMPORT_NOT_READY]})
def report(import_id: str) -> Response:
    """Download every row with its outcome.

    A CSV file with `;` between the columns, in UTF-8 with BOM.
    """
    return report_of(read_import(import_id))


def _import(job: Import) -> dict[str, Any]:
    """The import as JSON, in the reader's language."""
    rows = import_store().outcomes(job, SHOWN) if job.counts else ()
    return {
        "import_id": job.id,
        "state": job.state,
        "name": job.name,
        "progress": {"done": job.done, "total": job.total},
        "counts": job.counts,
        "message": file_sentence(job.file_problems) if job.problems else None,
        "problems": all_problems(job.overview, rows, job.file_problems),
        **read_parts(job.overview),
    }


def _in_background(app: Flask, who: Actor, begun: Import) -> None:
    today = service_day()

    def job() -> None:
        with app.app_context():
            try:
                service.preview(import_store(), who, begun, today)
            except Exception as error:  # the import is stored as unreadable; the log has the kind of error
                log.error("an import could not be read", kind=type(error).__name__)

    threading.Thread(target=job, daemon=True).start()
