"""A void needs a second person and a fresh sign-in, deletes nothing, and brings the book back with a new code."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps
from tests.race import crowd

BODY = {"reason": "Salah orang (uji)", "shelf": "C-02-08", "book": "X0000001"}


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
    assert wrong.get_json()["error"]["message"].startswith("Kata sandi ini tidak cocok.")  # no login was typed
    with db.reading() as session:
        assert session.get_one(Handover, record).voided_at is None


def test_record_is_voided_once(handed, sign_in):
    _officer, _book, _code, record = handed
    supervisor = sign_in("supervisor")
    assert supervisor.post(f"/api/v1/handovers/{record}/void", json=BODY).status_code == 200
    assert supervisor.post(f"/api/v1/handovers/{record}/void", json=BODY).status_code == 409


@pytest.mark.parametrize("body", [{"reason": "  "}, {"shelf": " "}, {"reason": ""}])
def test_void_needs_a_reason_and_a_shelf(handed, sign_in, body):
    record = handed[3]
    answer = sign_in("supervisor").post(f"/api/v1/handovers/{record}/void", json={**BODY, **body})
    assert answer.status_code == 422 and list(answer.get_json()["error"]["fields"]) == list(body)


def void(client, record, **changes):
    return client.post(f"/api/v1/handovers/{record}/void", json={**BODY, **changes})


def misses_of(book):
    with db.reading() as session:
        row = session.get_one(Passport, book)
        return row.state, row.misses, row.locked_at is not None


def acts():
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


@pytest.mark.parametrize("typed", ["X0000001", "x 000 0001", "0001", " 00-01 "])
def test_number_of_the_book_in_the_hand_opens_the_void(handed, sign_in, typed):
    assert void(sign_in("supervisor"), handed[3], book=typed).status_code == 200


def test_void_without_a_book_is_refused_by_field_and_is_no_miss(handed, sign_in):
    _officer, book, _code, record = handed
    supervisor = sign_in("supervisor")
    without = supervisor.post(f"/api/v1/handovers/{record}/void", json={"reason": "Uji", "shelf": "C-1"})
    empty = [void(supervisor, record, book=text) for text in ("", "  ", " - ", "…")]
    for answer in (without, *empty):
        assert answer.status_code == 422 and "book" in answer.get_json()["error"]["fields"]
    assert empty[0].get_json()["error"]["code"] == "evidence_missing"
    assert misses_of(book) == ("collected", 0, False)


@on_both
def test_wrong_books_at_voids_lock_the_book_until_a_supervisor_unlocks(handed, sign_in, database):
    _officer, book, _code, record = handed
    supervisor = sign_in("supervisor")
    for n, typed in enumerate(("X7654321", "9999", "X000000")):
        refused = void(supervisor, record, book=typed)
        error = refused.get_json()["error"]
        assert (refused.status_code, error["code"], list(error["fields"])) == (422, "book_mismatch", ["book"])
        assert error["tries_left"] == 2 - n and "0001" not in refused.text
    assert misses_of(book) == ("collected", 3, True)
    locked = void(supervisor, record)
    assert (locked.status_code, locked.get_json()["error"]["code"]) == (409, "locked")
    assert acts().count("handover.void_mismatch") == 3 and acts().count("passport.locked") == 1
    page = supervisor.get(f"/desk/books/{book}").text
    assert f"/api/v1/passports/{book}/unlock" in page and "Pembatalan ditolak: nomor buku tidak cocok" in page
    assert supervisor.post(f"/api/v1/passports/{book}/unlock", json={"reason": "Uji"}).status_code == 200
    assert void(supervisor, record).status_code == 200


def test_misses_at_a_void_stay_with_the_book(handed, sign_in):
    _officer, book, _code, record = handed
    supervisor = sign_in("supervisor")
    void(supervisor, record, book="9999")
    assert void(supervisor, record).status_code == 200
    assert misses_of(book) == ("ready", 1, False)


@on_both
def test_of_many_wrong_books_at_once_three_are_judged(handed, app, database):
    _officer, book, _code, record = handed
    supervisors = [builders.signed_in(app, "supervisor") for _ in range(crowd.SIZE)]
    answers = crowd.at_once([lambda who=who: void(who, record, book="9999").status_code for who in supervisors])
    assert sorted(answers) == [409] * (crowd.SIZE - 3) + [422] * 3
    assert misses_of(book) == ("collected", 3, True)


def test_caller_who_may_not_void_learns_nothing_about_the_book(handed, sign_in):
    _officer, book, _code, record = handed
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    supervisor = sign_in("supervisor")
    for typed in ("X0000001", "9999"):
        assert void(sign_in("officer"), record, book=typed).status_code == 403
        assert void(sign_in("supervisor", office="JKT"), record, book=typed).status_code == 404
        with clock.shift(timedelta(minutes=30)):
            assert void(supervisor, record, book=typed).get_json()["error"]["code"] == "fresh_sign_in_needed"
    assert void(supervisor, record).status_code == 200
    for typed in ("X0000001", "9999"):
        assert void(supervisor, record, book=typed).get_json()["error"]["code"] == "wrong_state"
    assert misses_of(book)[1] == 0
