"""What the applicant's page says, for every state of code, lock and books."""

import pytest

from ampera.pickups.stages import first_name, stage, status


@pytest.mark.parametrize(
    ("code", "is_locked", "statuses", "said"),
    [
        ("current", False, ["ready"], "ready"),
        ("current", False, ["ready", "collected"], "ready"),
        ("current", False, ["held", "ready", "overdue"], "ready"),
        ("current", False, ["overdue", "held"], "overdue"),
        ("current", False, ["held"], "inside"),
        ("current", False, ["cancelled"], "inside"),
        ("current", False, ["collected", "cancelled"], "inside"),
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
def test_the_page_tells_the_stage_and_never_the_reason(code, is_locked, statuses, said):
    assert stage(code, is_locked, statuses) == said


def test_only_a_ready_book_can_be_late():
    assert status("ready", True) == "overdue"
    assert status("ready", False) == "ready"
    assert status("collected", True) == "collected"


@pytest.mark.parametrize(
    ("name", "first"),
    [("Putri Uji Coba", "Putri"), ("Sukarno", "Sukarno"), ("  ", ""), ("", ""), ("A" * 60 + " B", "A" * 24)],
)
def test_the_first_name_is_all_of_a_name_that_is_shown(name, first):
    assert first_name(name) == first
