"""A day with handovers: one of the applicant, one of a family's two books, one of them voided."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests import builders
from tests.handovers import steps


@dataclass(frozen=True)
class Day:
    """Ids of books and records, in the order of the day."""

    books: list[int]
    records: list[int]
    code: str


@pytest.fixture
def day(api: Any, sign_in: Any) -> Day:
    officer = api("officer")
    records = []
    (first,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(first, 1)))
    records += [handover["id"] for handover in answer.get_json()["handovers"]]
    family, family_code = builders.ready(2, 3)
    visit = steps.serving(officer, family_code)
    books = [steps.book(book, n) for book, n in zip(family, (2, 3), strict=True)]
    answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], *books, collector=steps.FAMILY))
    records += [handover["id"] for handover in answer.get_json()["handovers"]]
    void = {"reason": "Salah orang (uji)", "shelf": "C-02-08", "book": "X0000003"}
    assert sign_in("supervisor").post(f"/api/v1/handovers/{records[2]}/void", json=void).status_code == 200
    return Day([first, *family], records, family_code)
