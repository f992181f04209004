"""CSV files and cells as people write them: understood, or refused with words about the reader's file."""

from datetime import date

import pytest

from ampera.passports.imports import sheets
from ampera.passports.imports.messages import sentence
from tests.passports.lists import HEAD, books, csv, line, read, warnings


@pytest.mark.parametrize("mark", [";", ",", "\t", "|", "^", "; "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_separator_and_line_end_is_read(mark, end):
    content = csv(line(1, name='"Contoh, Satu"'), line(2), mark=mark, end=end)
    assert [book.holder_name for book in books(content)] == ["Contoh, Satu", "Contoh 2"]


@pytest.mark.parametrize("head", ["sep=|\n", "SEP=|\r\n", "sep=|\r", "\ufeffsep=|\n", "sep=;\n", "sep=~\n"])
def test_the_line_that_names_the_separator_is_no_row(head):
    mark = "~" if "~" in head else "|"
    rows, _ = read(head.encode() + csv(line(), mark=mark))
    assert [row.number for row in rows] == [2]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "ascii"]
)
def test_every_encoding_is_read(encoding):
    name = "Contoh Biasa" if encoding == "ascii" else "Zoë Contoh Ñandú"
    assert [book.holder_name for book in books(csv(line(name=name), encoding=encoding))] == [name]


def test_utf_8_that_is_cut_inside_a_letter_is_utf_8():
    content = csv(line(1, name="Zoë Contoh"), line(2, shelf="RAK É"))[:-1]
    assert [book if isinstance(book, list) else book.holder_name for book in books(content)] == [
        "Zoë Contoh",
        [("shelf", "damaged")],
    ]


@pytest.mark.parametrize(
    "name",
    ["ZoÃ« Contoh", "FranÃ§ois", "Contoh \ufffdatu", "Nguy?n Contoh", "?ang Contoh", "Zo‰ Contoh", "Mu¤oz Contoh",
     "J”rg Contoh", "Ren‚ Contoh", "\u0421ontoh", "C\u03bfntoh"],
)  # fmt: skip
def test_a_name_with_damaged_letters_is_refused(name):
    assert books(csv(line(name=name))) == [[("holder_name", "damaged")]]


@pytest.mark.parametrize("encoding", ["cp437", "cp850"])
def test_a_code_page_of_dos_is_not_guessed(encoding):
    content = csv(line(1, name="Zoë Contoh"), line(2), encoding=encoding)
    assert [book if isinstance(book, list) else book.holder_name for book in books(content)] == [
        [("holder_name", "damaged")],
        "Contoh 2",
    ]


@pytest.mark.parametrize(
    "name",
    ["M.ª Contoh", "Nur´aini", "Gal·la Contoh", "Nur‘aini", "“Budi” Contoh", "Al–Contoh", "Contoh (alm.)", "張 Contoh",
     "Contoh & Uji", "Иванов Contoh", "D'Contoh", "Nil", "Nan", "No", "Tak Contoh"],
)  # fmt: skip
def test_a_rare_name_is_a_name(name):
    assert books(csv(line(name=name)))[0].holder_name == name


@pytest.mark.parametrize("cell", ["tidak ada", "Belum diisi", "N/A", "null", "None", "nan", "undefined", "-"])
def test_a_word_for_nothing_is_no_name_and_no_shelf(cell):
    assert books(csv(line(name=cell, shelf=cell))) == [[("holder_name", "required"), ("shelf", "required")]]


def test_a_cell_without_end_costs_the_row_and_not_the_file():
    content = csv(line(1, name="A" * 140_000), line(2)) + b"\x1a"
    assert [isinstance(book, list) for book in books(content)] == [True, False]
    assert books(content)[0] == [("holder_name", "too_long")]


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Nomor Permohonan (16 digit)", None),
        ("ID Permohonan", None),
        ("N\u043e Permohonan", None),  # the o is Cyrillic
        ("\u0420ermohonan", "column_missing"),
        ("Nomor Permohonan (lama)", "column_missing"),
    ],
)
def test_a_remark_or_a_lookalike_hides_no_heading(heading, code):
    content = csv(line()).replace(b"Nomor Permohonan", heading.encode(), 1)
    if code is None:
        assert books(content)[0].application_no == "8800000000000001"
        return
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(content)
    assert {problem.code for problem in caught.value.problems} == {code}


def test_a_separator_inside_a_name_is_refused_with_the_reason():
    head = ",".join([*HEAD[:2], *HEAD[3:], "Nama"])
    cut = [cell for place, cell in enumerate(line()) if place != 2]
    content = "\n".join([head, ",".join([*cut, "Contoh", " S.H."]), ",".join([*cut, "Contoh", ""])]).encode()
    rows, overview = read(content)
    assert [[problem.code for problem in row.problems] for row in rows] == [["too_many_cells"], []]
    assert "7" in sentence(rows[0].problems[0])
    assert overview.warnings == []


@pytest.mark.parametrize(
    ("heading", "cell", "field", "value"),
    [
        ("No. WA", "081234567890", "phone", "+6281234567890"),
        ("WhatsApp Pemohon", "0812 3456 7890", "phone", "+6281234567890"),
        ("Telepon/HP", "+62 812-3456-7890", "phone", "+6281234567890"),
        ("No HP / WA", "81234567890", "phone", "+6281234567890"),
        ("Nomor Ponsel yang dapat dihubungi", "0812-3456-7890", "phone", "+6281234567890"),
        ("Nomor Kontak", "0812-3456-7890", "phone", None),
        ("E-mail Pemohon", "uji@contoh.example", "email", "uji@contoh.example"),
        ("Alamat Surel", "Uji@Contoh.Example", "email", "uji@contoh.example"),
        ("Nama Rombongan", "Rombongan Contoh", "group_name", "Rombongan Contoh"),
        ("NomorKTP", "8801010203900001", "nik", "8801010203900001"),
        ("NIK Pemohon\n", "8801010203900001", "nik", "8801010203900001"),
        ("\ufeffTelp\u00a0HP*", "081234567890", "phone", "+6281234567890"),
    ],
)
def test_headings_in_use_are_understood(heading, cell, field, value):
    content = csv([*line(), cell]).replace(b";Rak", f';Rak;"{heading}"'.encode(), 1)
    (book,) = books(content)
    assert getattr(book, field) == value
    assert [code for code, _ in warnings(content)] == ([] if value else ["unknown_column"])


@pytest.mark.parametrize(
    ("heading", "cell", "value", "code"),
    [
        ("Telepon", "tidak ada", None, "left_out"),
        ("Telepon", "0812", None, "left_out"),
        ("Telepon", "0812-3456-7890 / 0813-9999-0000", "+6281234567890", "first_taken"),
        ("Telepon", "0812 (rusak), 0813 9999 0000", "+6281399990000", "first_taken"),
        ("Telepon", "tel:081234567890", "+6281234567890", "first_taken"),
        ("Telepon", "081234567890 atau 081399990000", "+6281234567890", "first_taken"),
        ("Telepon", '"081234567890\n081399990000"', "+6281234567890", "first_taken"),
        ("Email", "tdk punya", None, "left_out"),
        ("Email", "N/A", None, "left_out"),
        ("Email", "uji@", None, "left_out"),
        ("Email", "a@contoh.example, b@contoh.example", "a@contoh.example", "first_taken"),
        ("Kelompok", "Tidak ada", None, "left_out"),
        ("NIK", "belum ada", None, "left_out"),
    ],
)
def test_a_wrong_optional_cell_does_not_cost_the_book(heading, cell, value, code):
    rows, _ = read(csv([*line(), cell.replace(";", ",")]).replace(b";Rak", f";Rak;{heading}".encode(), 1))
    field = {"Telepon": "phone", "Email": "email", "Kelompok": "group_name", "NIK": "nik"}[heading]
    assert getattr(rows[0].record, field) == value
    assert [(problem.code, problem.is_warning) for problem in rows[0].problems] == [(code, True)]


@pytest.mark.parametrize("nik", ["123", "8801013502900001"])
def test_a_wrong_nik_costs_the_book(nik):
    assert isinstance(books(csv([*line(), nik]).replace(b";Rak", b";Rak;NIK", 1))[0], list)


def test_a_nik_of_another_birth_date_is_a_warning():
    content = csv([*line(), "8801010403900001"]).replace(b";Rak", b";Rak;NIK", 1)
    rows, _ = read(content)
    assert [(row.record is None, [problem.code for problem in row.problems]) for row in rows] == [
        (False, ["nik_other_date"])
    ]
    woman = csv([*line(), "8801014203900001"]).replace(b";Rak", b";Rak;NIK", 1)
    assert read(woman)[0][0].problems == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8 Feb 1990", date(1990, 2, 8)),
        ("17 Agustus 1990", date(1990, 8, 17)),
        ("17-Agu-1990", date(1990, 8, 17)),
        ("17 Agt. 1990", date(1990, 8, 17)),
        ("17-Aug-1990", date(1990, 8, 17)),
        ("August 17, 1990", date(1990, 8, 17)),
        ("5 NOPEMBER 1990", date(1990, 11, 5)),
        ("5 Pebruari 1990", date(1990, 2, 5)),
        ("Jumat, 17 Agustus 1990", date(1990, 8, 17)),
        ("1990-Mei-05", date(1990, 5, 5)),
        ("05/Okt/1990 10:30 WIB", date(1990, 10, 5)),
        ("17DES1990", date(1990, 12, 17)),
        ("1st March 1990", date(1990, 3, 1)),
        ("17–Agu–1990", date(1990, 8, 17)),
        ("17‑08‑1990", date(1990, 8, 17)),
        ("17 - 08 - 1990", date(1990, 8, 17)),
        ("1990 / 08 / 17.", date(1990, 8, 17)),
        ("Jum`at, 17 Agustus 1990 pukul 10.00", date(1990, 8, 17)),
        ("1990-08-17T14:30:00+07:00", date(1990, 8, 17)),
        ("1990-08-17T00:00:00.000Z", date(1990, 8, 17)),
        ("\u200e05-10-1990\u200e", date(1990, 10, 5)),
        ("０５-１０-１９９０", date(1990, 10, 5)),
    ],
)
def test_a_named_month_leaves_no_doubt(text, day):
    assert books(csv(line(birth=f'"{text}"')))[0].birth_date == day
    issued = text.replace("1990", "2025").replace("１９９０", "２０２５")
    assert books(csv(line(issued=f'"{issued}"')))[0].issued_on == day.replace(year=2025)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31 Februari 1990", "date_unreal"),
        ("17/08/90", "date_format"),
        ("17-Agu-90", "date_format"),
        ("17 Agu", "date_format"),
        ("17 Augustinus 1990", "date_format"),
        ("Agustus 1990", "date_format"),
        ("00-00-1950", "date_unreal"),
        ("1950", "date_format"),
        ("17 VIII 1990", "date_format"),
        ("02031990", "date_format"),
        ("l7-03-1990", "date_format"),
        ("1990-08-16T17:00:00Z", "date_format"),  # midnight of the 17th in Jakarta
        ("1990-08-16T17:00:00.000+00:00", "date_format"),
    ],
)
def test_a_date_that_is_not_certain_is_refused(text, code):
    assert books(csv(line(birth=text))) == [[("birth_date", code)]]


@pytest.mark.parametrize(
    "mark", ["\u202a", "\u202d", "\u2066", "\u200b", "\u00ad", "\ufeff", "\u2060", "\ufe0f", "\u00a0"]
)
def test_invisible_characters_in_numbers_do_no_harm(mark):
    content = csv(
        [
            *line(
                application=f"{mark}8800{mark}000000000001{mark}", passport=f"X{mark}1234501", birth=f"{mark}02-03-1990"
            ),
            f"{mark}081234567890",
        ]
    )
    (book,) = books(content.replace(b";Rak", b";Rak;No. HP", 1))
    assert (book.application_no, book.passport_no) == ("8800000000000001", "X1234501")
    assert (book.birth_date, book.phone) == (date(1990, 3, 2), "+6281234567890")


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\u00ad", "\u2066", "\ufe0f"])
def test_an_invisible_character_is_cut_around_a_name_and_refused_inside(mark):
    assert books(csv(line(name=f"{mark}Contoh Satu{mark}")))[0].holder_name == "Contoh Satu"
    assert books(csv(line(name=f"Con{mark}toh Satu"))) == [[("holder_name", "control")]]


def test_a_letter_that_looks_latin_is_latin_in_a_number():
    book = books(csv(line(passport="\u04251234501", application="‘8800000000000001")))[0]
    assert (book.passport_no, book.application_no) == ("X1234501", "8800000000000001")


@pytest.mark.parametrize("shelf", ["a-1", "A–1", "Ａ−1", "\u0410-1", "A\u200b-1", "\ufeffA-1\u00a0"])
def test_a_shelf_has_one_spelling(shelf):
    assert books(csv(line(shelf=shelf)))[0].shelf == "A-1"


def test_full_width_digits_are_digits_and_those_of_other_scripts_are_not():
    assert books(csv(line(application="８８００００００００００００１１")))[0].application_no == "8800000000000011"
    assert books(csv(line(application="٨٨٠٠٠٠٠٠٠٠٠٠"))) == [[("application_no", "application_no_invalid")]]


def test_a_second_phone_column_is_named_and_the_first_one_counts():
    content = csv([*line(), "081234567890", "081399990000"]).replace(b";Rak", b";Rak;Telepon;No. HP", 1)
    assert books(content)[0].phone == "+6281234567890"
    assert warnings(content) == [("unknown_column", {"sheet": "CSV", "heading": "No. HP", "place": 8})]


def test_an_open_quote_is_refused_with_the_row():
    with pytest.raises(sheets.SheetRefused) as caught:
        sheets.read(csv(line(1), line(2, name='"Contoh')))
    assert [(problem.code, problem.params) for problem in caught.value.problems] == [("quotes", {"row": 3})]


def test_a_refused_row_has_no_remarks():
    content = csv([*line(birth="31-02-1990"), "tidak ada"]).replace(b";Rak", b";Rak;Telepon", 1)
    assert books(content) == [[("birth_date", "date_unreal")]]
