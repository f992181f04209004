"""Names in other scripts on printed papers: no letter is left out, replaced, or turned into a question mark."""

import re
from datetime import date

import pytest
from sqlalchemy import update

from ampera import clock, paper
from ampera.bookings.collectors import proxy_letter
from ampera.handovers.models import Handover
from ampera.handovers.receipts import pdf as receipt_pdf
from ampera.handovers.receipts.check_code import Item, Receipt
from ampera.languages import Bilingual
from ampera.paper import Sheet, TextStyle
from ampera.pickups import slip_pdf
from tests import intruder
from tests.reports import paper as reader
from tests.reports.conftest import day as day

NAMES = (
    "Đặng Thị Huệ",
    "Иванов Пётр",
    "محمد بن علي",
    "山田太郎",
    "张伟 Ünal",
    "Ελένη",
    "Łukasz Őze",
    "ישראל",
    "ʻOkina",
)
UNKNOWN = {"김철수": "[U+AE40][U+CCA0][U+C218]", "สม": "[U+0E2A][U+0E21]", "Orang\u202eLain": "Orang[U+202E]Lain"}
_MAPPED = re.compile(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>")


def letters(document: bytes) -> set[str]:
    """Every letter that some font of the document draws, as a reader would copy it out."""
    maps = (data for _, data in reader.streams(document) if b"beginbfchar" in data)
    return {chr(int(code, 16)) for data in maps for code in _MAPPED.findall(data)}


def assert_written(document: bytes, name: str) -> None:
    missing = set(name.replace(" ", "")) - letters(document)
    assert not missing and "?" not in letters(document), (name, missing)


@pytest.mark.parametrize(("name", "is_fast"), [*((name, False) for name in NAMES), (" ".join(NAMES), True)])
def test_name_in_any_script_of_the_fonts_is_printed_letter_by_letter(name, is_fast, monkeypatch):
    monkeypatch.setattr(Sheet, "is_fast", is_fast)
    sheet = Sheet("uji", "a4")
    sheet.add_page()
    below = sheet.put(10, 10, 100, name, TextStyle(9, bold=True))
    assert below > 10 and sheet.height_of(100, name, TextStyle(9)) > 0
    assert_written(bytes(sheet.output()), name)


@pytest.mark.parametrize(("name", "printed"), UNKNOWN.items())
def test_letter_that_no_font_has_is_printed_as_a_number(name, printed):
    assert paper.printable(name) == printed


def test_letter_with_separate_accents_is_printed_as_one():
    assert paper.printable("N\u0067uye\u0302\u0303n") == "Nguyễn"


def test_register_keeps_the_letters_of_every_name(day, sign_in):
    name = " ".join(NAMES)
    changed = {"holder_name": name, "collector_name": name, "officer_name": name, "office_name": name}
    intruder.change(update(Handover).values(**changed))
    assert_written(sign_in("desk").get("/register/buku-penyerahan.pdf").data, name)


def test_receipt_slip_and_letter_keep_the_letters_of_every_name():
    name = " ".join(NAMES)
    kind = {"passport": Bilingual("Paspor", "Passport")}
    items = (Item(1, 1, name, "passport", "123", False),)
    header = receipt_pdf.ReceiptHeader("Kantor Contoh", "", "hari ini")
    receipt = Receipt(clock.now(), 1, ("self",), items, "SABT" + "0" * 24)
    assert_written(receipt_pdf.pdf(receipt_pdf.Paper(receipt, header, kind)), name)
    code = "SAB" + "0" * 26
    slip = slip_pdf.Slip("Kantor Contoh", "", name, code, "7KQ4M2XR", 1, date(2026, 12, 1), (), ())
    assert_written(slip_pdf.pdf(slip), name)
    letter = proxy_letter.ProxyLetter("Kantor Contoh", "", name, (name,), ("Bukti pembayaran", "Proof of payment"))
    assert_written(proxy_letter.pdf(letter), name)
