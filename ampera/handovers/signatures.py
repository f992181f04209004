"""The signature as it arrives (a PNG in a data URL) and as it is stored: checked, drawn again, with its hash.

The text that the collector has signed stands in the picture file itself, so that one hash covers both.
"""

import base64
import binascii
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from PIL.PngImagePlugin import PngInfo, putchunk

from ampera.errors import Refusal, Refused
from ampera.handovers.refusals import HandoverRefusal

START = "data:image/png;base64,"
MAX_BYTES = 300_000
MAX_PIXELS = 3_000_000
CHUNK = "Description"  # of the PNG file
HEADER = 33  # bytes of a PNG file before its other chunks: its mark and the size of the picture
LAST = 4  # characters of a book's number


@dataclass(frozen=True)
class Drawn:
    """A readable PNG picture without any other content of the upload."""

    png: bytes
    sha256: str


def read(data_url: str) -> Drawn | Refused:
    """The picture of a data URL. Refused: `too_large` (413), `signature_invalid` (422)."""
    if len(data_url) > MAX_BYTES * 4 // 3 + len(START):
        return Refused(Refusal.TOO_LARGE, 413, {"signature": Refusal.TOO_LARGE})
    try:
        if not data_url.startswith(START):
            raise ValueError("not a PNG data URL")
        png = _redrawn(base64.b64decode(data_url[len(START) :], validate=True))
    except (ValueError, binascii.Error, OSError, SyntaxError, Image.DecompressionBombError):
        return Refused(HandoverRefusal.SIGNATURE_INVALID, 422, {"signature": HandoverRefusal.SIGNATURE_INVALID})
    return Drawn(png, hashlib.sha256(png).hexdigest())


def signed_text(name: str, books: Sequence[tuple[str, str]]) -> str:
    """What the collector signs, in both languages: their name, and holder and last characters of each book.

    `books` are holder and number. The tablet shows the same text (`static/js/window/signed-text.js`).
    """
    listed = ", ".join(f"{holder} (…{number[-LAST:]})" for holder, number in books)
    count = len(books)
    english = "1 passport" if count == 1 else f"{count} passports"
    return f"Saya, {name}, menerima {count} paspor / I, {name}, receive {english}: {listed}."


def with_text(drawn: Drawn, text: str) -> Drawn:
    """The same picture with the text that was signed in its file. The picture itself is not encoded again."""
    info, chunk = PngInfo(), io.BytesIO()
    info.add_itxt(CHUNK, text)
    for kind, content, _is_behind in info.chunks:
        putchunk(chunk, kind, content)
    png = drawn.png[:HEADER] + chunk.getvalue() + drawn.png[HEADER:]
    return Drawn(png, hashlib.sha256(png).hexdigest())


def text_in(png: bytes) -> str:
    """The text that was signed; "" in pictures from before it was kept."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        if CHUNK not in picture.info:  # it may stand behind the picture
            picture.load()
        return str(picture.info.get(CHUNK, ""))


def _redrawn(raw: bytes) -> bytes:
    """Decode and encode again, so that only a picture is stored.

    The hash of a submission covers the result: the same upload must give the same bytes in every version.
    """
    with Image.open(io.BytesIO(raw), formats=["PNG"]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("picture too large")
        picture.load()  # what says that it is transparent may stand behind it
        is_opaque = picture.mode in ("RGB", "L") and not picture.has_transparency_data
        grey = (picture if is_opaque else _on_white(picture)).convert("L")
    grey.info.clear()  # a profile of colours, or any text that was uploaded with the picture
    out = io.BytesIO()
    grey.save(out, "PNG", optimize=False)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGB", picture.size, "white")
    drawing = picture.convert("RGBA")
    ground.paste(drawing, mask=drawing)
    return ground
