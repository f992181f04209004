"""The fields of one book as people write them: cleaned, or refused with a code. A doubtful value is never guessed.

A spreadsheet cell may be text, a number, a date or nothing; `record` takes any of them. No stored text can begin
like a formula, so no later export can carry one.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from ampera.passports.email_address import is_email_address
from ampera.passports.imports.cell_values import FLOAT_TEXT, SEPARATORS, CellError, digits_of, shown, text_of

MAX_NAME = 120
MAX_SHELF = 40
MAX_GROUP = 80
MAX_EMAIL = 254
MAX_REASON = 300
MAX_MINUTES = 80
MAX_KIND = 160  # a row may name a kind in the words of the office

_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{6,7}")
_DOCUMENT = re.compile(r"[A-Z0-9]{4,20}")
_KIND = re.compile(r"[^\W\d_][\w .,'()/-]*")
_ABROAD = re.compile(r"[1-9]\d{7,14}")
_AT_HOME = re.compile(r"62[1-9]\d{6,12}")
_DAY_FIRST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$")
_SERIAL_TEXT = re.compile(r"\d{5}(?:[.,]\d+)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(61, 80_000)  # after the leap day of 1900 that Excel invented, before the year 2119
_EARLIEST_BIRTH = date(1900, 1, 1)
_EARLIEST_ISSUE = date(1990, 1, 1)


class FieldError(NamedTuple):
    """An error in a field (its JSON name; "" is the whole file), with the values for a sentence about the error."""

    field: str
    code: str
    params: dict[str, Any] = {}
    content: str = ""


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


def record(raw: Mapping[str, Any], today: date) -> tuple[Record | None, list[FieldError]]:
    """The clean record, or None and every error. `raw` has JSON names; `today` is the office's day."""
    values, problems = [], []
    is_other = _names_another_kind(raw.get("kind"))
    for name, usual in READERS.items():
        cell, read = raw.get(name), _document_no if is_other and name == "passport_no" else usual
        try:
            value: Any = read(cell)
            if value is None and name in NEEDED:
                raise CellError("required")
            values.append(value)
        except CellError as error:
            problems.append(FieldError(name, error.code, error.params, shown(cell)))
    if problems:
        return None, problems
    found = Record(*values)
    problems = list(_date_problems(found, raw, today))
    return (None if problems else found), problems


def folded(name: str) -> str:
    """A name as search compares it: lower case, no accents, words apart by one space."""
    if not name.isascii():
        name = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in name.casefold()).split())


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
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and 8 <= len(digits) <= 20):
        raise CellError("application_no_invalid")
    return digits


def _passport_no(cell: object) -> str | None:
    return _joined(cell, _PASSPORT, "passport_no_invalid")


def is_passport_no(number: str) -> bool:
    """Whether a passport may have this number."""
    return _PASSPORT.fullmatch(number) is not None


def _names_another_kind(kind: object) -> bool:
    """Whether the row is about another kind of document than a passport: its number may have another form."""
    return isinstance(kind, str) and kind.strip().casefold() not in ("", "-", "paspor", "passport")


def _document_no(cell: object) -> str | None:
    return _joined(cell, _DOCUMENT, "document_no_invalid")


def _joined(cell: object, pattern: re.Pattern[str], code: str) -> str | None:
    text = SEPARATORS.sub("", text_of(cell)).upper()
    if text and not pattern.fullmatch(text):
        raise CellError(code)
    return text or None


def _holder_name(cell: object) -> str | None:
    name = text_of(cell, MAX_NAME)
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
    day, month = int(digits[6:8]), int(digits[8:10])
    if not (1 <= (day - 40 if day > 40 else day) <= 31 and 1 <= month <= 12):
        raise CellError("nik_date")
    return digits


def _phone(cell: object) -> str | None:
    """E.164. A number without a country is Indonesian: 08…, 62…, and 8… where Excel removed the zero."""
    text = text_of(cell, formula="=-@")
    if whole := FLOAT_TEXT.fullmatch(text):
        text = whole[1]
    is_abroad = text.startswith(("+", "00"))
    digits = SEPARATORS.sub("", text.removeprefix("+"))
    if not text:
        return None
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith(("0", "8")) and not is_abroad:
        digits = "62" + digits.removeprefix("0")
    if digits.startswith("620"):
        digits = "62" + digits[3:]
    pattern = _AT_HOME if digits.startswith("62") or not is_abroad else _ABROAD
    if not (digits.isascii() and pattern.fullmatch(digits)):
        raise CellError("phone_invalid")
    return f"+{digits}"


def _email(cell: object) -> str | None:
    """An address in lower case."""
    address = text_of(cell, MAX_EMAIL).lower()
    if address and not is_email_address(address):
        raise CellError("email_invalid")
    return address or None


def _shelf(cell: object) -> str | None:
    return text_of(cell, MAX_SHELF).upper() or None


def _group(cell: object) -> str | None:
    return text_of(cell, MAX_GROUP) or None


def _kind(cell: object) -> str | None:
    """A key or a name of a kind. The comparison with the shelf checks that the office has such a kind."""
    kind = text_of(cell, MAX_KIND)
    if kind and not _KIND.fullmatch(kind):
        raise CellError("kind_invalid")
    return "passport" if kind.casefold() == "paspor" else kind or None


def _date(cell: object) -> date | None:
    """dd-mm-yyyy (also with / or .), ISO, a date cell, or a spreadsheet's number of days since 1900."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _TIME.sub("", text_of(cell))
    if not text:
        return None
    if _SERIAL_TEXT.fullmatch(text):
        return _from_serial(int(re.split("[.,]", text)[0]))
    try:
        if found := _DAY_FIRST.fullmatch(text):
            return date(int(found[4]), int(found[3]), int(found[1]))
        if found := _YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        raise CellError("date_unreal") from None
    raise CellError("date_format")


def _from_serial(days: int) -> date:
    if days not in _SERIALS:
        raise CellError("date_format")
    return _EXCEL_EPOCH + timedelta(days=days)


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
    "birth_date": _date,
    "issued_on": _date,
    "shelf": _shelf,
    "nik": _nik,
    "phone": _phone,
    "email": _email,
    "group": _group,
    "kind": _kind,
    "document_no": _document_no,
}
NEEDED = ("application_no", "passport_no", "holder_name", "birth_date", "issued_on", "shelf")
JSON_NAME = {"group_name": "group"}  # column of `Passport` -> its JSON name, where they differ
