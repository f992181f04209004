"""A void needs a second person and a fresh sign-in, deletes nothing, and brings the book back with a new code."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode
from tests import builders
from tests.handovers import steps

BODY = {"reason": "Salah orang (uji)", "shelf": "C-02-08"}


@pytest.fixture
def handed(api):
    """A recorded handover: the officer's client, the book, its code and the record's id."""
    officer = api("officer")
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    return officer, book, code, answer.get_json()["handovers"][0]["id"]


def test_void_makes_the_book_ready_with_a_new_code(handed, sign_in):
    officer, book, code, record = handed
    answer = sign_in("supervisor").post(f"/api/v1/handovers/{record}/void", json=BODY)
    assert answer.status_code == 200, answer.get_json()
    with db.reading() as session:
        row = session.get_one(Handover, record)
        assert row.voided_at and row.void_shelf == "C-02-08"
        assert session.get_one(Passport, book).state == "ready"
        assert session.get_one(Passport, book).shelf == "C-02-08"
        states = session.scalars(select(PickupCode.state).order_by(PickupCode.generation)).all()
    assert states == ["used", "current"]
    assert steps.scan(officer, code).get_json()["verdict"] == "revoked"


def test_book_can_be_handed_over_again_after_a_void(handed, sign_in, api):
    officer, book, _code, record = handed
    sign_in("supervisor").post(f"/api/v1/handovers/{record}/void", json=BODY)
    with db.reading() as session:
        booking = session.scalar(select(PickupCode.booking_code).where(PickupCode.state == "current"))
    visit = steps.serving(officer, booking)
    answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    assert answer.status_code == 201, answer.get_json()
    assert answer.get_json()["handovers"][0]["number"] == 2


def test_only_another_supervisor_may_void(handed, api, sign_in):
    officer, _book, _code, record = handed
    assert officer.post(f"/api/v1/handovers/{record}/void", json=BODY).status_code == 403
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert sign_in("supervisor", office="JKT").post(f"/api/v1/handovers/{record}/void", json=BODY).status_code == 404


def test_confirming_officer_cannot_void_the_record(sign_in):
    supervisor = sign_in("supervisor")
    (book,), code = builders.ready(1)
    visit = steps.serving(supervisor, code)
    answer = supervisor.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    record = answer.get_json()["handovers"][0]["id"]
    refused = supervisor.post(f"/api/v1/handovers/{record}/void", json=BODY)
    assert refused.status_code == 409 and refused.get_json()["error"]["code"] == "same_officer"
    assert sign_in("supervisor2").post(f"/api/v1/handovers/{record}/void", json=BODY).status_code == 200


def test_void_with_an_old_sign_in_needs_the_password(handed, sign_in):
    _officer, _book, _code, record = handed
    supervisor = sign_in("supervisor")
    with clock.shift(timedelta(minutes=30)):
        refused = supervisor.post(f"/api/v1/handovers/{record}/void", json=BODY)
        wrong = supervisor.post(f"/api/v1/handovers/{record}/void", json={**BODY, "password": "salah-sekali-1"})
        proved = supervisor.post(f"/api/v1/handovers/{record}/void", json={**BODY, "password": builders.PASSWORD})
    assert refused.get_json()["error"]["code"] == "fresh_sign_in_needed" and wrong.status_code == 403
    assert proved.status_code == 200


def test_wrong_password_voids_nothing_even_in_a_fresh_session(handed, sign_in):
    _officer, _book, _code, record = handed
    wrong = sign_in("supervisor").post(f"/api/v1/handovers/{record}/void", json={**BODY, "password": "salah-sekali-1"})
    assert (wrong.status_code, wrong.get_json()["error"]["code"]) == (403, "wrong_password")
    with db.reading() as session:
        assert session.get_one(Handover, record).voided_at is None


def test_record_is_voided_once(handed, sign_in):
    _officer, _book, _code, record = handed
    supervisor = sign_in("supervisor")
    assert supervisor.post(f"/api/v1/handovers/{record}/void", json=BODY).status_code == 200
    assert supervisor.post(f"/api/v1/handovers/{record}/void", json=BODY).status_code == 409


@pytest.mark.parametrize("body", [{"reason": "  ", "shelf": "C-1"}, {"reason": "Uji", "shelf": " "}, {"reason": "Uji"}])
def test_void_needs_a_reason_and_a_shelf(handed, sign_in, body):
    record = handed[3]
    assert sign_in("supervisor").post(f"/api/v1/handovers/{record}/void", json=body).status_code == 422
