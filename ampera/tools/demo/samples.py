"""Files of invented books, as messy as real ones, for tests, demonstrations and measurements.

The seed determines everything. The names show that the people are invented; application numbers and NIKs begin with
88, which no office and no province uses.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from ampera.passports.fields import Record
from ampera.passports.imports.sheets import HEADINGS

_FIRST = ["Contoh", "Uji", "Coba", "Sampel", "Percobaan", "Peraga", "Misal", "Andaikan"]
_SECOND = ["Putri", "Putra", "Ayu", "Bagus", "Citra", "Dewa", "Eka", "Fajar", "Gilang", "Hana", "Indah", "Jaya", "Mega"]
_LAST = ["Santosa", "Rahayu", "Wijaya", "Lestari", "Pratama", "Kusuma", "Hidayat", "Permata", "Saputra", "Anggraini"]
_FOREIGN = ("Zoë Specimen", "José Sample", "François Example", "Jürgen Muster", "Example")
_LONG = "Raden Contoh Berkepanjangan Nama Uji Coba Sampel Percobaan Sangat Lengkap"
Value = str | date | None
Cell = str | int | float | datetime
_EPOCH = date(1899, 12, 30)
_INDONESIAN = {
    "application_no": "Nomor Permohonan",
    "passport_no": "Nomor Paspor",
    "holder_name": "Nama",
    "birth_date": "Tanggal Lahir",
    "issued_on": "Tanggal Terbit",
    "shelf": "Rak",
    "nik": "NIK",
    "phone": "Telepon",
    "email": "Email",
    "group": "Kelompok",
    "kind": "Jenis",
    "document_no": "Nomor Dokumen",
}
# The mistake of a bad row: column, content, and the code of the refusal.
BAD = (
    ("birth_date", "31-02-1990", "date_unreal"),
    ("passport_no", "X12", "passport_no_invalid"),
    ("shelf", "", "required"),
    ("holder_name", '=HYPERLINK("http://contoh.invalid")', "formula"),
    ("nik", "8801019999990001", "nik_date"),
    ("nik", "88010102", "nik_invalid"),
    ("application_no", "8,80001E+15", "number_cut"),
    ("document_no", "??", "document_no_invalid"),
    ("issued_on", "kemarin", "date_format"),
)


@dataclass
class Sample:
    """A file, its good books, and by row number the (column, code) of the rows that must be refused."""

    content: bytes = field(repr=False)
    books: list[Record]
    bad: dict[int, tuple[str, str]]


def books(rows: int, seed: int, today: date) -> list[Record]:
    """Books of families, travel groups, single travellers (some with one-word names) and foreigners without NIK."""
    random = Random(seed)  # noqa: S311 - reproducible, not secret
    found: list[Record] = []
    while len(found) < rows:
        found += _party(random, seed, len(found), today)
    return found[:rows]


@dataclass(frozen=True)
class Style:
    """How a file is written. Messy cells are right, only written as people and Excel write them.

    `bad` is the number of rows that must be refused; encoding and delimiter are those of a CSV.
    """

    is_messy: bool = False
    bad: int = 0
    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    is_english: bool = False


PLAIN = Style()


def sample(kind: str, rows: int, seed: int, today: date, style: Style = PLAIN) -> Sample:
    """A file of this kind (csv or xlsx) with this many rows."""
    random = Random(seed + 1)  # noqa: S311
    drawn = books(rows, seed, today)
    columns = list(HEADINGS)
    if style.is_messy:
        random.shuffle(columns)
    write = _messy if style.is_messy else _tidy
    table = [[write(random, kind, name, _value(book, name)) for name in columns] for book in drawn]
    bad_rows = _spoil(random, table, columns, style.bad)
    headings = [name.replace("_", " ") if style.is_english else _INDONESIAN[name] for name in columns]
    if style.is_messy:
        headings = _disturb(random, headings, table)
    content = _xlsx(headings, table) if kind == "xlsx" else _csv(headings, table, style)
    good = [book for number, book in enumerate(drawn, 2) if number not in bad_rows]
    return Sample(content, good, bad_rows)


def _disturb(random: Random, headings: list[str], table: list[list[Cell]]) -> list[str]:
    """Write headings in other cases, and add a column of running numbers as every list has it."""
    written = [random.choice((str.upper, str.lower, "  {} ".format))(heading) for heading in headings]
    written.insert(3, "No.")
    for number, row in enumerate(table, 1):
        row.insert(3, number)
    return written


def _party(random: Random, seed: int, first: int, today: date) -> Iterator[Record]:
    """People who come together: one, a family of two to six, or sometimes a travel group."""
    size = random.choices((1, random.randint(2, 6), 45), (70, 29, 1))[0]
    surname = f"{random.choice(_SECOND)} {random.choice(_LAST)}"
    group = {1: None, 45: f"TRAVEL CONTOH {seed}-{first}"}.get(size, f"KELUARGA {seed}-{first}")
    issued_on = today - timedelta(days=random.randint(1, 25))
    for n in range(first, first + size):
        yield _person(random, seed, n, group, "" if size == 45 else surname, issued_on)


def _person(random: Random, seed: int, n: int, group: str | None, surname: str, issued_on: date) -> Record:
    birth = date(1945, 1, 1) + timedelta(days=random.randint(0, 28_000))
    is_foreign = group is None and random.random() < 0.05
    day = birth.day + 40 * random.randint(0, 1)
    return Record(
        application_no=f"88{seed % 10_000:04d}{n:010d}",
        passport_no=f"X{(seed * 100_000 + n) % 10_000_000:07d}",
        holder_name=random.choice(_FOREIGN) if is_foreign else _name(random, surname),
        birth_date=birth,
        issued_on=issued_on,
        shelf=f"{'ABCDEF'[n // 400 % 6]}-{n // 20 % 20 + 1:02d}-{n % 20 + 1:02d}",
        nik=None if is_foreign else f"880101{day:02d}{birth:%m%y}{n % 10_000:04d}",
        phone=f"+628120{n % 10_000_000:07d}" if random.random() < 0.9 else None,
        email=f"contoh{n}@contoh.example" if random.random() < 0.3 else None,
        group_name=group,
        document_no=f"EX{n:06d}" if is_foreign else None,
    )


def _name(random: Random, surname: str) -> str:
    luck = random.random()
    if luck < 0.08:
        return random.choice(_FIRST)
    return _LONG if luck < 0.09 else f"{random.choice(_FIRST)} {surname or random.choice(_LAST)}"


def _value(book: Record, name: str) -> Value:
    return getattr(book, "group_name" if name == "group" else name)


def _tidy(_random: Random, _kind: str, _name: str, value: Value) -> Cell:
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else value or ""


def _messy(random: Random, kind: str, name: str, value: Value) -> Cell:
    """The same value as people write it, or as Excel stores it."""
    if value is None:
        return random.choice(("", "", "-"))
    if isinstance(value, date):
        days = (value - _EPOCH).days
        cells = [datetime(*value.timetuple()[:3]), days, float(days)] if kind == "xlsx" else [str(days)]  # noqa: DTZ001
        return random.choice([*cells, f"{value:%d-%m-%Y}", f"{value:%d/%m/%Y}", value.isoformat()])
    if name == "phone":
        home = value.removeprefix("+62")
        numbers = [int(home), float(f"62{home}")] if kind == "xlsx" else [f"{home}.0"]
        return random.choice([*numbers, value, f"0{home}", f"0{home[:3]}-{home[3:7]}-{home[7:]}", f"62 {home}"])
    if name in ("application_no", "nik") and not value.endswith("0"):
        numbers = [int(value), float(value)] if kind == "xlsx" else [f"{value}.0"]
        return random.choice([*numbers, value, value, f"'{value}"])
    if name == "passport_no":
        return random.choice((value, value.lower(), f"{value[0]} {value[1:]}"))
    return random.choice((value, value, f" {value}  "))


def _spoil(random: Random, table: list[list[Cell]], columns: list[str], bad: int) -> dict[int, tuple[str, str]]:
    """Spoil this many rows, each in one column; returns (column, code) by row number."""
    wrong = {}
    for turn, place in enumerate(sorted(random.sample(range(len(table)), bad))):
        name, content, code = BAD[turn % len(BAD)]
        table[place][columns.index(name)] = content
        wrong[place + 2] = (name, code)
    return wrong


def _csv(headings: list[str], table: list[list[Cell]], style: Style) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=style.delimiter).writerows([headings, *table])
    return out.getvalue().encode(style.encoding)


def _xlsx(headings: list[str], table: list[list[Cell]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Paspor contoh")
    for row in (headings, *table):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
