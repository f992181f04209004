"""The signature as it arrives (a PNG in a data URL) and as it is stored: checked, drawn again, with its hash."""

import base64
import binascii
import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from ampera.errors import Refusal, Refused
from ampera.handovers.refusals import HandoverRefusal

START = "data:image/png;base64,"
MAX_BYTES = 300_000
MAX_PIXELS = 3_000_000


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


def _redrawn(raw: bytes) -> bytes:
    """Decode and encode again, so that only a picture is stored."""
    with Image.open(io.BytesIO(raw), formats=["PNG"]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("picture too large")
        flat = Image.new("RGB", picture.size, "white")
        rgba = picture.convert("RGBA")
        flat.paste(rgba, mask=rgba.getchannel("A"))
    out = io.BytesIO()
    flat.convert("L").save(out, "PNG", optimize=False)
    return out.getvalue()
