"""The register of some days as an XLSX, one row per handover, written row by row."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy.orm import Session

from ampera import clock
from ampera.reports.register.queries import RegisterFilter, RegisterRow, register_rows
from ampera.reports.spreadsheet_escape import safe

WIDTHS = (10, 12, 11, 34, 20, 14, 12, 34, 12, 12, 30, 8, 12, 28, 20, 30, 28, 14, 24)


def xlsx(
    session: Session,
    office_id: int,
    timezone: str,
    filters: RegisterFilter,
    headings: Sequence[str],
    labels: dict[str, str],
) -> tuple[bytes, int]:
    """The file and the number of its rows. `headings`, and the `labels` of codes, are in the reader's language."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Register")
    sheet.freeze_panes = "A2"
    for column, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + column)].width = width
    sheet.append([_bold(sheet, heading) for heading in headings])
    count = 0
    for row in register_rows(session, office_id, timezone, filters):
        sheet.append([_text(sheet, value) for value in _row(row, timezone, labels)])
        count += 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), count


def _row(row: RegisterRow, timezone: str, labels: dict[str, str]) -> tuple[object, ...]:
    at = clock.local(row.at, timezone).replace(tzinfo=None, microsecond=0)
    voided_at = row.voided_at and clock.local(row.voided_at, timezone).replace(tzinfo=None, microsecond=0)
    return (
        row.number,
        at.date(),
        at.time(),
        row.holder_name,
        row.application_no,
        row.passport_no,
        labels.get(row.collector_class, row.collector_class),
        row.collector_name,
        labels.get(row.collector_document or "", row.collector_document),
        row.collector_last4,
        row.officer,
        row.lane,
        row.queue_no,
        row.unsigned_reason,
        voided_at,
        row.voided_by,
        row.void_reason,
        row.void_shelf,
        labels.get(f"kind:{row.kind}", row.kind),
    )


def _text(sheet: object, value: object) -> object:
    """A text becomes a text cell, also when it looks like a number or a formula."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, safe(value))
    cell.data_type = "s"
    return cell


def _bold(sheet: object, heading: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, heading)
    cell.font = Font(bold=True)
    return cell
