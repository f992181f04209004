"""Imports as JSON, for the page and for programs: upload, ask for the progress, look at the preview, confirm."""

import threading
from typing import Any

import structlog
from flask import Flask, Response, current_app

from ampera.api import blueprint
from ampera.audit import Actor
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.passports.imports import service
from ampera.passports.imports.jobs import Import
from ampera.passports.imports.messages import file_sentence, sentence
from ampera.passports.imports.schemas import FileBody, ImportSchema
from ampera.passports.imports.views import MAX_BODY, UPLOADS, found, kept, report_of, service_day
from ampera.passports.refusals import PassportRefusal
from ampera.security import DESK, actor, requires
from ampera.web.limits import body_up_to, limiter

SHOWN = 500  # problems in one answer; the report has all

api = blueprint("imports", "Files of books: a preview first, one confirmation, then books on the shelf.")
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
    begun = service.upload(kept(), actor(), files["file"])
    _in_background(current_app._get_current_object(), actor(), begun)
    return told(begun)


@api.get("/imports/<string:import_id>")
@requires(*DESK)
@api.answers(ImportSchema)
def progress(import_id: str) -> dict[str, Any]:
    """Get the progress of an import, then its preview.

    The preview has the counts and the problems by row and column.
    """
    return told(found(import_id))


@api.post("/imports/<string:import_id>/confirm")
@requires(*DESK)
@api.answers(ImportSchema)
@api.refuses({409: [PassportRefusal.IMPORT_NOT_READY, Refusal.CONFLICT]})
def confirm(import_id: str) -> dict[str, Any]:
    """Save the accepted rows of an import.

    All rows are saved in one transaction. A second confirmation gives the same answer.
    """
    return told(raise_refusal(service.confirm(kept(), actor(), found(import_id))))


@api.get("/imports/<string:import_id>/report.csv")
@requires(*DESK)
@api.answers("text/csv")
@api.refuses({409: [PassportRefusal.IMPORT_NOT_READY]})
def report(import_id: str) -> Response:
    """Download every row with its outcome.

    A CSV file with `;` between the columns, in UTF-8 with BOM.
    """
    one = found(import_id)
    if not one.counts:
        raise Problem(PassportRefusal.IMPORT_NOT_READY, 409)
    return report_of(one)


def told(one: Import) -> dict[str, Any]:
    """The import as JSON, in the reader's language."""
    refused = kept().outcomes(one, SHOWN) if one.counts else ()
    problems = [(row.number, problem) for row in refused for problem in row.problems]
    problems += [(problem.params.get("row"), problem) for problem in one.file_problems]
    return {
        "import_id": one.id,
        "state": one.state,
        "name": one.name,
        "progress": {"done": one.done, "total": one.total},
        "counts": one.counts,
        "message": file_sentence(one.file_problems) if one.problems else None,
        "problems": [
            {"row": row, "column": problem.field or None, "code": problem.code, "message": sentence(problem)}
            for row, problem in problems
        ],
    }


def _in_background(app: Flask, who: Actor, begun: Import) -> None:
    today = service_day()

    def job() -> None:
        with app.app_context():
            try:
                service.preview(kept(), who, begun, today)
            except Exception as error:  # the import says "unreadable"; the log says why
                log.error("an import could not be read", kind=type(error).__name__)

    threading.Thread(target=job, daemon=True).start()
