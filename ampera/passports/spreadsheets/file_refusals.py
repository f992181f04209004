"""What a file is, by its first bytes: its name is often wrong. Only XLSX and CSV are read."""

import re

from ampera.passports.spreadsheets.package import Package
from ampera.passports.spreadsheets.table import SheetRefused, refused

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", re.I | re.DOTALL
)
_MAIL_HTML = re.compile(rb"\s*(?:mime-version|content-type|message-id):", re.I)
_XML = re.compile(rb"\s*<(?:\?xml|[\w:]*Workbook)\b")
_RECORDS = re.compile(rb"\s*(?:[\[{]\s*[\[{\"]|BEGIN:V)")  # JSON, address books
_NO_SHEETS = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "GZIP"),
    (b"SQLite format 3", "SQLite"),
)


def is_package(content: bytes) -> bool:
    """Whether this is a zip, as an XLSX is."""
    return content.startswith(b"PK")


def check_text(content: bytes) -> None:
    """Refuse what is neither a zip nor plain text, with the name of its kind where it is known."""
    top = content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00")[:4096].replace(b"\x00", b"")
    if content.startswith(OLD_OFFICE[:4]):
        raise refused("old_excel")
    if any(content.startswith(mark) for mark, _ in _NO_SHEETS) or _RECORDS.match(top):
        raise refused("not_a_sheet")
    if _HTML.match(top) or _MAIL_HTML.match(top):
        raise refused("other_format", what="HTML")
    if _XML.match(top):
        raise refused("other_format", what="HTML" if b"<html" in top.lower() else "XML")


def check_package(package: Package) -> None:
    """Refuse a zip that is no XLSX, with the name of its kind where it is known."""
    paths = package.paths
    if any(path.endswith("workbook.bin") for path in paths):
        raise refused("other_format", what="XLSB")
    if any(path.startswith("xl/") and path.endswith(".xml") for path in paths):
        return
    raise _of_another_program(package, paths)


def _of_another_program(package: Package, paths: list[str]) -> SheetRefused:
    if "mimetype" in paths:
        kind = next(package.chunks("mimetype"), b"")
        if b"opendocument.spreadsheet" in kind:
            return refused("other_format", what="ODS")
    if any(path.startswith("index/") or path == "index.zip" or path.endswith(".iwa") for path in paths):
        return refused("other_format", what="Numbers")
    if any(path.endswith((".xlsx", ".csv", ".xls")) for path in paths):
        return refused("zipped")
    return refused("not_a_sheet")
