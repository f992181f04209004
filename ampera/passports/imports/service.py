"""From an uploaded file to a preview, and from the confirmation to books on the shelf. A preview saves no book."""

import functools
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from ampera import db
from ampera.audit import Actor
from ampera.errors import Problem, Refused
from ampera.passports.fields import FieldError
from ampera.passports.imports import intake_plan, intake_service
from ampera.passports.imports.intake_plan import IntakePlan
from ampera.passports.imports.jobs import Import, ImportStore, private
from ampera.passports.imports.reader_process import Reading, load
from ampera.passports.imports.sheets import SheetRefused
from ampera.passports.models import Source
from ampera.passports.refusals import PassportRefusal
from ampera.web import guess_counter

NICENESS = 10  # requests of the lane run before an import


def upload(imports: ImportStore, actor: Actor, file: FileStorage) -> Import:
    """Begin an import with this file; `preview` reads it."""
    begun = imports.begin(actor, Path(file.filename or "").name)
    with private(imports.path(begun.id, "upload"), "wb") as out:
        file.save(out)
    return begun


def preview(imports: ImportStore, actor: Actor, begun: Import, today: date) -> None:
    """Read the file in a separate process, then compare its rows with the shelf on a thread."""
    # Stored if an error other than SheetRefused ends the reading.
    read = replace(begun, state="refused", problems=[FieldError("", "unreadable")])
    try:
        with imports.reading(begun.office_id), imports.path(begun.id, "upload").open("rb") as content:
            reading = Reading(content, imports.path(begun.id, "rows"), today, NICENESS)
            read.overview = reading.finish(functools.partial(_report, imports, begun))
        guess_counter.need_right(actor, intake_plan.NUMBERS)
        plan = db.long_read_in_thread(_compare, imports, read)
        guess_counter.need_answers(actor, intake_plan.NUMBERS, intake_plan.number_answers(plan))
        db.run_in_thread(functools.partial(imports.save_outcomes, read, plan.outcomes))
        read.state, read.problems = "ready", []
    except Problem as refused:
        read.problems = [FieldError("", refused.code)]
    except SheetRefused as refused:
        read.problems = list(refused.problems)
        intake_service.refuse_file(actor, [problem.code for problem in refused.problems])
    finally:
        imports.remove(begun, "upload")
        imports.save(read)


def confirm(imports: ImportStore, actor: Actor, ready: Import) -> Import | Refused:
    """Save the accepted rows of the preview; commits all or none. A second confirmation gives the first answer.

    Refused: `import_not_ready`.
    """
    if ready.state == "saved":
        return ready
    if ready.state != "ready" or not imports.claim(ready):
        return Refused(PassportRefusal.IMPORT_NOT_READY)
    try:
        rows = db.run_in_thread(functools.partial(load, imports.path(ready.id, "saving")))
        outcomes = intake_service.bring_in(actor, rows, Source(ready.name, ready.id))
    except BaseException:
        imports.release(ready)
        raise
    db.run_in_thread(functools.partial(imports.save_outcomes, ready, outcomes))
    ready.state = "saved"
    imports.save(ready)
    imports.remove(ready, "saving")
    return ready


def _compare(session: Session, imports: ImportStore, read: Import) -> IntakePlan:
    return intake_plan.compare(session, read.office_id, load(imports.path(read.id, "rows")), is_preview=True)


def _report(imports: ImportStore, begun: Import, done: int, total: int) -> None:
    imports.save(replace(begun, done=done, total=total))
