"""Files as offices save them, and files that are refused as a whole with one reason."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from ampera.passports.imports import sheets
from ampera.passports.imports.messages import SENTENCES
from ampera.passports.imports.row import checked, packed, unpacked
from ampera.tools.demo.samples import Style, books, sample

TODAY = date(2026, 11, 24)
HEAD = "Nomor Permohonan;Nomor Paspor;Nama;Tanggal Lahir;Tanggal Terbit;Rak"
LINE = "8800000000000001;X1234567;Contoh;02-03-1990;01-11-2026;A-1"


def csv_of(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)


def xlsx_of(*rows: list[object], **sheet_titles: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheet_titles.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(content)
    assert all(problem.code in SENTENCES for problem in caught.value.problems)
    return [(problem.field, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize("is_messy", [False, True], ids=["tidy", "messy"])
@pytest.mark.parametrize(
    ("kind", "encoding", "delimiter", "is_english"),
    [
        ("csv", "utf-8", ",", True),
        ("csv", "utf-8-sig", ";", False),
        ("csv", "cp1252", ";", False),
        ("csv", "utf-16", "\t", True),
        ("xlsx", "", "", False),
        ("xlsx", "", "", True),
    ],
)
def test_every_format_gives_the_books_that_were_written(kind, encoding, delimiter, is_english, is_messy):
    made = sample(kind, 400, 7, TODAY, Style(is_messy, 20, encoding, delimiter, is_english))
    rows = list(checked(sheets.read(made.content), TODAY))
    assert [row.record for row in rows if row.record] == made.books
    assert {row.number: row.problems[0][:2] for row in rows if row.problems} == made.bad
    assert [unpacked(packed(row)) for row in rows] == rows


def test_a_sample_depends_on_the_seed_and_has_the_variety_of_real_files():
    people = books(5_000, 3, TODAY)
    assert people == books(5_000, 3, TODAY)
    assert len({book.application_no for book in people}) == 5_000
    assert any(" " not in book.holder_name for book in people)
    assert any(len(book.holder_name) > 60 for book in people)
    assert any(book.nik is None and book.document_no for book in people)
    assert any((book.group_name or "").startswith("TRAVEL") for book in people)


def test_rows_have_the_numbers_of_the_spreadsheet():
    content = csv_of(HEAD, LINE, "", ";;;;;", LINE.replace("Contoh", '"Contoh\nSatu"'), LINE)
    assert [line.number for line in sheets.read(content)] == [2, 5, 6]
    book = xlsx_of(HEAD.split(";"), LINE.split(";"), [], LINE.split(";"))
    assert [line.number for line in sheets.read(book)] == [2, 4]


def test_the_sep_line_of_excel_does_not_count():
    assert [line.number for line in sheets.read(csv_of("sep=;", HEAD, LINE))] == [2]


def test_a_title_above_the_headings_and_an_empty_sheet_before_are_passed_over():
    assert [line.number for line in sheets.read(csv_of("Daftar paspor siap;;", "", HEAD, LINE))] == [4]
    book = xlsx_of(data=[HEAD.split(";"), LINE.split(";")])
    assert len(sheets.read(book)) == 1


def test_headings_come_in_any_order_case_and_language_and_other_columns_are_ignored():
    content = csv_of("SHELF,Catatan,no. paspor,NAMA,birth_date,Tgl Terbit,application-no", "A,=1+1,X1234567,C,D,E,8")
    assert sheets.read(content)[0].cells == {
        "shelf": "A",
        "passport_no": "X1234567",
        "holder_name": "C",
        "birth_date": "D",
        "issued_on": "E",
        "application_no": "8",
    }


def test_missing_columns_are_named_together():
    assert refusal(csv_of("Nama;Rak;NIK", "C;A;1")) == [
        ("application_no", "column_missing"),
        ("passport_no", "column_missing"),
        ("birth_date", "column_missing"),
        ("issued_on", "column_missing"),
    ]
    assert refusal(csv_of(f"{HEAD};nama", LINE)) == [("holder_name", "column_twice")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\n", "file_empty"),
        (xlsx_of(), "file_empty"),
        (csv_of(HEAD), "no_rows"),
        (xlsx_of(HEAD.split(";")), "no_rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_sheet"),
        (b"%PDF-1.7\n\x00\x01\x02", "not_a_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"PK\x03\x04 but no archive", "unreadable"),
        (csv_of(HEAD, LINE, '8;X;"Contoh;1;2;3'), "quotes"),
        (csv_of(HEAD, *[LINE] * 20_001), "too_many_rows"),
        (b"x" * (25 * 1024 * 1024 + 1), "file_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_without_a_list_of_books_is_refused_with_the_reason(content, code):
    assert refusal(content) == [("", code)]


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_unpacking():
    bomb = archive(**{"xl__worksheets__sheet1.xml": b" " * (200 * 1024 * 1024), "xl__workbook.xml": b""})
    assert len(bomb) < 300_000
    assert refusal(bomb) == [("", "unpacked_too_large")]


def test_other_archives_and_broken_books_are_refused():
    assert refusal(archive(**{"word__document.xml": b"<x/>"})) == [("", "not_a_sheet")]
    assert refusal(archive(**{"xl__workbook.xml": b"<x"})) == [("", "unreadable")]
    whole = xlsx_of(HEAD.split(";"), LINE.split(";"))
    assert refusal(whole[: len(whole) // 2]) == [("", "unreadable")]


def test_entities_of_a_hostile_book_are_refused():
    whole = zipfile.ZipFile(io.BytesIO(xlsx_of(HEAD.split(";"), LINE.split(";"))))
    parts = {name.replace("/", "__"): whole.read(name) for name in whole.namelist()}
    name = "xl__worksheets__sheet1.xml"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    parts[name] = laughs + parts[name].replace(b"<v>", b"<v>&b;", 1)
    assert refusal(archive(**parts)) == [("", "unreadable")]


def test_formulas_are_never_calculated():
    row = [*LINE.split(";")[:2], '=HYPERLINK("http://contoh.invalid","Contoh")', *LINE.split(";")[3:]]
    (checked_row,) = checked(sheets.read(xlsx_of(HEAD.split(";"), row)), TODAY)
    assert [problem[:2] for problem in checked_row.problems] == [("holder_name", "formula")]


def long_numbers(*numbers: object) -> list[list[tuple[str, str]]]:
    rows = [[number, *LINE.split(";")[1:]] for number in numbers]
    read = checked(sheets.read(xlsx_of(HEAD.split(";"), *rows)), TODAY)
    return [[problem[:2] for problem in row.problems] or row.application_no for row in read]


def test_numbers_cut_by_excel_are_refused_and_exact_numbers_accepted():
    cut = [("application_no", "number_cut")]
    assert long_numbers(8800000000000010, 8800000000000020) == [cut, cut]  # a whole column ends in 0: Excel wrote it
    assert long_numbers(8800000000000010, 8800000000000021.0) == ["8800000000000010", "8800000000000021"]
    assert long_numbers(8800000000000011, 9900000000000013) == ["8800000000000011", cut]  # above 2**53
    assert long_numbers(12345678.0, "0012345678") == ["12345678", "0012345678"]


def test_a_row_far_below_is_not_lost():
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(";"))
    book.active.append(LINE.split(";"))
    book.active.cell(1_000_000, 1, "8800000000000002")
    out = io.BytesIO()
    book.save(out)
    assert [line.number for line in sheets.read(out.getvalue())] == [2, 1_000_000]
    assert refusal(csv_of(HEAD, LINE) + b"\n" * 1_100_000) == [("", "too_many_rows")]
