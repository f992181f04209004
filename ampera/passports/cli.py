"""`ampera import`: take in a file of books without a browser, also while the server runs.

A separate process reads the file while the application loads here, so the top of this module imports little.
"""

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import ScriptInfo
from flask_babel import force_locale

from ampera import clock
from ampera.passports.fields import FieldError
from ampera.passports.imports.answer_messages import all_problems, read_parts
from ampera.passports.imports.messages import column, file_sentence, sentence
from ampera.passports.imports.reader_process import Reading, load
from ampera.passports.imports.row import CheckedRow
from ampera.passports.imports.sheets import SheetRefused

LONGEST_NAME = 100
SHOWN = 20  # problems on the screen; --json prints all
LANGUAGE = "id" if os.environ.get("LANG", "").startswith("id") else "en"


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Save without asking. Without it the preview is shown first.")
@click.option("--json", "is_json", is_flag=True, help="Print the result as JSON (without --yes: only the preview).")
@click.option("--office", metavar="CODE", help="Default: the first office.")
@click.option("--lang", type=click.Choice(("id", "en")), default=LANGUAGE, help="Language of the problems' sentences.")
@click.pass_context
def import_(ctx: click.Context, file: Path, yes: bool, is_json: bool, office: str | None, lang: str) -> None:
    """Take the books of FILE (CSV or XLSX) in. Saves all accepted rows in one transaction, or none."""
    with tempfile.TemporaryDirectory() as folder, file.open("rb") as content:
        out = Path(folder, "rows")
        reading = Reading(content, out, clock.today())
        ctx.with_resource(ctx.ensure_object(ScriptInfo).load_app().app_context())
        ctx.with_resource(force_locale(lang))
        try:
            overview = reading.finish(_show_progress)
            checked = load(out)
        except SheetRefused as refused:
            _refuse(_office(office), list(refused.problems), is_json)
    _take_in(_office(office), file.name, checked, overview, yes, is_json)


def _take_in(
    office_id: int, name: str, checked: list[CheckedRow], overview: dict[str, Any], yes: bool, is_json: bool
) -> None:
    from ampera import audit, db
    from ampera.passports.imports import intake_plan, intake_service
    from ampera.passports.models import Source

    source = Source(name[:LONGEST_NAME])
    actor = audit.command(office_id)
    outcomes: Sequence[Any]
    outcomes = (
        intake_service.bring_in(actor, checked, source)
        if yes
        else db.long_read_in_thread(intake_plan.compare, office_id, checked, is_preview=True).outcomes
    )
    if is_json:
        answer = {**intake_plan.counts(outcomes), "problems": all_problems(overview, outcomes)}
        click.echo(json.dumps({**answer, **read_parts(overview)}, ensure_ascii=False))
        return
    _print(outcomes, overview)
    has_news = any(row.outcome != "refused" for row in outcomes)  # a known book may get a proposal
    if not yes and has_news and click.confirm("Nothing is saved yet. Save the accepted rows?"):
        intake_service.bring_in(actor, checked, source)
        click.echo("Saved.")


def _office(code: str | None) -> int:
    from ampera.cli.office import named_office

    return named_office(code).id


def _refuse(office_id: int, problems: list[FieldError], is_json: bool) -> NoReturn:
    """Report a file that cannot be read, and end the command with exit code 1."""
    from ampera import audit
    from ampera.passports.imports import intake_plan, intake_service

    intake_service.refuse_file(audit.command(office_id), [problem.code for problem in problems])
    if is_json:
        answer = {**intake_plan.counts([]), "problems": all_problems({}, (), problems), **read_parts({})}
        click.echo(json.dumps(answer, ensure_ascii=False))
    click.echo(file_sentence(problems), err=True)
    sys.exit(1)


def _show_progress(done: int, total: int) -> None:
    """The progress bar, once the number of rows is known."""
    if not sys.stderr.isatty():
        return
    if total:
        width = 30 * done // total
        click.echo(f"\rChecking [{'#' * width:<30}] {done}/{total}", nl=done == total, err=True)
    else:
        click.echo(f"\rReading row {done}", nl=False, err=True)


def _print(outcomes: Sequence[Any], overview: dict[str, Any]) -> None:
    from ampera.passports.imports import intake_plan

    click.echo(", ".join(f"{count} {name}" for name, count in intake_plan.counts(outcomes).items()))
    for warning in overview.get("warnings", ()):
        click.echo(f"  {sentence(FieldError(*warning))}")
    problems = [(row, problem) for row in outcomes for problem in row.problems]
    for row, problem in problems[:SHOWN]:
        click.echo(f"  row {row.number}  {column(problem.field)}  {problem.content!r}  {sentence(problem)}")
    if len(problems) > SHOWN:
        click.echo(f"  and {len(problems) - SHOWN} more problems (see --json)")


commands = [import_]
