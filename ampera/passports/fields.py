"""The fields of one book as people write them: cleaned, or refused with a code. A doubtful value is never guessed.

A spreadsheet cell may be text, a number, a date or nothing; `record` takes any of them. No stored text can begin
like a formula, so no later export can carry one.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from ampera.offices.document_labels import PASSPORT, names_passport
from ampera.passports.spreadsheets.cell_values import SEPARATORS, CellError, digits_of, number_text, shown, text_of
from ampera.passports.spreadsheets.contacts import email_of, first_of, is_no_name, is_nothing, phone_of
from ampera.passports.spreadsheets.dates import date_of
from ampera.typed_text import folded as folded
from ampera.typed_text import name_key as name_key
from ampera.typed_text import typed

MAX_NAME = 120
MAX_SHELF = 40
MAX_GROUP = 80
MAX_REASON = 300
MAX_MINUTES = 80
MAX_KIND = 160  # a row may name a kind in the words of the office

_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{6,7}")
_DOCUMENT = re.compile(r"[A-Z0-9]{4,20}")
_DASHES = re.compile("[‐‑‒–—−]")
_KIND = re.compile(r"[^\W_][\w .,'()/-]*")
_EARLIEST_BIRTH = date(1900, 1, 1)
_EARLIEST_ISSUE = date(1990, 1, 1)


# The book, or the rest of the file, is taken in all the same.
WARNINGS = frozenset(
    (
        "left_out",
        "first_taken",
        "nik_other_date",
        "row_left_out",
        "unread_sheet",
        "unknown_column",
        "hidden_rows",
        "hidden_columns",
        "needs_second_person",
    )
)


class FieldError(NamedTuple):
    """An error in a field (its JSON name; "" is the whole file), with the values for a sentence about the error."""

    field: str
    code: str
    params: dict[str, Any] = {}
    content: str = ""

    @property
    def is_warning(self) -> bool:
        return self.code in WARNINGS


class Record(NamedTuple):
    """One clean book. The names are the columns of `Passport`; None means that the source has no value."""

    application_no: str
    passport_no: str
    holder_name: str
    birth_date: date
    issued_on: date
    shelf: str
    nik: str | None = None
    phone: str | None = None
    email: str | None = None
    group_name: str | None = None
    kind: str | None = None
    document_no: str | None = None


def record(raw: Mapping[str, Any], today: date, is_lenient: bool = False) -> tuple[Record | None, list[FieldError]]:
    """The clean record, or None and every error. `raw` has JSON names; `today` is the office's day.

    `is_lenient` is for lists that people write: a contact that cannot be read does not cost the book, and the record
    comes with warnings.
    """
    values, problems, warnings = [], [], []
    is_other = _names_another_kind(raw.get("kind"))
    for name, usual in READERS.items():
        cell, read = raw.get(name), _document_no if is_other and name == "passport_no" else usual
        if is_lenient and (left := _left_out(name, cell)):
            value, warning = left
            values.append(value)
            warnings.append(warning)
            continue
        try:
            value = read(cell)
            if value is None and name in NEEDED:
                raise CellError("required")
            values.append(value)
        except CellError as error:
            problems.append(FieldError(name, error.code, error.params, shown(cell)))
    if problems:
        return None, problems
    found = Record(*values)
    problems = list(_date_problems(found, raw, today))
    return (None, problems) if problems else (found, warnings)


def _left_out(name: str, cell: object) -> tuple[Any, FieldError] | None:
    """The value and the warning for an optional cell that is not readable as it is; None for any other cell."""
    if name not in OPTIONAL:
        return None
    if is_nothing(cell):
        return None, FieldError(name, "left_out", {}, shown(cell))
    if name not in ("phone", "email"):
        return None
    try:
        READERS[name](cell)
    except CellError:
        try:
            return first_of(cell, READERS[name]), FieldError(name, "first_taken", {}, shown(cell))
        except CellError:
            return None, FieldError(name, "left_out", {}, shown(cell))
    return None


def contact(phone: str, email: str) -> tuple[dict[str, str], dict[str, str | None]]:
    """The codes of wrong fields by name, and the clean values of the others."""
    wrong: dict[str, str] = {}
    values: dict[str, str | None] = {}
    for name, text in (("phone", phone), ("email", email)):
        try:
            values[name] = READERS[name](text)
        except CellError:
            wrong[name] = f"{name}_invalid"
    return wrong, values


def place(shelf: str) -> str | None:
    """A shelf as it is stored: "" for an empty text, None for a text that cannot be a shelf."""
    try:
        return _shelf(shelf) or ""
    except CellError:
        return None


def _application_no(cell: object) -> str | None:
    digits = digits_of(cell)
    if digits and not is_application_no(digits):
        raise CellError("application_no_invalid")
    return digits or None


def _passport_no(cell: object) -> str | None:
    return _joined(cell, _PASSPORT, "passport_no_invalid")


def is_application_no(digits: str) -> bool:
    """Whether an application may have this number."""
    return digits.isascii() and digits.isdecimal() and 8 <= len(digits) <= 20


def is_document_no(text: str) -> bool:
    """Whether this is the number of a document of any kind, as it is stored."""
    return _DOCUMENT.fullmatch(text) is not None


def is_passport_no(number: str) -> bool:
    """Whether a passport may have this number."""
    return _PASSPORT.fullmatch(number) is not None


def _names_another_kind(kind: object) -> bool:
    """Whether the row is about another kind of document than a passport: its number may have another form."""
    return isinstance(kind, str) and kind.strip() not in ("", "-") and not names_passport(kind)


def _document_no(cell: object) -> str | None:
    return _joined(cell, _DOCUMENT, "document_no_invalid")


def _joined(cell: object, pattern: re.Pattern[str], code: str) -> str | None:
    text = SEPARATORS.sub("", number_text(cell)).upper()
    if text and not pattern.fullmatch(text):
        raise CellError(code)
    return text or None


def _holder_name(cell: object) -> str | None:
    name = "" if is_no_name(cell) else text_of(cell, MAX_NAME, is_exact=True)
    if name and not any(char.isalpha() for char in name):
        raise CellError("holder_name_invalid")
    return name or None


def _nik(cell: object) -> str | None:
    """16 digits PPRRDD DDMMYY SSSS. A woman's day has 40 added. A NIK has no checksum."""
    digits = digits_of(cell)
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 16):
        raise CellError("nik_invalid")
    day, month, _ = nik_date(digits)
    if not (1 <= day <= 31 and 1 <= month <= 12):
        raise CellError("nik_date")
    return digits


def nik_date(digits: str) -> tuple[int, int, int]:
    """Day, month and the last two digits of the year that a NIK carries."""
    day = int(digits[6:8])
    return day - 40 if day > 40 else day, int(digits[8:10]), int(digits[10:12])


def _shelf(cell: object) -> str | None:
    """A shelf in one spelling: a word processor's dash or a full-width letter makes no second rack."""
    if is_no_name(cell):
        return None
    return text_of(_DASHES.sub("-", typed(cell)) if isinstance(cell, str) else cell, MAX_SHELF).upper() or None


def _group(cell: object) -> str | None:
    """A group. `Tidak ada` is none: books with one group share one code."""
    return None if is_nothing(cell) else text_of(cell, MAX_GROUP) or None


def _kind(cell: object) -> str | None:
    """A key or a name of a kind. The comparison with the shelf checks that the office has such a kind."""
    kind = text_of(cell, MAX_KIND)
    if kind and not _KIND.fullmatch(kind):
        raise CellError("kind_invalid")
    return PASSPORT if kind.casefold() == "paspor" else kind or None


def _date_problems(found: Record, raw: Mapping[str, Any], today: date) -> list[FieldError]:
    """Impossible dates: a birth in the future, an issue in the future or before the birth."""
    wrong = []
    if not _EARLIEST_BIRTH <= found.birth_date <= today:
        wrong.append(("birth_date", "birth_date_range"))
    if not _EARLIEST_ISSUE <= found.issued_on <= today + timedelta(days=1):
        wrong.append(("issued_on", "issued_on_range"))
    elif not wrong and found.issued_on < found.birth_date:
        wrong.append(("issued_on", "issued_before_birth"))
    return [FieldError(name, code, {}, shown(raw.get(name))) for name, code in wrong]


# JSON name -> its reader, in the order of `Record`.
READERS: dict[str, Callable[[object], Any]] = {
    "application_no": _application_no,
    "passport_no": _passport_no,
    "holder_name": _holder_name,
    "birth_date": date_of,
    "issued_on": date_of,
    "shelf": _shelf,
    "nik": _nik,
    "phone": phone_of,
    "email": email_of,
    "group": _group,
    "kind": _kind,
    "document_no": _document_no,
}
NEEDED = ("application_no", "passport_no", "holder_name", "birth_date", "issued_on", "shelf")
OPTIONAL = ("nik", "phone", "email", "group", "document_no")  # in a list they may say that there is nothing
JSON_NAME = {"group_name": "group"}  # column of `Passport` -> its JSON name, where they differ
