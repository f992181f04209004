"""The order of shelves: digits as numbers, racks in the order of the office, books without a shelf last."""

import pytest

from ampera.passports.shelf_order import racks_in, racks_of, stands_in, walk_key


def walked(shelves: list[str], rack_order: str = "") -> list[str]:
    racks = racks_in(rack_order)
    return sorted(shelves, key=lambda shelf: walk_key(shelf, racks))


def test_digits_of_a_shelf_count_as_numbers():
    assert walked(["A-10", "A-2", "A-1-9", "a-1-10"]) == ["A-1-9", "a-1-10", "A-2", "A-10"]


def test_the_racks_of_the_office_come_first_in_order_then_the_others_by_name():
    assert walked(["B-1", "Z-1", "A-1", "C-1", "D-1", ""], " C, A ,,z") == ["C-1", "A-1", "Z-1", "B-1", "D-1", ""]


def test_the_longest_named_part_of_a_shelf_decides():
    assert walked(["B-2-1", "A-1", "B-1-1"], "B-02, A, B") == ["B-2-1", "A-1", "B-1-1"]


@pytest.mark.parametrize(
    ("shelf", "rack", "is_in"),
    [
        ("C-04-17", "C", True),
        ("C-04-17", "c 4", True),
        ("C-04-17", "C-0", False),
        ("C-40", "C-4", False),
        ("CC-1", "C", False),
        ("C-04", "C-04-17", False),
        ("C-04", "", False),
    ],
)
def test_a_rack_contains_no_other_shelves(shelf, rack, is_in):
    assert stands_in(shelf, rack) is is_in


def test_racks_are_counted_with_all_parts():
    assert racks_of(["C-04-17", "C-4-18", "C-10-1", "A", ""]) == [("A", 1), ("C", 3), ("C-04", 2), ("C-10", 1)]


def test_any_text_on_a_shelf_can_be_sorted():
    odd = ["", "---", "²-3", "٣", "Ä-1", "9" * 40, "A" * 40, "A1B2", "\x00"]
    assert sorted(walked(odd, ",".join(odd))) == sorted(odd)
