"""The sheet of OWASP ASVS has each requirement of levels 1 and 2 once, with a verdict, and tests that exist."""

import re
from collections import Counter

import pytest

from tests.house.test_arrows import ROOT

PROJECT = ROOT.parent
PAGE = PROJECT / "docs/security/asvs.md"
ROW = re.compile(r"^\| V(\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| \*\*([a-z ]+)\*\* \| (.+) \|$", re.MULTILINE)
NEED = re.compile(r"^\| V(\d+\.\d+\.\d+) \| ([12]) \| ([^|*]+) \|$", re.MULTILINE)
SUM = re.compile(r"^\| (1|2|both) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
LINK = re.compile(r"\[([^]]+)\]\(([^)#]+)[^)]*\)")
MET, NOT_APPLICABLE, OPEN = VERDICTS = ("met", "not applicable", "open")
# The level of each requirement of a section, in its order. Level 3 is not in the sheet.
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
WANTED = [
    (f"{section}.{number}", level)
    for section, levels in LEVELS.items()
    for number, level in enumerate(levels, 1)
    if level in "12"
]


@pytest.fixture(scope="module")
def rows():
    """Number, level, requirement, verdict, and the links of the last cell as text and path."""
    found = ROW.findall(PAGE.read_text("utf-8"))
    return [(number, level, text, verdict, LINK.findall(cell)) for number, level, text, verdict, cell in found]


def test_every_requirement_of_levels_1_and_2_is_there_once_and_in_order(rows):
    assert [(number, level) for number, level, *_ in rows] == WANTED


def test_every_row_has_a_verdict(rows):
    assert {verdict for *_, verdict, _ in rows} == set(VERDICTS)
    assert len(rows) == len(re.findall(r"\*\*(?:met|not applicable|open)\*\* \|", PAGE.read_text("utf-8")))


def test_every_named_file_and_test_exists(rows):
    gone = []
    for number, *_, links in rows:
        for name, target in links:
            path = (PAGE.parent / target).resolve()
            is_there = path.exists() and (not name.startswith("test_") or f"def {name}(" in path.read_text("utf-8"))
            gone += [] if is_there else [(number, name, target)]
    assert not gone


def test_every_met_row_names_a_test_and_no_open_row_does(rows):
    tests = {number: [name for name, _ in links if name.startswith("test_")] for number, *_, links in rows}
    assert not [number for number, _, _, verdict, _ in rows if (verdict == MET) != bool(tests[number])]


def test_sums_of_the_summary_are_those_of_the_rows(rows):
    counted = Counter((level, verdict) for _, level, _, verdict, _ in rows)
    wanted = {level: [counted[level, verdict] for verdict in VERDICTS] for level in "12"}
    wanted["both"] = [sum(pair) for pair in zip(wanted["1"], wanted["2"], strict=True)]
    shown = {level: list(map(int, numbers)) for level, *numbers in SUM.findall(PAGE.read_text("utf-8"))}
    assert shown == {level: [*numbers, sum(numbers)] for level, numbers in wanted.items()}


def test_every_open_row_is_listed_with_a_need(rows):
    listed = {(number, level) for number, level, _ in NEED.findall(PAGE.read_text("utf-8"))}
    assert listed == {(number, level) for number, level, _, verdict, _ in rows if verdict == OPEN}
