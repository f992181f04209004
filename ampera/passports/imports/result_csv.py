"""The report of an import as CSV: `;` and UTF-8 with BOM, as Indonesian spreadsheets expect; no cell is a formula."""

import csv
import io
import time
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext

from ampera.passports.imports.intake_plan import RowOutcome
from ampera.passports.imports.messages import HIDDEN, OUTCOMES, column, sentence

CHUNK = 100  # rows until other requests may run


def as_csv(rows: Iterable[RowOutcome]) -> Iterator[str]:
    """Every row with its outcome: a line for each error or change, in the reader's language."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    out.write("\ufeff")
    headings = gettext("baris"), gettext("hasil"), gettext("kolom"), gettext("isi"), gettext("masalah")
    writer.writerow([headings[0], column("application_no"), column("holder_name"), *headings[1:]])
    for count, row in enumerate(rows, 1):
        writer.writerows(map(_harmless, _lines(row)))
        if count % CHUNK == 0:
            yield _taken(out)
            time.sleep(0)
    yield _taken(out)


def _lines(row: RowOutcome) -> Iterator[list[Any]]:
    begin = [row.number, row.application_no, row.holder_name, OUTCOMES[row.outcome][1]]
    for problem in row.problems:
        yield [*begin, column(problem.field), problem.content, sentence(problem)]
    for name, _, now in row.changes:
        yield [*begin, column(name), "" if name in HIDDEN else now, ""]
    if not row.problems and not row.changes:
        yield [*begin, "", "", ""]


def _harmless(cells: list[Any]) -> list[str]:
    """Texts that no spreadsheet reads as a formula."""
    texts = map(str, cells)
    return [f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text for text in texts]


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
