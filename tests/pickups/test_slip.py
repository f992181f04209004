"""The slip on paper: one page of the right size with the right QR, at least 40 mm wide."""

import io
import re
import struct
from dataclasses import fields, replace
from datetime import date

import pytest
from PIL import Image

from ampera.languages import Bilingual
from ampera.pickups import slip_pdf
from ampera.pickups.qr import picture as qr_picture
from ampera.pickups.slip_pdf import Slip
from tests.reports import paper

CODE = "SABDHDEX5W4CNDMEVH2Y24CNG1DJ6"
LINE = Bilingual("Pemohon: bukti pembayaran", "Applicant: proof of payment")
SLIP = Slip(
    office="Kantor Imigrasi Contoh Palembang",
    address="Jalan Contoh 1, Palembang",
    first_name="Putri",
    code=CODE,
    booking_code="7KQ4M2XR",
    books=3,
    deadline=date(2026, 12, 23),
    bring=(LINE,) * 3,
    hours=(Bilingual("Senin–Jumat 08.00–15.00 WIB", "Monday–Friday 08:00–15:00"),),
)
POINT = 25.4 / 72


def unfaxed(picture, side):
    """Opens a square group 4 fax picture, the format of one-bit pictures in a PDF, by wrapping it in a TIFF."""
    tags = [(256, side), (257, side), (258, 1), (259, 4), (262, 1), (273, 8), (278, side), (279, len(picture))]
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    head = struct.pack("<2sHI", b"II", 42, 8 + len(picture))
    return Image.open(io.BytesIO(head + picture + struct.pack("<H", len(tags)) + directory + b"\0" * 4))


@pytest.mark.parametrize(("size", "width", "height"), [("a6", 105, 148), ("a4", 210, 297)])
def test_slip_is_one_page_of_the_requested_size(size, width, height):
    document = slip_pdf.pdf(SLIP, size)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", document)
    assert document.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", document)) == 1
    assert [float(side) * POINT for side in boxes[0]] == pytest.approx([width, height], abs=0.1)


@pytest.mark.parametrize("size", slip_pdf.SIZES)
def test_qr_on_the_slip_is_right_and_at_least_40_mm_wide(size):
    contents = list(paper.streams(slip_pdf.pdf(SLIP, size)))
    placed = [match for _, text in contents for match in re.findall(rb"q ([\d.]+) 0 0 ([\d.]+) \S+ \S+ cm /I\d", text)]
    assert [float(side) * POINT >= 40 for side in placed[0]] == [True, True]

    fax = next(text for head, text in contents if b"/CCITTFaxDecode" in head)
    drawn = unfaxed(fax, 33 * 16).resize((33, 33), Image.Resampling.NEAREST)
    dark = [not light for light in drawn.convert("L").tobytes()]
    assert dark == [module for row in qr_picture.matrix(CODE) for module in row]


def test_slip_has_no_field_for_more_than_a_first_name():
    assert {field.name for field in fields(Slip)} == {
        *("office", "address", "first_name", "code", "booking_code"),
        *("books", "documents", "deadline", "bring", "hours"),
    }


def test_slip_accepts_characters_without_a_glyph():
    assert slip_pdf.pdf(replace(SLIP, first_name="Đặng Ğ 王 \U0001f600")).startswith(b"%PDF-")


def test_long_lists_shrink_to_fit_on_the_paper(monkeypatch):
    """The longest lists: six kinds of days and full checklists."""
    bottoms = []
    put = slip_pdf._Page.put

    def watched(page, *args, **more):
        bottoms.append(put(page, *args, **more))
        return bottoms[-1]

    monkeypatch.setattr(slip_pdf._Page, "put", watched)
    all_shown = "Keluarga satu KK: Bukti pembayaran, salinan Kartu Keluarga, surat kuasa bermeterai Rp10.000, identitas"
    day = Bilingual("Rabu 08.00–12.00, 13.00–15.00 WIB", "Wednesday 08:00–12:00, 13:00–15:00 WIB")
    slip_pdf.pdf(
        replace(SLIP, bring=(Bilingual(all_shown, all_shown),) * 3, hours=(day,) * 6, address="Jalan Contoh " * 6)
    )
    assert 130 < max(bottoms) <= slip_pdf.LOWEST
