"""The QR read by two independent readers: small, turned, blurred and compressed as by a messenger."""

import io
import re
from typing import NamedTuple

import pytest
import qrcode
import zxingcpp
from PIL import Image, ImageFilter
from pyzbar import pyzbar
from qrcode.util import MODE_ALPHA_NUM, QRData

from ampera.pickups import codes
from ampera.pickups.qr import picture as qr_picture

CODE = "SAB0123456789ABCDEFGHJKMNPQRST"[:29]
OTHER = "SABDHDEX5W4CNDMEVH2Y24CNG1DJ6"


def picture(code=CODE, scale=qr_picture.DEFAULT_SCALE):
    return Image.open(io.BytesIO(qr_picture.png(code, scale))).convert("L")


def zxing(image):
    return [found.text for found in zxingcpp.read_barcodes(image)]


def zbar(image):
    return [found.data.decode() for found in pyzbar.decode(image, symbols=[pyzbar.ZBarSymbol.QRCODE])]


def filmed(image, turn=0.0, blur=0.0, quality=95):
    """The picture scaled to 120 px, then turned, blurred and compressed."""
    small = image.resize((120, 120), Image.Resampling.BILINEAR)
    turned = small.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    out = io.BytesIO()
    turned.filter(ImageFilter.GaussianBlur(blur)).save(out, "JPEG", quality=quality)
    return Image.open(out)


@pytest.mark.parametrize("read", [zxing, zbar])
@pytest.mark.parametrize(
    "harm",
    [
        {},
        {"quality": 30},
        {"turn": 7},
        {"turn": -13, "quality": 60},
        {"turn": 90},
        {"turn": 180, "quality": 40},
        {"blur": 0.8},
        {"turn": 5, "blur": 0.7, "quality": 50},
    ],
)
def test_qr_is_read_at_120_pixels(read, harm):
    for code in (CODE, OTHER):
        assert read(filmed(picture(code), **harm)) == [code]


def test_qr_is_version_2_at_level_q_and_alphanumeric():
    found = zxingcpp.read_barcode(picture())
    assert (found.ec_level, found.symbology_identifier[:2]) == ("Q", "]Q")
    assert len(qr_picture.matrix(CODE)) == 25 + 2 * 4
    # Level Q holds 20 bytes in version 2: 29 characters fit only in alphanumeric mode.
    assert len(CODE) == 29


def test_quiet_zone_is_four_light_modules_on_every_side():
    rows = qr_picture.matrix(CODE)
    margin = [*rows[:4], *rows[-4:], *(row[:4] + row[-4:] for row in rows)]
    assert not any(any(row) for row in margin)
    assert all(rows[4][4:11])


def test_picture_is_one_bit_deep_and_bounded_in_size():
    assert picture(scale=5).size == (165, 165)
    assert picture(scale=10**6).size == (33 * qr_picture.MAX_SCALE,) * 2
    assert picture(scale=-1).size == (33 * qr_picture.MIN_SCALE,) * 2
    assert Image.open(io.BytesIO(qr_picture.png(CODE))).mode == "1"
    assert len(qr_picture.png(CODE)) < 1000


def test_svg_draws_the_same_modules_on_white():
    drawing = qr_picture.svg(CODE)
    dark = {
        (x, int(y))
        for start, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-", drawing)
        for x in range(int(start), int(start) + int(length))
    }
    assert dark == {(x, y) for y, row in enumerate(qr_picture.matrix(CODE)) for x, is_dark in enumerate(row) if is_dark}
    assert 'fill="#fff" d="M0 0h33v33h-33z"' in drawing
    assert CODE not in drawing


def test_no_picture_of_a_code_stays_in_memory():
    drawn = qr_picture.png(CODE)
    assert qr_picture.png(CODE) == drawn and qr_picture.png(CODE) is not drawn
    assert qr_picture.matrix(CODE) is not qr_picture.matrix(CODE)


def test_mask_equals_the_choice_of_the_qrcode_library():
    keys = codes.CodeKeys({"t": b"k" * 32})
    for n in range(40):
        code = keys.code(_Generation(n))
        plain = qrcode.QRCode(
            version=2, error_correction=qrcode.constants.ERROR_CORRECT_Q, border=qr_picture.QUIET_ZONE
        )
        plain.add_data(QRData(code, mode=MODE_ALPHA_NUM), optimize=0)
        plain.make(fit=False)
        assert qr_picture.matrix(code) == tuple(map(tuple, plain.get_matrix()))


class _Generation(NamedTuple):
    pickup_id: int
    generation: int = 1
    key_id: str = "t"
    nonce: bytes = b"n" * 16
