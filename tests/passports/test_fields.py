"""Cells as people and spreadsheets write them: right values get one form, doubtful values are refused."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera.passports.email_address import is_email_address
from ampera.passports.fields import READERS, Record, contact, folded, record
from ampera.passports.imports.messages import SENTENCES

TODAY = date(2026, 11, 24)
GOOD = {
    "application_no": "8800000000000001",
    "passport_no": "X1234567",
    "holder_name": "Contoh Satu",
    "birth_date": "02-03-1990",
    "issued_on": "01-11-2026",
    "shelf": "A-01-02",
}


def read(**cells: object) -> Record:
    found, problems = record({**GOOD, **cells}, TODAY)
    assert found is not None, problems
    return found


def codes(**cells: object) -> list[tuple[str, str]]:
    found, problems = record({**GOOD, **cells}, TODAY)
    assert (found is None) == bool(problems)
    return [(problem.field, problem.code) for problem in problems]


@pytest.mark.parametrize(
    "cell",
    [
        "02-03-1990",
        "2/3/1990",
        "02.03.1990",
        "1990-03-02",
        "1990-03-02T00:00:00",
        "1990-03-02 00:00:00",
        date(1990, 3, 2),
        datetime(1990, 3, 2),  # noqa: DTZ001 - as openpyxl gives it
        32934,
        32934.0,
        "32934",
        " 02-03-1990 ",
    ],
)
def test_a_date_is_read_in_every_form_people_use(cell):
    assert read(birth_date=cell).birth_date == date(1990, 3, 2)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31-02-1990", "date_unreal"),
        ("1990-13-01", "date_unreal"),
        ("02-03-90", "date_format"),
        ("kemarin", "date_format"),
        ("02-03/1990", "date_format"),
        (5, "date_format"),
        ("25-11-2026", "birth_date_range"),
        ("01-01-1899", "birth_date_range"),
        ("", "required"),
        ("=TODAY()", "formula"),
        (True, "not_text"),
    ],
)
def test_an_impossible_date_is_refused(cell, code):
    assert codes(birth_date=cell) == [("birth_date", code)]


def test_an_issue_date_before_the_birth_or_in_the_future_is_refused():
    assert codes(birth_date="02-03-2020", issued_on="01-03-2020") == [("issued_on", "issued_before_birth")]
    assert codes(issued_on="01-12-2026") == [("issued_on", "issued_on_range")]


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("081234567890", "+6281234567890"),
        ("+62 812-3456-7890", "+6281234567890"),
        ("62 812 3456 7890", "+6281234567890"),
        ("+62 0812 3456 7890", "+6281234567890"),
        ("0062 812 3456 7890", "+6281234567890"),
        (81234567890, "+6281234567890"),
        (6281234567890.0, "+6281234567890"),
        ("81234567890.0", "+6281234567890"),
        ("(0711) 355-555", "+62711355555"),
        ("+65 9123 4567", "+6591234567"),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_a_phone_becomes_e164(cell, phone):
    assert read(phone=cell).phone == phone


@pytest.mark.parametrize("cell", ["0812", "tanpa telepon", "0812345678901234", "91234567", "=1+1", "+", "٠٨١٢٣٤٥٦٧٨٩"])
def test_an_impossible_phone_number_is_refused(cell):
    assert codes(phone=cell) in ([("phone", "phone_invalid")], [("phone", "formula")])


@pytest.mark.parametrize(
    "cell", ["8800000000000001", " 8800-0000-0000-0001 ", "'8800000000000001", "8800000000000001.0"]
)
def test_an_application_number_keeps_all_digits(cell):
    assert read(application_no=cell).application_no == "8800000000000001"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1234567", "application_no_invalid"),
        ("1" * 21, "application_no_invalid"),
        ("88000000000A", "application_no_invalid"),
        ("٨٨٠٠٠٠٠٠٠٠٠٠", "application_no_invalid"),
        (8800000000000001.0, "number_cut"),
        ("8,80000E+15", "number_cut"),
        ("9900000000000001.0", "number_cut"),
        (float("inf"), "number_cut"),
        (date(2026, 1, 2), "turned_into_date"),
    ],
)
def test_a_number_that_may_have_lost_digits_is_never_guessed(cell, code):
    assert codes(application_no=cell) == [("application_no", code)]


def test_a_nik_has_sixteen_digits_and_a_possible_date_but_no_checksum():
    assert read(nik="1671014203900001").nik == "1671014203900001"  # a woman: day + 40
    assert read(nik="1671.0102.0390.0001").nik == "1671010203900001"
    assert codes(nik="167101420390000") == [("nik", "nik_invalid")]
    assert codes(nik="1671013503900001") == [("nik", "nik_date")]
    assert codes(nik="1671017203900001") == [("nik", "nik_date")]
    assert codes(nik="1671010213900001") == [("nik", "nik_date")]
    assert read(nik="").nik is None


def test_names_of_one_word_and_of_sixty_letters_are_names():
    long = "Raden Contoh Berkepanjangan Nama Uji Coba Sampel Percobaan Sangat Lengkap"
    for name in ("Contoh", long, "Zoë O’Contoh-Uji", "C. Uji"):
        assert read(holder_name=f"  {name} ").holder_name == name
    assert read(holder_name="Contoh   Satu").holder_name == "Contoh Satu"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Contoh\x00Satu", "control"),
        ("Contoh\nSatu", "control"),
        ("Contoh\u202eutaS", "control"),
        ("Contoh\ud800", "control"),
        ("12345", "holder_name_invalid"),
        ("=HYPERLINK(1)", "formula"),
        ("'=1+1", "formula"),
        ("+Contoh", "formula"),
        ("@contoh", "formula"),
        ("-Contoh", "formula"),
        ("#REF!", "formula"),
        ("C" * 121, "too_long"),
        ("C" * 10_000, "too_long"),
        (["Contoh"], "not_text"),
        ({}, "not_text"),
    ],
)
def test_a_text_that_is_no_name_is_refused(cell, code):
    assert codes(holder_name=cell) == [("holder_name", code)]


@pytest.mark.parametrize(("cell", "number"), [("x 1234567", "X1234567"), ("XE-123456", "XE123456")])
def test_a_passport_number_is_read_leniently(cell, number):
    assert read(passport_no=cell).passport_no == number


@pytest.mark.parametrize("cell", ["X12", "1234567", "XYZ123456", "X12345678"])
def test_a_text_that_is_no_passport_number_is_refused(cell):
    assert codes(passport_no=cell) == [("passport_no", "passport_no_invalid")]


def test_the_other_fields_are_cleaned():
    book = read(
        email=" Satu@Contoh.Example ", group=" KELUARGA  1 ", kind="Paspor", document_no="ex 000-123", shelf="a-1"
    )
    assert (book.email, book.group_name, book.kind) == ("satu@contoh.example", "KELUARGA 1", "passport")
    assert (book.document_no, book.shelf) == ("EX000123", "A-1")
    assert read(shelf=12.0).shelf == "12"


@pytest.mark.parametrize("cell", ["contoh@", "@contoh.id", "a b@contoh.id", "contoh@id", "contoh@-a.id"])
def test_a_text_that_is_no_email_address_is_refused(cell):
    assert codes(email=cell) in ([("email", "email_invalid")], [("email", "formula")])


def test_a_row_lists_all_errors_at_once():
    assert codes(birth_date="x", shelf="", passport_no="X") == [
        ("passport_no", "passport_no_invalid"),
        ("birth_date", "date_format"),
        ("shelf", "required"),
    ]


def test_contact_data_is_checked_alone():
    assert contact("0812 3456 789", "") == ({}, {"phone": "+628123456789", "email": None})
    assert contact("x", "y")[0] == {"phone": "phone_invalid", "email": "email_invalid"}


def test_names_are_compared_without_accents_and_signs():
    assert folded("ZOË  O’Contoh-Uji") == "zoe o contoh uji"


@given(
    st.dictionaries(st.sampled_from(list(READERS)), st.text() | st.floats() | st.integers() | st.booleans() | st.none())
)
def test_no_cell_makes_a_reader_fail_and_every_problem_has_a_sentence(cells):
    found, problems = record(cells, TODAY)
    assert (found is None) == bool(problems)
    assert all(problem.code in SENTENCES for problem in problems)


@pytest.mark.parametrize(
    "address", ["nama@kantor.local", "nama@mail.internal", "nama@contoh.test", "nama@contoh.example"]
)
def test_email_address_of_a_closed_network_is_accepted(address):
    assert is_email_address(address, is_ascii=True)


@pytest.mark.parametrize("address", ["nama", "nama@", "@contoh.id", "nama@kantor", "nama @contoh.id", "a@b@contoh.id"])
def test_text_without_the_form_of_an_address_is_refused(address):
    assert not is_email_address(address)
