"""The headings that offices use for the columns, in Indonesian and English, in any order, case and punctuation."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeGuard

from ampera.typed_text import typed

LONGEST = 200  # characters of a heading
WITHIN = 60  # rows: the headings may stand below a letterhead


class Words(NamedTuple):
    """A heading names the field when it has a word of `core` and one of `needs`, and no word besides `also`."""

    core: str
    also: str = ""
    needs: str = ""


_NUMBER = "no nomor nomer number num nbr"
_PERSON = "pemohon pemegang applicant holder aktif yang dapat bisa dihubungi"
# JSON name -> its words. The JSON names themselves are headings too, with blanks for underscores.
HEADINGS = {
    "application_no": Words(
        "permohonan aplikasi application", f"paspor passport id kode {_NUMBER}", f"id kode {_NUMBER}"
    ),
    "passport_no": Words("paspor passport", f"ri baru buku pemohon {_NUMBER}", _NUMBER),
    "holder_name": Words("nama name", "lengkap paspor pemegang pemohon sesuai ktp di pada full holder applicant"),
    "birth_date": Words("lahir birth dob", f"tanggal tgl date of {_PERSON}", "tanggal tgl date dob"),
    "issued_on": Words(
        "terbit penerbitan diterbitkan dikeluarkan pengeluaran issue issued",
        "tanggal tgl date of on paspor passport buku",
        "tanggal tgl date on",
    ),
    "shelf": Words("rak shelf rack", f"lokasi posisi tempat buku penyimpanan kode letak {_NUMBER}"),
    "nik": Words("nik kependudukan ktp", f"induk nik ktp {_PERSON} {_NUMBER}", f"nik induk {_NUMBER}"),
    "phone": Words(
        "telepon telpon telp tlp tel telephone hp handphone hape ponsel wa whatsapp whats seluler phone mobile cell",
        f"kontak contact app atau {_PERSON} {_NUMBER}",
    ),
    "email": Words("email mail surel", f"e alamat address {_PERSON}"),
    "group": Words("group kelompok grup rombongan", f"nama kode keluarga name {_NUMBER}"),
    "kind": Words("kind jenis tipe type", "paspor passport dokumen document buku of"),
    "document_no": Words("dokumen document", f"lama old {_NUMBER}", _NUMBER),
}
# Columns that every list may have and that nobody misses: running numbers, and what a corrected file still carries.
PASSED_OVER = frozenset(("", "no", "nomor", "no urut", "nomor urut", "masalah", "problem"))
CONTACTS = ("phone", "email")  # a list may have several; the first one counts

_SETS = {
    name: (frozenset(w.core.split()), frozenset(f"{w.core} {w.also}".split()), frozenset(w.needs.split()))
    for name, w in HEADINGS.items()
}
# A remark about the form of the column. Any other remark may change what the column is: `Nomor Paspor (lama)`.
_REMARK = re.compile(
    r"\((?:[\s\d.,:/*-]|dd?|mm?|yy(?:yy)?|hh|bb|tt(?:tt)?|digit|angka|huruf|karakter|wajib|diisi|required|format|text|teks)*\)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")


def _may_head(cell: object) -> TypeGuard[str]:
    return isinstance(cell, str) and len(cell) <= LONGEST


def words(cell: object) -> str:
    """A heading's words in lower case, each apart by one blank; "" for a cell that is no text."""
    return " ".join(_BETWEEN.sub(" ", _REMARK.sub("", typed(cell))).casefold().split()) if _may_head(cell) else ""


def field_of(cell: object) -> str | None:
    """The JSON name that a heading stands for."""
    found = frozenset(words(cell).split())
    if not found or len(found) > 8:
        return None
    for name, (core, every, needs) in _SETS.items():
        if found & core and found <= every and (not needs or found & needs):
            return name
    return None


def fields_of(row: Iterable[Any]) -> dict[int, str]:
    """Column -> JSON name, for the cells of a row that are headings."""
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        name = field_of(cell)
        if name and not (name in CONTACTS and name in found.values()):
            found[place] = name
    return found
