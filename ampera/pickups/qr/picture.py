"""The QR of a pickup code as PNG or SVG: version 2, level Q, always dark on white with its quiet zone.

Drawing takes about a millisecond, so that no picture of a code is kept, neither in memory nor on the disk.
"""

import io
from functools import lru_cache
from typing import TYPE_CHECKING

from ampera.pickups.qr.mask import Masks

if TYPE_CHECKING:
    from qrcode import QRCode

VERSION = 2
QUIET_ZONE = 4
SIDE = 25 + 2 * QUIET_ZONE
MIN_SCALE, DEFAULT_SCALE, MAX_SCALE = 2, 12, 40


def matrix(code: str) -> tuple[tuple[bool, ...], ...]:
    """33 rows of 33 modules with the quiet zone. True is a dark module."""
    symbol = _symbol(code)
    symbol.makeImpl(True, 0)
    symbol.makeImpl(False, _masks().best(symbol.modules))
    return tuple(map(tuple, symbol.get_matrix()))


def png(code: str, scale: int = DEFAULT_SCALE) -> bytes:
    """A one-bit PNG. `scale` is pixels per module, clamped to 2 to 40."""
    from PIL import Image  # here and not above, like qrcode below: a server's start is quicker without them

    scale = min(max(scale, MIN_SCALE), MAX_SCALE)
    picture = Image.new("1", (SIDE, SIDE), 1)
    picture.putdata([not dark for row in matrix(code) for dark in row])
    picture = picture.resize((SIDE * scale, SIDE * scale), Image.Resampling.NEAREST)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def svg(code: str) -> str:
    """The QR as an SVG that fits any width. The dark modules are one path of horizontal runs."""
    path = "".join(
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(matrix(code)) for start, length in _dark_runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE * DEFAULT_SCALE}" '
        f'height="{SIDE * DEFAULT_SCALE}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{SIDE}v{SIDE}h-{SIDE}z"/><path d="{path}"/></svg>'
    )


def _symbol(code: str) -> "QRCode":
    import qrcode
    from qrcode.util import MODE_ALPHA_NUM, QRData

    symbol = qrcode.QRCode(version=VERSION, error_correction=qrcode.constants.ERROR_CORRECT_Q, border=QUIET_ZONE)
    symbol.add_data(QRData(code, mode=MODE_ALPHA_NUM), optimize=0)
    return symbol


@lru_cache(maxsize=1)
def _masks() -> Masks:
    sample, samples = _symbol("SAB"), []
    for mask in range(8):
        sample.makeImpl(True, mask)
        samples.append(sample.modules)
    return Masks(samples)


def _dark_runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """The start and the length of each run of dark modules."""
    edges = [x for x in range(len(row)) if row[x] != row[x - 1]]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
