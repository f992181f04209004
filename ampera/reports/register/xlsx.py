"""The register of some days as an XLSX, one row per handover, written row by row."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy.orm import Session

from ampera import clock
from ampera.reports.register.queries import Line, Wanted, register_lines
from ampera.reports.spreadsheet_escape import safe

WIDTHS = (10, 12, 11, 34, 20, 14, 12, 34, 12, 12, 30, 8, 12, 28, 20, 30, 28, 14, 24)


def xlsx(
    session: Session, office_id: int, timezone: str, wanted: Wanted, headings: Sequence[str], said: dict[str, str]
) -> tuple[bytes, int]:
    """The file and the number of its rows. `headings`, and what is `said` for codes, come in the reader's language."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    sheet.freeze_panes = "A2"
    for column, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + column)].width = width
    sheet.append([_bold(sheet, heading) for heading in headings])
    count = 0
    for line in register_lines(session, office_id, timezone, wanted):
        sheet.append([_text(sheet, value) for value in _row(line, timezone, said)])
        count += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), count


def _row(line: Line, timezone: str, said: dict[str, str]) -> tuple[object, ...]:
    at = clock.local(line.at, timezone).replace(tzinfo=None, microsecond=0)
    voided_at = line.voided_at and clock.local(line.voided_at, timezone).replace(tzinfo=None, microsecond=0)
    return (
        line.number,
        at.date(),
        at.time(),
        line.holder_name,
        line.application_no,
        line.passport_no,
        said.get(line.collector_class, line.collector_class),
        line.collector_name,
        said.get(line.collector_document or "", line.collector_document),
        line.collector_last4,
        line.officer,
        line.lane,
        line.queue_no,
        line.unsigned_reason,
        voided_at,
        line.voided_by,
        line.void_reason,
        line.void_shelf,
        said.get(f"kind:{line.kind}", line.kind),
    )


def _text(sheet: object, value: object) -> object:
    """Text goes in as text, whatever it looks like."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, safe(value))
    cell.data_type = "s"
    return cell


def _bold(sheet: object, heading: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, heading)
    cell.font = Font(bold=True)
    return cell
