"""Codes, links and short codes: form, independence, and tolerance for the characters that scanners and people add."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ampera.pickups import codes
from ampera.pickups.codes import ALPHABET, Code, CodeKeys, ShortCode

KEYS = CodeKeys.parse(f"k2:{'1f' * 32},k1:{'2e' * 32}")


@dataclass(frozen=True)
class Row:
    """The columns of `pickup_codes` that the derivation reads."""

    pickup_id: int = 7
    generation: int = 1
    key_id: str = "k2"
    nonce: bytes = b"n" * codes.NONCE_BYTES


rows = st.builds(
    Row,
    pickup_id=st.integers(1, 2**63 - 1),
    generation=st.integers(1, 2**31 - 1),
    key_id=st.sampled_from(["k1", "k2"]),
    nonce=st.binary(min_size=16, max_size=16),
)
characters = st.sampled_from(ALPHABET)
drawn = st.text(characters, min_size=7, max_size=7)


@given(rows)
def test_code_is_sab_and_26_characters_and_is_recognised(row):
    code = KEYS.code(row)
    assert code.startswith("SAB")
    assert len(code) == 29
    assert set(code[3:]) <= set(ALPHABET)
    assert codes.recognise(code) == Code(code)


@given(rows)
def test_link_is_url_safe_and_differs_from_the_code(row):
    link = KEYS.link(row)
    assert codes.is_link(link)
    assert link.upper() != KEYS.code(row)[3:]
    assert codes.recognise(link) is None


@pytest.mark.parametrize("change", [{"pickup_id": 8}, {"generation": 2}, {"key_id": "k1"}, {"nonce": b"m" * 16}])
def test_every_input_changes_code_and_link(change):
    before, after = Row(), replace(Row(), **change)
    assert KEYS.code(before) != KEYS.code(after)
    assert KEYS.link(before) != KEYS.link(after)


def test_derivation_is_stable_for_printed_codes():
    assert KEYS.code(Row()) == "SABAXKVFGZG8EYGABS64E63Z1QKXK"
    assert KEYS.link(Row()) == "5wj8h5yfyfejn5hcwyapns3rdf"


def test_first_key_is_the_newest_and_old_keys_still_derive():
    rotated = CodeKeys.parse(f"k3:{'3d' * 32},k2:{'1f' * 32}")
    assert rotated.newest_id == "k3"
    assert rotated.code(Row()) == KEYS.code(Row())


@pytest.mark.parametrize("text", ["", "k1", "k1:zz", f"k1:{'1f' * 32},k1:{'2e' * 32}"])
def test_keys_of_another_form_are_refused(text):
    with pytest.raises(ValueError):
        CodeKeys.parse(text)


def test_no_repr_shows_a_secret():
    shown = f"{KEYS!r} {Code('SABX')!r} {ShortCode('7KQ4M2XR')!r}"
    assert "1f1f" not in shown
    assert KEYS.secrets["k2"].decode("latin-1") not in shown
    assert "SABX" not in shown
    assert "7KQ4" not in shown


def test_short_codes_have_eight_characters_with_a_right_check_character():
    drawn = {codes.new_short_code() for _ in range(2000)}
    assert len(drawn) == 2000
    assert all(codes.recognise(text) == ShortCode(text) for text in drawn)


@given(drawn, st.integers(0, 7), characters)
def test_short_code_with_a_wrong_character_is_refused(seven, place, wrong):
    right = seven + codes.check_character(seven)
    typed = right[:place] + wrong + right[place + 1 :]
    assert (codes.recognise(typed) is None) == (typed != right)


@given(drawn, st.integers(0, 7), st.integers(0, 7))
def test_short_code_with_two_swapped_characters_is_refused(seven, first, second):
    right = list(seven + codes.check_character(seven))
    typed = right.copy()
    typed[first], typed[second] = typed[second], typed[first]
    assert (codes.recognise("".join(typed)) is None) == (typed != right)


def test_check_weights_are_all_different():
    units = ["0" * place + "1" + "0" * (6 - place) for place in range(7)]
    weights = [codes.check_character(unit) for unit in units] + ["1"]
    assert len(set(weights)) == 8
    assert "0" not in weights


NOISE = ["\r\n", "\x02", "\x1d", " ", "\t", "\u00a0", "-", "\u2013", "\u200b", "\ufeff", "\u00ad"]


@given(rows, st.lists(st.tuples(st.integers(0, 29), st.sampled_from(NOISE)), max_size=12), st.booleans())
def test_code_with_scanner_or_keyboard_noise_is_recognised(row, noise, in_lower_case):
    code = KEYS.code(row)
    read = list(code.lower() if in_lower_case else code)
    for place, char in noise:
        read.insert(place, char)
    assert codes.recognise("".join(read)) == Code(code)


@pytest.mark.parametrize("prefix", ["]Q1", "]q3", "\\000026", "]Q2\\000026", "\x02]Q1", "]C1", "]d2"])
def test_reader_prefix_is_removed(prefix):
    code = KEYS.code(Row())
    assert codes.recognise(prefix + code) == Code(code)


@given(drawn)
@example("0000000")
@example("1101100")
def test_look_alike_letters_are_read_as_digits(seven):
    right = seven + codes.check_character(seven)
    for i_or_l, o in ("IO", "lo", "Lo", "io"):
        assert codes.recognise(right.replace("1", i_or_l).replace("0", o)) == ShortCode(right)


@given(drawn)
def test_printed_short_code_is_recognised_as_printed(seven):
    right = seven + codes.check_character(seven)
    assert codes.printed(right) == f"{right[:4]}-{right[4:]}"
    assert codes.recognise(f" {codes.printed(right).lower()} ") == ShortCode(right)


@given(st.text(max_size=2000))
@example("SAB" * 400)
@example("\x00" * 513)
@example("]Q1\\000026")
def test_recognise_accepts_any_text(text):
    found = codes.recognise(text)
    assert found is None or len(found.text) in (8, 29)
    assert len(text) <= codes.MAX_INPUT or found is None


def test_input_longer_than_the_limit_is_not_recognised():
    code = KEYS.code(Row())
    padding = " " * (codes.MAX_INPUT - len(code))
    assert codes.recognise(code + padding) == Code(code)
    assert codes.recognise(code + padding + " ") is None


@pytest.mark.parametrize("text", ["A" * 26, "a" * 25, "a" * 27, "A1", "../../etc/passwd", "é" * 26, "i" * 26])
def test_text_of_another_form_is_no_link(text):
    assert not codes.is_link(text)
