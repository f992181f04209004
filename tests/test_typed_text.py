"""Invisible characters of copied text: one list in Python and JavaScript, cleaned in typed numbers and codes."""

import re
from datetime import date
from pathlib import Path

import pytest

from ampera import typed_text
from ampera.accounts.authentication import check
from ampera.accounts.devices.enrolment_codes import ALPHABET, LENGTH, cleaned
from ampera.audit import Actor
from ampera.handovers.evidence import MATCH, Holder, Identity, check_book, check_identity
from ampera.notices.link_requests import search_input
from ampera.passports.shelf_check import numbers_in
from ampera.pickups.codes import Code, ShortCode, check_character, recognise
from ampera.visits import plates
from tests import builders

SCRIPT = Path(__file__).parents[1] / "static/js/lib/invisible.js"
MARKS = [
    *("\u00ad", "\u034f", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202b"),
    *("\u202c", "\u202d", "\u202e", "\u2060", "\u2066", "\u2069", "\u3164", "\ufe0e", "\ufe0f", "\ufeff", "\U000e0041"),
]
CODE = "SAB" + "0123456789ABCDEFGHJKMNPQRS"


def inside(text: str, mark: str) -> str:
    """The text as copying leaves it: with the character around it and in the middle."""
    return f"{mark}{text[:3]}{mark}{text[3:]}{mark}"


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char != " " else "\u3000" for char in text)


def test_the_script_has_the_same_list():
    (pattern,) = re.findall(r"/\[(.*)\]/gu", SCRIPT.read_text(encoding="utf-8"))
    in_python = re.sub(r"\\u\{(\w+)\}", lambda match: chr(int(match[1], 16)), pattern)
    in_python = re.sub(r"\\u(\w{4})", lambda match: chr(int(match[1], 16)), in_python)
    assert in_python == typed_text.RANGES


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: f"U+{ord(mark):04X}")
def test_an_invisible_character_changes_no_typed_number_or_code(mark):
    assert recognise(inside(CODE, mark)) == Code(CODE)
    short = "7KQ4M2X" + check_character("7KQ4M2X")
    assert recognise(inside(short.lower(), mark)) == ShortCode(short)
    assert search_input.application_no(inside("8800-0000-0000-0001", mark)) == "8800000000000001"
    assert search_input.birth_date(inside("02-03-1990", mark), search_input.date(2026, 1, 1)).year == 1990
    assert numbers_in(f"{inside('X1234567', mark)} {inside('x 1234568', mark)}")[0] == "X1234567"
    assert check_book("X1234567", inside("X1234567", mark)) == MATCH
    holder = Holder(nik="1671010203900017", birth_date=date(1990, 3, 2), document_no=None)
    assert check_identity(holder, Identity(nik_last4=inside("0017", mark))) == MATCH
    assert plates.normal(inside("bg 1234 xy", mark)) == "BG 1234 XY"
    assert cleaned(inside(ALPHABET[:LENGTH], mark)) == ALPHABET[:LENGTH]


def test_full_width_characters_are_read_as_ascii():
    assert recognise(wide(CODE)) == Code(CODE)
    assert search_input.application_no(wide("8800 0000 0000 0001")) == "8800000000000001"
    assert check_book("X1234567", wide("x 1234567")) == MATCH
    assert plates.normal(wide("bg 1234 xy")) == "BG 1234 XY"


def test_letters_that_look_latin_are_latin_where_only_latin_is_meant():
    assert recognise("SA\u0412" + CODE[3:]) == Code(CODE)
    assert recognise("7\u041aQ4M2X" + check_character("7KQ4M2X")) == ShortCode("7KQ4M2X" + check_character("7KQ4M2X"))
    assert check_book("X1234567", "\u04251234567") == MATCH
    assert typed_text.typed("\u0418\u0432\u0430\u043d\u043e\u0432 \u0425\u043e\u0440") == "Иванов Хор"
    assert typed_text.typed("X\u0416") == "XЖ"


@pytest.mark.parametrize("mark", ["\u200b", "\u202c", "\ufeff"])
def test_a_pasted_login_is_the_login(app, mark):
    assert isinstance(check(f"{mark}Desk{mark}.plg ", builders.PASSWORD), Actor)
