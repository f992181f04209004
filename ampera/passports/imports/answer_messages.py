"""What an import answers as JSON, on the page, over the API and from the command: the problems, and what was read."""

from collections.abc import Iterable
from typing import Any

from ampera.passports.fields import FieldError
from ampera.passports.imports.intake_plan import RowOutcome
from ampera.passports.imports.messages import sentence


def all_problems(
    overview: dict[str, Any], rows: Iterable[RowOutcome], of_file: Iterable[FieldError] = ()
) -> list[dict[str, Any]]:
    """Problems of rows, then of the file, then warnings about what was not read. Rows have the spreadsheet's number."""
    has_sheets = sum(is_read for _, _, is_read in overview.get("sheets", ())) > 1
    found = [_problem(row.number, problem, row.sheet if has_sheets else "") for row in rows for problem in row.problems]
    warnings = [FieldError(*warning) for warning in overview.get("warnings", ())]
    for problem in (*of_file, *warnings):
        sheet = problem.params.get("sheet", "") if has_sheets else ""
        found.append(_problem(problem.params.get("row"), problem, sheet))
    return found


def read_parts(overview: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The sheets and the columns of the file, and whether they were read."""
    return {
        "sheets": [{"name": name, "rows": rows, "read": is_read} for name, rows, is_read in overview.get("sheets", ())],
        "columns": [
            {"sheet": sheet, "heading": heading, "field": field}
            for sheet, heading, field in overview.get("columns", ())
        ],
    }


def _problem(row: int | None, problem: FieldError, sheet: str) -> dict[str, Any]:
    found = {"row": row, "column": problem.field or None, "code": problem.code, "message": sentence(problem)}
    return found | ({"sheet": sheet} if sheet else {})
