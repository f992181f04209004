"""The order of the verdict's checks, without a database."""

from dataclasses import replace

import pytest

from ampera.visits.scan.verdicts import Known, judge

GOOD = Known("current", ("ok",), is_locked=False, is_own_office=True, is_open_now=True)


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        (("ok",), "ok"),
        (("collected", "ok"), "ok"),
        (("held", "overdue"), "overdue"),
        (("overdue", "held"), "overdue"),
        (("cancelled", "held"), "held"),
        (("collected", "cancelled"), "cancelled"),
        (("collected", "collected"), "collected"),
        ((), "cancelled"),
    ],
)
def test_pickup_with_several_books_gets_the_mildest_verdict(statuses, verdict):
    assert judge(replace(GOOD, book_statuses=statuses)) == verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "ok"),
        ({"is_open_now": False}, "closed"),
        ({"is_open_now": False, "has_visit": True}, "ok"),
        ({"has_visit": True, "is_repeat": True}, "repeat"),
        ({"is_own_office": False, "is_open_now": False}, "wrong_office"),
        ({"is_locked": True, "is_own_office": False}, "held"),
        ({"is_locked": True, "has_visit": True, "is_repeat": True}, "held"),
        ({"book_statuses": ("overdue",), "is_locked": True}, "overdue"),
        ({"has_visit": True, "is_serving_elsewhere": True, "book_statuses": ("held",)}, "open_elsewhere"),
        ({"code_state": "revoked", "has_visit": True, "is_serving_elsewhere": True}, "revoked"),
        ({"code_state": "used"}, "revoked"),
        ({"code_state": "used", "book_statuses": ("collected",)}, "collected"),
    ],
)
def test_first_check_that_fails_decides_the_verdict(changes, verdict):
    assert judge(replace(GOOD, **changes)) == verdict
