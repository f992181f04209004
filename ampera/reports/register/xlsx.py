"""The register of some days as an XLSX, one row per handover, written row by row.

The heading is the first row, so that other programs read the file; the title is in the head of the printed page.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from sqlalchemy.orm import Session

from ampera import clock
from ampera.reports.register.queries import RegisterFilter, RegisterRow, register_rows
from ampera.reports.spreadsheet_escape import safe

WIDTHS = (10, 12, 11, 34, 20, 14, 12, 34, 12, 12, 30, 8, 12, 28, 18, 30, 28, 14, 24, 44, 34, 34, 68, 36, 44, 24)
BY_TYPE = {datetime: "dd-mm-yyyy hh:mm:ss", date: "dd-mm-yyyy", time: "hh:mm:ss"}
A4 = 9  # the number of the paper in the format


@dataclass(frozen=True)
class Texts:
    """The words of the file in the reader's language: title, headings, and labels by code (`document:ktp`)."""

    title: str
    headings: Sequence[str]
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, group: str, code: str | None) -> str | None:
        return code and self.labels.get(f"{group}:{code}", code)


def xlsx(session: Session, office_id: int, timezone: str, filters: RegisterFilter, texts: Texts) -> tuple[bytes, int]:
    """The file and the number of its rows."""
    book = Workbook(write_only=True)
    book.properties.title = texts.title
    sheet = book.create_sheet("Register")
    _set_up(sheet, texts)
    sheet.append([_bold(sheet, heading) for heading in texts.headings])
    count = 0
    for row in register_rows(session, office_id, timezone, filters):
        sheet.append([_cell(sheet, value) for value in _row(row, timezone, texts)])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(texts.headings))}{count + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), count


def _set_up(sheet: Any, texts: Texts) -> None:
    """Columns, the frozen heading, and how the sheet prints: landscape, with title and page numbers."""
    sheet.freeze_panes = "A2"
    for number, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.center.text = texts.title.replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"


def _row(row: RegisterRow, timezone: str, texts: Texts) -> tuple[object, ...]:
    at = clock.local(row.at, timezone).replace(tzinfo=None, microsecond=0)
    voided_at = row.voided_at and clock.local(row.voided_at, timezone).replace(tzinfo=None, microsecond=0)
    return (
        row.number,
        at.date(),
        at.time(),
        row.holder_name,
        row.application_no,
        row.passport_no,
        texts.label("class", row.collector_class),
        row.collector_name,
        texts.label("document", row.collector_document),
        row.collector_last4,
        row.officer,
        row.lane,
        row.queue_no,
        row.unsigned_reason,
        voided_at,
        row.voided_by,
        row.void_reason,
        row.void_shelf,
        texts.label("kind", row.kind),
        ", ".join(texts.label("shown", item) or item for item in row.shown),
        texts.label("identity", row.identity_by),
        texts.label("book", row.book_by),
        row.signature_sha256,
        row.office_name,
        texts.label("found", row.found_by),
        row.tablet,
    )


def _cell(sheet: Any, value: object) -> object:
    """A text becomes a text cell, also when it looks like a number or a formula; a date stays a date."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, safe(value))
        cell.data_type = "s"
        return cell
    if type(value) in BY_TYPE:
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = BY_TYPE[type(value)]
        return cell
    return value


def _bold(sheet: Any, heading: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, heading)
    cell.font = Font(bold=True)
    return cell
