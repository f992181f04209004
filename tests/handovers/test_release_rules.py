"""Who may release which book: the rules that stop a handover before the evidence is compared."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.visits.models import Visit, VisitPickup
from tests import builders
from tests.handovers import steps


@pytest.fixture
def officer(api):
    return api("officer")


def confirm(client, request):
    """POST the handover; gives its status and its error code (None for a success)."""
    answer = client.post("/api/v1/handovers", json=request)
    return answer.status_code, answer.get_json().get("error", {}).get("code")


def records():
    with db.reading() as session:
        return list(session.scalars(select(Handover).order_by(Handover.id)))


def test_overdue_book_is_handed_over_by_a_supervisor_only(officer, api):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    builders.set_columns(Passport, {"id": book}, issued_on=clock.today() - timedelta(days=90))
    assert confirm(officer, steps.body(visit["id"], steps.book(book, 1))) == (409, "overdue")
    supervisor = api("supervisor")
    builders.set_columns(Visit, {"id": visit["id"]}, claim_until=clock.now() - timedelta(seconds=1))
    assert supervisor.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1}).status_code == 200
    assert confirm(supervisor, steps.body(visit["id"], steps.book(book, 1))) == (201, None)


@pytest.mark.parametrize("state", ["held", "cancelled"])
def test_book_that_is_not_ready_is_refused_as_such(officer, state):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    builders.set_columns(Passport, {"id": book}, state=state)
    assert confirm(officer, steps.body(visit["id"], steps.book(book, 1))) == (409, "not_ready")


@pytest.mark.parametrize("state", ["called", "no_show", "left", "diverted", "done"])
def test_visit_that_is_not_served_releases_nothing(officer, state):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    builders.set_columns(Visit, {"id": visit["id"]}, state=state)
    assert confirm(officer, steps.body(visit["id"], steps.book(book, 1))) == (409, "not_serving")
    assert records() == []


def test_book_of_a_pickup_that_left_the_visit_is_not_of_the_visit(officer):
    (first, second), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    builders.set_columns(VisitPickup, {"visit_id": visit["id"]}, is_open=False, out_at=clock.now())
    request = steps.body(visit["id"], steps.book(first, 1), steps.book(second, 2), collector=steps.FAMILY)
    assert confirm(officer, request) == (422, "invalid")


def test_key_of_another_office_is_never_taken_over(officer, api):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    request = steps.body(visit["id"], steps.book(book, 1, identity={"nik_last4": "9999"}))
    assert confirm(officer, request) == (422, "identity_mismatch")
    builders.office("JKT")
    elsewhere = api("officer", "JKT")
    assert confirm(elsewhere, {**request, "visit_id": visit["id"] + 1}) == (422, "key_reused")


@pytest.mark.parametrize("missing", ["name", "document", "document_last4"])
@pytest.mark.parametrize("kind", ["family", "proxy"])
def test_collector_other_than_the_holder_is_named_with_a_document(officer, kind, missing):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    shown = ["payment", "family_card", "proxy_letter", "identity"]
    collector = {**steps.FAMILY, "class": kind, "shown": shown, missing: ""}
    request = steps.body(visit["id"], steps.book(book, 1), collector=collector)
    assert confirm(officer, request) == (422, "evidence_missing")
    assert records() == []


def test_record_of_the_holder_has_the_name_on_record(officer):
    (book,), code = builders.ready(1, holder_name="Contoh Pemilik")
    visit = steps.serving(officer, code)
    collector = {"class": "self", "name": "Orang Lain", "shown": ["payment", "identity"]}
    assert confirm(officer, steps.body(visit["id"], steps.book(book, 1), collector=collector)) == (201, None)
    (record,) = records()
    assert record.collector_name == "Contoh Pemilik"


def test_handover_forgets_the_misses_of_the_book(officer):
    (first, _second), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    wrong = steps.body(visit["id"], steps.book(first, 1, identity={"nik_last4": "9999"}))
    assert confirm(officer, wrong) == (422, "identity_mismatch")
    request = steps.body(visit["id"], steps.book(first, 1), collector=steps.FAMILY)
    assert confirm(officer, request) == (201, None)
    with db.reading() as session:
        assert session.scalars(select(Passport.misses).where(Passport.id == first)).all() == [0]
