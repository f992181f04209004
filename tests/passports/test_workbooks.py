"""Workbooks as spreadsheets really write them: every one is read as its reader sees it, or refused with the reason."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.styles import numbers

from ampera.passports.imports import sheets
from ampera.passports.imports.messages import UNREAD_SHEETS, sentence
from tests.passports.lists import (
    HEAD,
    books,
    line,
    raw,
    raw_row,
    read,
    rewritten,
    warnings,
    without_namespace,
    workbook,
)

CELL = '<c r="{}" t="inlineStr"><is><t{}>{}</t></is></c>'


def formatted(place: str, value: object, code: str, head: list[str] = HEAD, row: list[object] | None = None) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        book.active[place].value, book.active[place].number_format = value, code

    return workbook(change, Daftar=[head, row or line()])


def test_all_visible_sheets_are_read_and_the_others_named():
    def hide(book: openpyxl.Workbook) -> None:
        book["Arsip"].sheet_state, book["Rahasia"].sheet_state = "hidden", "veryHidden"

    catalogue = [["Kode", "Arti"], ["A", "rak atas"]]
    content = workbook(
        hide, Rak_A=[HEAD, line(1)], Arsip=[HEAD, line(2)], Rahasia=[HEAD, line(3)], Rak_B=[HEAD, line(4), line(5)],
        Petunjuk=catalogue, Kosong=[],
    )  # fmt: skip
    rows, overview = read(content)
    assert [(row.sheet, row.number, row.application_no[-2:]) for row in rows] == [
        ("Rak A", 2, "01"), ("Rak B", 2, "04"), ("Rak B", 3, "05"),
    ]  # fmt: skip
    assert overview.sheets == [
        ("Rak A", 1, True), ("Arsip", 2, False), ("Rahasia", 2, False), ("Rak B", 2, True), ("Petunjuk", 2, False),
        ("Kosong", 0, False),
    ]  # fmt: skip
    unread = [(warning.params["sheet"], warning.params["why"]) for warning in overview.warnings]
    assert unread == [("Arsip", "hidden"), ("Rahasia", "hidden"), ("Petunjuk", "columns")]
    assert all(warning.params["sheet"] in sentence(warning) for warning in overview.warnings)


def test_a_sheet_with_some_headings_is_named_with_the_missing_ones():
    content = workbook(Rak_A=[HEAD, line(1)], Rak_B=[HEAD[:5], line(2)[:5]], Rak_C=[[*HEAD, "Nama"], line(3)])
    messages = [sentence(warning) for warning in read(content)[1].warnings]
    assert ["rak" in messages[0], "Rak B" in messages[0], "Rak C" in messages[1]] == [True] * 3
    assert set(UNREAD_SHEETS) == {"hidden", "columns", "twice", "rows"}


def test_a_list_that_is_only_in_a_hidden_sheet_is_refused_with_the_sheet():
    content = workbook(lambda book: setattr(book["Daftar"], "sheet_state", "hidden"), Depan=[], Daftar=[HEAD, line()])
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(content)
    assert [(problem.code, problem.params) for problem in caught.value.problems] == [
        ("hidden_sheet", {"sheet": "Daftar"})
    ]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (12345678971, "0000000000000000", "0000012345678971"),
        (12345678, "000000000000", "000012345678"),
        (12345678, '"00"0', "0012345678"),
        (1234567890, "0000\\-0000\\-0000", "001234567890"),
        (123456789, "00000 00000", "0123456789"),
        (12345678971, "[$-421]0000000000000000;@", "0000012345678971"),
        (12345678971, "0_);(0)", "12345678971"),
        (12345678971, "General", "12345678971"),
        (12345678971, "@", "12345678971"),
        (12345678971, "#,##0", "12345678971"),
        (12345678971, "0.00E+00", "12345678971"),
    ],
)
def test_a_padded_number_is_read_as_shown(value, code, shown):
    (book,) = books(formatted("A2", value, code))
    assert book.application_no == shown


def test_padding_counts_in_every_column():
    head = [*HEAD, "No. HP"]
    (book,) = books(formatted("G2", 81234567890, '"0"#', head, [*line(), None]))
    assert book.phone == "+6281234567890"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (7, '"A-"00', "A-07"),
        (1.1, "0.00", "1.10"),
        (7, "#,##0.0_);(#,##0.0)", "7.0"),
        (0.125, "0%", "13%"),
        (1.1, "General", "1.1"),
        (7, "0", "7"),
    ],
)
def test_a_number_of_a_shelf_is_the_one_that_is_shown(value, code, shown):
    (book,) = books(formatted("F2", value, code))
    assert book.shelf == shown


def test_a_percentage_is_no_application_number():
    assert books(formatted("A2", 12345678, "0%")) == [[("application_no", "application_no_invalid")]]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (datetime(1990, 3, 2), "dd/mm/yyyy"),  # noqa: DTZ001 - as a spreadsheet stores it
        (datetime(1990, 3, 2, 17, 45), "dd/mm/yyyy hh:mm"),  # noqa: DTZ001
        (datetime(1990, 3, 2, 23, 59, 59), "[$-421]dd mmmm yyyy"),  # noqa: DTZ001
        (32934, "General"),
        (32934.75, numbers.FORMAT_DATE_XLSX14),
        ("1990-03-02T08:30:00", "@"),
        ("2 Maret 1990", "@"),
    ],
)
def test_a_date_cell_is_the_day_that_is_shown(value, code):
    (book,) = books(formatted("D2", value, code))
    assert book.birth_date == date(1990, 3, 2)


@pytest.mark.parametrize("cell", [datetime(1990, 3, 2), 32934 - 1462])  # noqa: DTZ001
def test_dates_that_count_from_1904_are_right(cell):
    def change(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active["D2"].value = cell

    (book,) = books(workbook(change, Daftar=[HEAD, line()]))
    assert book.birth_date == date(1990, 3, 2)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="F2" t="str"><f>CONCAT("B";2)</f><v>B-2</v></c>', "B-2"),
        ('<c r="F2"><f>3+4</f><v>7</v></c>', "7"),
        ('<c r="F2"><f t="shared" si="0"/><v>8</v></c>', "8"),
        ('<c r="F2"><f>NOW()</f></c>', [("shelf", "formula")]),
        ('<c r="F2" t="str"><f>A1</f><v></v></c>', [("shelf", "required")]),
        ('<c r="F2" t="e"><f>A9</f><v>#REF!</v></c>', [("shelf", "formula")]),
        ('<c r="F2" t="e"><v>#N/A</v></c>', [("shelf", "formula")]),
        ('<c r="F2" t="e"><f>A9</f><v>#BUSY!</v></c>', [("shelf", "formula")]),
        ('<c r="F2" t="e"><v>Fehler</v></c>', [("shelf", "formula")]),
        ('<c r="F2" t="str"><f>A9</f><v>#NILAI!</v></c>', [("shelf", "formula")]),
        ('<c r="F2" t="str"><f>A9</f><v>Err:502</v></c>', [("shelf", "formula")]),
        ('<c r="F2" t="str"><v>########</v></c>', [("shelf", "formula")]),
        ('<c r="F2" t="str"><v>#12</v></c>', "#12"),
        (CELL.format("F2", "", "_x0043_-6_x000d_"), "C-6"),
        (CELL.format("F2", "", "C_x000D__x000A_7"), [("shelf", "control")]),
        ('<c r="F2" t="b"><v>1</v></c>', [("shelf", "not_text")]),
        (CELL.format("F2", "", "C-3_x000D_"), "C-3"),
        (CELL.format("F2", "", "C_x005F_x0041_"), "C_X0041_"),
        (CELL.format("F2", ' xml:space="preserve"', "  C-4\n"), "C-4"),
        ('<c r="F2" t="inlineStr"><is><r><t>C-</t></r><r><t>5</t></r><rPh><t>xx</t></rPh></is></c>', "C-5"),
        ('<c r="F2" t="s"><v>99999</v></c>', [("shelf", "damaged")]),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_shown_or_refused(cell, expected):
    (book,) = books(raw(raw_row(2, F=cell)))
    assert (book if isinstance(book, list) else book.shelf) == expected


def test_cells_and_rows_without_a_reference_are_counted():
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in line(2))
    rows, _ = read(raw(f"<row>{cells}</row>", '<row r="5"/>', f"<row>{cells.replace('02</t>', '03</t>')}</row>"))
    assert [(row.number, row.application_no[-2:]) for row in rows] == [(2, "02"), (6, "03")]


def test_hidden_rows_and_columns_are_read_and_named():
    hidden = '<cols><col min="5" max="5" hidden="1"/></cols>'
    content = raw(raw_row(2), raw_row(3, ' hidden="1"'), raw_row(4, ' hidden="true"'), columns=hidden)
    assert len(books(content)) == 3
    assert warnings(content) == [
        ("hidden_rows", {"sheet": "Daftar", "row": 3, "count": 2}),
        ("hidden_columns", {"sheet": "Daftar", "headings": ["Tanggal Terbit"]}),
    ]


def test_a_row_or_column_without_size_is_hidden():
    flat = '<cols><col min="5" max="5" width="0" customWidth="1"/></cols>'
    assert warnings(raw(raw_row(2), raw_row(3, ' ht="0" customHeight="1"'), columns=flat)) == [
        ("hidden_rows", {"sheet": "Daftar", "row": 3, "count": 1}),
        ("hidden_columns", {"sheet": "Daftar", "headings": ["Tanggal Terbit"]}),
    ]


def test_content_far_to_the_right_is_named():
    far = [None] * 300
    content = workbook(Daftar=[[*HEAD, *far, "Rak", "Catatan"], [*line(), *far, "B-9", "titip"]])
    assert books(content)[0].shelf == "A-1"
    assert warnings(content) == [("unknown_column", {"sheet": "Daftar", "heading": "> 256", "place": 257})]


def test_a_merged_cell_counts_for_every_covered_row():
    def merge(book: openpyxl.Workbook) -> None:
        book.active.merge_cells("F2:F4")

    content = workbook(merge, Daftar=[HEAD, line(1, shelf="C-9"), line(2, shelf=None), line(3, shelf=None)])
    assert [book.shelf for book in books(content)] == ["C-9"] * 3


def test_a_column_that_no_field_takes_is_named_and_a_running_number_is_not():
    head = ["No.", *HEAD, "Keterangan", "Paraf", None]
    rows = [[1, *line(1), "titip", None, "x"], [2, *line(2), None, None, None]]
    content = workbook(Daftar=[head, *rows])
    assert warnings(content) == [
        ("unknown_column", {"sheet": "Daftar", "heading": "Keterangan", "place": 8}),
        ("unknown_column", {"sheet": "Daftar", "heading": "", "place": 10}),
    ]
    fields = {heading: name for _, heading, name in read(content)[1].columns}
    assert fields["No."] is None
    assert fields["Paraf"] is None
    assert fields["Nomor Paspor"] == "passport_no"


@pytest.mark.parametrize("above", [0, 12, 40, 59])
def test_headings_are_found_below_a_letterhead(above):
    letterhead = [[f"Kantor Contoh, baris {number}"] for number in range(above)]
    rows, _ = read(workbook(Daftar=[*letterhead, HEAD, line()]))
    assert [row.number for row in rows] == [above + 2]


def test_headings_too_far_down_are_refused_with_the_limit():
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(workbook(Daftar=[*[["Kop"]] * 60, HEAD, line()]))
    assert {problem.params["within"] for problem in caught.value.problems} == {60}


def test_rows_around_the_list_are_left_out_and_named():
    rows = [
        [f"({number})" for number in range(1, 7)], line(1), HEAD, line(2), ["Jml rak A", "2 buku"], line(3), [None],
        ["Jumlah: 3 buku"], [None, None, "Palembang, 24 November 2026"], [None, None, None, "Kepala Seksi Contoh"],
        ["NIP. 19800101 200501 1 001"],
    ]  # fmt: skip
    content = workbook(Daftar=[HEAD, *rows])
    assert [book.holder_name for book in books(content)] == ["Contoh 1", "Contoh 2", "Contoh 3"]
    assert [params["row"] for code, params in warnings(content) if code == "row_left_out"] == [2, 4, 6, 9, 10, 11, 12]


def test_a_person_without_numbers_is_a_refused_row_and_no_footer():
    content = workbook(Daftar=[HEAD, line(1), line(2, application=None, passport=None)])
    assert books(content)[1] == [("application_no", "required"), ("passport_no", "required")]


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("styles", lambda text: text.replace("<fill>", "<fill/><fill>", 1)),
        ("styles", lambda text: text.replace('numFmtId="0"', 'numFmtId="x"')),
        ("core", lambda text: text.replace("<dcterms:created", "<x/><dcterms:created").replace("20", "kemarin")),
        ("core", lambda _: "<broken"),
        ("theme1", lambda _: "<broken"),
        ("workbook", without_namespace),
        ("sheet1", without_namespace),
        ("sheet1", lambda text: text.replace("<sheetData>", '<dimension ref="A1"/><sheetData>')),
        ("sheet1", lambda text: text.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")),
        ("Types]", lambda text: text),
    ],
)  # fmt: skip
def test_a_workbook_that_excel_opens_is_read(part, change):
    content = rewritten(workbook(Daftar=[HEAD, line()]), **{part: change})
    assert [book.holder_name for book in books(content)] == ["Contoh 1"]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "what"),
    [
        (b"<html><body><table><tr><td>Nama</td></tr></table>", "other_format", "HTML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<table>", "other_format", "HTML"),
        ("<html><table>".encode("utf-16"), "other_format", "HTML"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "other_format", "HTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:contoh"/>', "other_format", "XML"),
        (zipped(xl__workbook_dot_bin=b"\x00"), "other_format", "XLSB"),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<x/>"),
            "other_format",
            "ODS",
        ),
        (zipped(Index__Document_dot_iwa=b"\x00"), "other_format", "Numbers"),
        (zipped(daftar_dot_csv=b"a;b"), "zipped", None),
        (zipped(word__document_dot_xml=b"<x/>"), "not_a_sheet", None),
        (b"%PDF-1.7\n1 0 obj", "not_a_sheet", None),
        (b"{\\rtf1 Daftar}", "not_a_sheet", None),
        (b'[{"Nomor Permohonan": "8800000000000001"}]', "not_a_sheet", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel", None),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_named(content, code, what):
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(content)
    (problem,) = caught.value.problems
    assert (problem.code, problem.params.get("what")) == (code, what)
    assert "XLSX" in sentence(problem)


def test_formatted_rows_below_a_list_do_not_count():
    row = '<row r="{0}" s="1"><c r="A{0}" s="1"/><c r="B{0}" s="1"/><c r="F{0}" s="1"/></row>'
    empty = "".join(row.format(number) for number in range(4, 40_000))
    rows, _ = read(raw(raw_row(2), '<row r="3"/>', empty, raw_row(40_000)[:-6] + "</row>"))
    assert [row.number for row in rows] == [2, 40_000]


def test_a_formatted_sheet_is_not_too_large_and_a_sheet_of_text_is(monkeypatch):
    from ampera.passports.spreadsheets import package

    monkeypatch.setattr(package, "MAX_UNPACKED", 60_000)
    empty = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(4, 10_000))
    assert len(books(raw(raw_row(2), empty))) == 1
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(raw(*(raw_row(number) for number in range(2, 200))))
    assert caught.value.problems[0].code == "unpacked_too_large"


def test_merged_areas_without_end_take_no_time():
    area = '<mergeCells><mergeCell ref="F2:F1048576"/>' + '<mergeCell ref="A2:A20001"/>' * 5_000 + "</mergeCells>"
    assert len(books(raw(raw_row(2), raw_row(3), more=area))) == 2


def test_a_row_of_many_attributes_takes_no_time():
    assert len(books(raw(raw_row(2, "".join(f' a{number}="1"' for number in range(20_000)))))) == 1
