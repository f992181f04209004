"""`ampera import` and `ampera sample`: files of books without a browser, also while the server runs."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from ampera import audit, clock, db
from ampera.offices.queries import office_by_code, only_office
from ampera.passports import intake, rows, sheets
from ampera.passports.fields import Problem
from ampera.passports.messages import column, file_sentence, sentence

SHOWN = 20  # problems printed for people; --json has them all
LANGUAGE = "id" if os.environ.get("LANG", "").startswith("id") else "en"


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Save without asking. Without it the preview is shown first.")
@click.option("--json", "is_json", is_flag=True, help="Print the result as JSON (without --yes: only the preview).")
@click.option("--office", metavar="CODE", help="Default: the first office.")
@click.option("--lang", type=click.Choice(("id", "en")), default=LANGUAGE, help="Language of the problems' sentences.")
@with_appcontext
def import_(file: Path, yes: bool, is_json: bool, office: str | None, lang: str) -> None:
    """Take the books of FILE (CSV or XLSX) in. Saves all accepted rows in one transaction, or none."""
    with force_locale(lang):
        where = _office(office)
        actor = audit.command(where.id)
        checked = _read(actor, file, clock.today(where.timezone), is_json)
        outcomes: Sequence[intake.Outcome] = db.in_thread(intake.compare, where.id, checked).outcomes
        if not is_json:
            _print(outcomes, "Nothing is saved yet.")
        if yes or (not is_json and click.confirm("Save the accepted rows?")):
            outcomes = intake.bring_in(actor, checked)
            if not is_json:
                click.echo("Saved.")
        if is_json:
            click.echo(json.dumps(_answer(outcomes), ensure_ascii=False))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rows", "count", default=100, show_default=True, type=click.IntRange(1, sheets.MAX_ROWS))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same books.")
@click.option("--mess", is_flag=True, help="Write cells as people and Excel do: other formats, order, extra columns.")
@click.option("--bad", default=0, show_default=True, help="This many rows that must be refused.")
@click.option("--encoding", default="utf-8-sig", show_default=True, help="Of a CSV: utf-8, utf-8-sig, cp1252, utf-16.")
@click.option("--delimiter", default=";", show_default=True, help="Of a CSV.")
@click.option("--english", is_flag=True, help="English headings.")
def sample(
    file: Path, count: int, seed: int, mess: bool, bad: int, encoding: str, delimiter: str, english: bool
) -> None:
    """Write FILE (.csv or .xlsx) with invented books, to try the import with."""
    from ampera.passports.samples import sample as make

    made = make(
        file.suffix.lstrip(".").lower(), count, seed, clock.today(), mess, min(bad, count), encoding, delimiter, english
    )
    file.write_bytes(made.content)
    click.echo(f"{count} rows of invented people in {file}, {len(made.bad)} of them wrong.", err=True)


def _office(code: str | None) -> Any:
    with db.reading() as session:
        found = office_by_code(session, code) if code else only_office(session)
    if found is None:
        raise click.ClickException(f"There is no office {code}." if code else "There is no office yet: ampera init.")
    return found


def _read(actor: audit.Actor, file: Path, today: Any, is_json: bool) -> list[rows.Row]:
    """The checked rows, with progress on stderr; a file that cannot be read ends the command with 1."""
    try:
        if file.stat().st_size > sheets.MAX_BYTES:
            raise sheets.SheetRefused(Problem("", "file_too_large", {"most": sheets.MAX_BYTES // 1024**2}))
        lines = sheets.read(file.read_bytes(), _tell)
    except sheets.SheetRefused as refused:
        intake.refuse_file(actor, [problem.code for problem in refused.problems])
        _refuse(list(refused.problems), is_json)
    with click.progressbar(rows.checked(lines, today), len(lines), "Checking", file=sys.stderr) as bar:
        return list(bar)


def _tell(row: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\rReading row {row} ", nl=False, err=True)


def _refuse(problems: list[Problem], is_json: bool) -> NoReturn:
    if is_json:
        counts = dict.fromkeys(("rows", *intake.OUTCOMES), 0)
        told = [_told(problem.params.get("row"), problem) for problem in problems]
        click.echo(json.dumps({**counts, "problems": told}, ensure_ascii=False))
    click.echo(file_sentence(problems), err=True)
    sys.exit(1)


def _answer(outcomes: Sequence[intake.Outcome]) -> dict[str, Any]:
    problems = [_told(one.number, problem) for one in outcomes for problem in one.problems]
    return {**intake.counts(outcomes), "problems": problems}


def _told(row: int | None, problem: Problem) -> dict[str, Any]:
    return {"row": row, "column": problem.field or None, "code": problem.code, "message": sentence(problem)}


def _print(outcomes: Sequence[intake.Outcome], end: str) -> None:
    counts = intake.counts(outcomes)
    click.echo(", ".join(f"{counts[name]} {name}" for name in ("rows", *intake.OUTCOMES)))
    problems = [(one, problem) for one in outcomes for problem in one.problems]
    for one, problem in problems[:SHOWN]:
        click.echo(f"  row {one.number}  {column(problem.field)}  {problem.content!r}  {sentence(problem)}")
    if len(problems) > SHOWN:
        click.echo(f"  and {len(problems) - SHOWN} more problems (see --json)")
    click.echo(end)


commands = [import_, sample]
