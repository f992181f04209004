"""Names of the kinds of documents, in Indonesian or English. A kind is a key of the option `document_kinds`.

A kind that the office has removed still has a name, because old records show it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ampera.offices.options.defaults import DOCUMENT_KINDS, option

PASSPORT = "passport"
AND = {"id": "dan", "en": "and"}
Kinds = dict[str, dict[str, str]]

_ENGLISH_ADDITION = re.compile(r" (?:in|of|for|with|to|on|by)\b.*")
_NEEDS_ES = re.compile(r"(?:s|x|z|ch|sh)$")
_NEEDS_IES = re.compile(r"[^aeiou]y$")
_BARE = re.compile(r"[\s_-]+")
_NOT_WORDS = re.compile(r"[\W_]+")
# Words for an ordinary passport, and words beside them that name its pages, its make or its occasion.
_PASSPORT_WORDS = "paspor passport epaspor epassport biasa elektronik electronic ordinary 48 24 polikarbonat laminasi"
_WORDS_BESIDE = (
    "e non nonelektronik ri indonesia republik regular reguler baru penggantian halaman hal hlm lembar pages page"
    " polycarbonate laminate umum dewasa anak wni buku 5 10 tahun thn th years masa berlaku"
)


def kinds_of(options: dict[str, Any]) -> Kinds:
    """The office's kinds by key; passports are always among them."""
    return option(options, "document_kinds")


def name(options: dict[str, Any], kind: str, language: str) -> str:
    """The name of a kind as a title: `Paspor`, `Residence permit`."""
    known = kinds_of(options).get(kind) or DOCUMENT_KINDS.get(kind)
    if known is None:
        return kind.replace("_", " ").capitalize()
    return known["name_en"] if language == "en" else known["name"]


def counted(options: dict[str, Any], kind: str, count: int, language: str) -> str:
    """Inside a sentence: `2 paspor`, `1 residence permit`, `3 travel documents in lieu of a passport`."""
    word = _inside(name(options, kind, language))
    return f"{count} {_plural(word) if language == 'en' and count != 1 else word}"


def words(options: dict[str, Any], kinds: Iterable[str], language: str) -> str:
    """Several documents: `2 paspor dan 1 izin tinggal`. Passports first, then in the order of the office's kinds."""
    counts = Counter(kinds)
    order = {kind: place for place, kind in enumerate((PASSPORT, *kinds_of(options)))}
    known = sorted(counts, key=lambda kind: (order.get(kind, len(order)), kind))
    parts = [counted(options, kind, counts[kind], language) for kind in known]
    return f" {AND[language]} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def extras(options: dict[str, Any], kinds: Iterable[str], language: str) -> list[str]:
    """What applicants must bring for these kinds: each line once, empty lines left out."""
    field = "bring_en" if language == "en" else "bring"
    known, wanted = kinds_of(options), set(kinds)
    lines = [known[kind][field] or known[kind]["bring"] for kind in known if kind in wanted]
    return list(dict.fromkeys(filter(None, lines)))


def recognised(kinds: Kinds, typed: str) -> str | None:
    """The key of the kind with this key or name, in either language and any spelling of spaces and case; else None."""
    wanted = _bare(typed)
    for key, kind in kinds.items():
        if wanted in (_bare(key), _bare(kind["name"]), _bare(kind["name_en"])):
            return key
    return PASSPORT if names_passport(typed) else None


def names_passport(typed: str) -> bool:
    """Whether this says an ordinary passport in other words: `Paspor Biasa 48 Halaman`, `e-Paspor`, `Elektronik`."""
    found = set(_NOT_WORDS.sub(" ", typed.casefold()).split())
    core, beside = set(_PASSPORT_WORDS.split()), set(_WORDS_BESIDE.split())
    return bool(found & core) and found <= core | beside


def _inside(title: str) -> str:
    """The title with a lower-case beginning. Later capitals mark a proper name or abbreviation, which stays."""
    return title if any(char.isupper() for char in title[1:]) else title[:1].lower() + title[1:]


def _plural(word: str) -> str:
    """The English plural of the noun before "in lieu of …" and the like."""
    addition = _ENGLISH_ADDITION.search(word)
    noun, rest = (word[: addition.start()], addition[0]) if addition else (word, "")
    if _NEEDS_IES.search(noun):
        return f"{noun[:-1]}ies{rest}"
    return f"{noun}{'es' if _NEEDS_ES.search(noun) else 's'}{rest}"


def _bare(text: str) -> str:
    return _BARE.sub(" ", text.casefold()).strip()
