"""One day of records, and what the proof says."""

from collections.abc import Callable
from typing import Any

import pytest

from ampera import db
from ampera.handovers.models import Handover
from ampera.tools.auditing import proof
from tests import builders
from tests.handovers import steps

VOID = {"reason": "uji coba", "shelf": "C-01"}


@pytest.fixture
def hand_over(api: Any) -> Callable[[int], int]:
    """`hand_over(n)` records the handover of book `n` and returns the id of the record."""

    def build(n: int = 1) -> int:
        officer = api("officer")
        (book,), code = builders.ready(n)
        request = steps.body(steps.serving(officer, code)["id"], steps.book(book, n))
        return officer.post("/api/v1/handovers", json=request).get_json()["handovers"][0]["id"]

    return build


@pytest.fixture
def void(sign_in: Any) -> Callable[[int], None]:
    """`void(id)` voids a record."""

    def build(record: int) -> None:
        with db.reading() as session:
            book = session.get_one(Handover, record).passport_no
        body = {**VOID, "book": book}
        assert sign_in("supervisor").post(f"/api/v1/handovers/{record}/void", json=body).status_code == 200

    return build


@pytest.fixture
def verified() -> Callable[..., proof.Proof]:
    def build(**more: Any) -> proof.Proof:
        with db.reading() as session:
            return proof.verify(session, **more)

    return build
