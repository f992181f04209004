"""The stage of the applicant's page for every state of code, lock and books."""

import pytest

from ampera.pickups.stages import first_name, stage, status


@pytest.mark.parametrize(
    ("code", "is_locked", "statuses", "expected"),
    [
        ("current", False, ["ready"], "ready"),
        ("current", False, ["ready", "collected"], "ready"),
        ("current", False, ["held", "ready", "overdue"], "ready"),
        ("current", False, ["overdue", "held"], "overdue"),
        ("current", False, ["held"], "inside"),
        ("current", False, ["cancelled"], "cancelled"),
        ("current", False, ["collected", "cancelled"], "cancelled"),
        ("current", False, ["held", "cancelled"], "inside"),
        ("current", False, [], "inside"),
        ("current", True, ["ready"], "inside"),
        ("current", True, ["collected"], "collected"),
        ("used", False, ["collected", "collected"], "collected"),
        ("used", False, ["collected", "held"], "inside"),
        ("used", False, ["ready"], "inside"),
        ("revoked", False, ["ready"], "revoked"),
        ("revoked", True, ["collected"], "revoked"),
    ],
)
def test_stage_depends_on_code_lock_and_books(code, is_locked, statuses, expected):
    assert stage(code, is_locked, statuses) == expected


def test_only_a_ready_book_can_be_overdue():
    assert status("ready", True) == "overdue"
    assert status("ready", False) == "ready"
    assert status("collected", True) == "collected"


@pytest.mark.parametrize(
    ("name", "first"),
    [("Putri Uji Coba", "Putri"), ("Sukarno", "Sukarno"), ("  ", ""), ("", ""), ("A" * 60 + " B", "A" * 24)],
)
def test_first_name_is_the_first_word_up_to_24_characters(name, first):
    assert first_name(name) == first
