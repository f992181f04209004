"""A book after its deadline: a supervisor allows it until a day, or cancels it."""

from datetime import timedelta

import pytest

from ampera import clock
from tests import builders
from tests.handovers import steps

REASON = "Pemohon sakit (contoh)"


@pytest.fixture
def late(app):
    """A book that was issued sixty days ago, and its code."""
    (book,), code = builders.ready(1, issued_on=clock.today() - timedelta(days=60))
    return book, code


def allow(client, book, days=3, **changes):
    body = {"until": (clock.today() + timedelta(days=days)).isoformat(), "reason": REASON, **changes}
    return client.post(f"/api/v1/passports/{book}/late", json=body)


def test_a_supervisor_allows_a_late_book_until_a_day(late, api):
    book, code = late
    assert steps.scan(api("officer"), code).get_json()["verdict"] == "overdue"
    assert allow(api("supervisor"), book).status_code == 200
    assert steps.scan(api("officer"), code).get_json()["verdict"] == "ok"
    with clock.shift(timedelta(days=4)):
        assert steps.scan(api("officer"), code).get_json()["verdict"] == "overdue"


def test_allowing_a_late_book_needs_a_supervisor_a_reason_and_a_future_day(late, api):
    book, _ = late
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert allow(api("desk"), book).status_code == 403
    assert allow(api("supervisor", "JKT"), book).status_code == 404
    assert allow(api("supervisor"), book, reason=" ").status_code == 422
    assert allow(api("supervisor"), book, days=-1).status_code == 422
    assert allow(api("supervisor"), book, until="besok").status_code == 422
