"""The parts of an XLSX: unpacked as a stream, bounded, and parsed without entities.

Nothing but the parts that hold content is read, so a broken style, theme or property is no reason to refuse a list.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from ampera.passports.spreadsheets.table import SheetRefused, refused

MAX_UNPACKED = 96 * 1024 * 1024  # content; an honest sheet of 20,000 books has about 20 MB of XML
MAX_FORMATTED = 1024 * 1024 * 1024  # with the rows that have a format and nothing else, down to the last row of Excel
MAX_PARTS = 1_000
CHUNK = 1024 * 1024

# Rows that only have a format: a spreadsheet writes a million of them when a whole column was formatted.
_EMPTY_ROWS = re.compile(
    rb'<(?:\w+:)?row\b[^<>]{0,300}\br="\d{1,7}"[^<>]{0,300}(?:/>|>(?:\s*<(?:\w+:)?c\b[^<>]*/>)*\s*</(?:\w+:)?row>)\s*'
    rb'(?=<(?:\w+:)?row\b[^<>]{0,300}\br="|</)'  # a row without its number is counted from the row before it
)
_NUMBERED_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]{0,300}\br="')
_ROW_BEGINS = re.compile(rb"<(?:\w+:)?row\b")
Attributes = dict[str, str]


class Package:
    """An opened XLSX. `part` gives the stored name for a path in any case and with any slashes."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise refused("unreadable") from None
        self._unpacked = 0
        self._names = {_path(name): name for name in self._zip.namelist()}

    def __contains__(self, path: str) -> bool:
        return _path(path) in self._names

    @property
    def paths(self) -> list[str]:
        return list(self._names)

    def chunks(self, path: str) -> Iterator[bytes]:
        """The unpacked part without rows that are only formatted. Raises KeyError for a part that is not there.

        Raises SheetRefused `unpacked_too_large` once the parts together hold too much.
        """
        with self._zip.open(self._names[_path(path)]) as part:
            for chunk in _without_empty_rows(iter(lambda: part.read(CHUNK), b"")):
                self._unpacked += len(chunk)
                if self._unpacked > MAX_UNPACKED:
                    raise _too_large()
                yield chunk

    def check_size(self) -> None:
        """Refuse zip bombs. Python's zipfile never unpacks more than the sizes in the index."""
        if len(self._zip.infolist()) > MAX_PARTS or self._total() > MAX_FORMATTED:
            raise _too_large()

    def why_unreadable(self) -> SheetRefused:
        """The reason for a workbook that cannot be read: it is too large, or it is broken."""
        return _too_large() if self._total() > MAX_UNPACKED else refused("unreadable")

    def _total(self) -> int:
        return sum(part.file_size for part in self._zip.infolist())

    def relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Id -> (kind, path) of the parts that this part names; empty when nothing is there."""
        folder, name = posixpath.split(path)
        found: dict[str, tuple[str, str]] = {}

        def begin(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = kind, _path(posixpath.join("/", folder, attributes.get("Target", "")))

        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if where in self:
            parse(self.chunks(where), begin)
        return found


def parse(
    chunks: Iterator[bytes],
    begin: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse a part to its end; the handlers get local names, so a strict workbook reads like any other."""
    for _ in parsed(chunks, begin, end, text):
        pass


def parsed(
    chunks: Iterator[bytes],
    begin: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Parse a part; a pause after every chunk. A document type is refused: no spreadsheet writes one."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.StartElementHandler = lambda tag, attributes: begin(_local(tag), attributes)
    if end:
        parser.EndElementHandler = lambda tag: end(_local(tag))
    parser.CharacterDataHandler = text
    for chunk in chunks:
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def _too_large() -> SheetRefused:
    return refused("unpacked_too_large", most=MAX_UNPACKED // 1024**2)


def _no_document_type(*_: Any) -> None:
    raise ValueError("a document type in a spreadsheet")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _path(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _without_empty_rows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks without empty rows. The row at the end of a chunk is held back until the next one."""
    rest = b""
    for chunk in chunks:
        content = rest + chunk
        if b"<![CDATA[" in content:  # a text may look like a row here
            yield content
            yield from chunks
            return
        begins = max(
            (match.start() for match in _ROW_BEGINS.finditer(content, max(0, len(content) - CHUNK))), default=-1
        )
        cut = begins if begins > 0 and len(content) - begins < CHUNK else len(content)
        rest = content[cut:]
        end = b"</" if _NUMBERED_ROW.match(rest) else b""  # what follows decides about the last row before it
        yield _EMPTY_ROWS.sub(b"", content[:cut] + end).removesuffix(end)
    yield _EMPTY_ROWS.sub(b"", rest)
