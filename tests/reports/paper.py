"""Reading a PDF that fpdf2 wrote back into text, without another library: glyph numbers through each font's map."""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"<<((?:(?!>>\s*stream).)*)>>\s*stream\r?\n", re.S)
_LENGTH = re.compile(rb"/Length (\d+)")
_MAPPED = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>")
_WRITTEN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.S)
_CONTROL = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text(document: bytes) -> str:
    """Everything that is written on all pages, stream line per piece."""
    written = [data for head, data in streams(document) if b"Image" not in head]
    fonts = [dict(_MAPPED.findall(stream)) for stream in written if b"beginbfchar" in stream]
    font, lines = fonts[0], []
    for page in (stream for stream in written if b"BT " in stream and b"beginbfchar" not in stream):
        for number, piece in _WRITTEN.findall(page):
            if number:
                font = fonts[int(number) - 1]
            else:
                lines.append(_decoded(piece, font))
    return "\n".join(lines)


def pictures(document: bytes) -> int:
    """How often a picture is placed on a page."""
    return sum(len(re.findall(rb"/I\d+ Do", data)) for head, data in streams(document) if b"Image" not in head)


def pages(document: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", document))


def streams(document: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every stream, unpacked, with the dictionary in front of it, which says how long it is: its bytes may be any."""
    end = 0
    while found := _STREAM.search(document, end):
        head = found[1]
        end = found.end() + int(_LENGTH.search(head)[1])
        data = document[found.end() : end]
        yield head, zlib.decompress(data) if b"FlateDecode" in head else data


def _decoded(piece: bytes, font: dict[bytes, bytes]) -> str:
    raw = re.sub(rb"\\(.)", lambda found: _CONTROL.get(found[1], found[1]), piece, flags=re.S)
    glyphs = (raw[n : n + 2].hex().upper().encode() for n in range(0, len(raw), 2))
    return "".join(chr(int(font[glyph], 16)) for glyph in glyphs)
