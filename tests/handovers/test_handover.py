"""The handover at the window: what it needs, what it writes, what it refuses."""

import pytest
from sqlalchemy import func, select

from ampera import db
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover, Signature
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode
from tests import builders
from tests.handovers import steps


@pytest.fixture
def officer(api):
    return api("officer")


def test_handover_from_scan_to_register(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    request = steps.body(visit["id"], steps.book(book, 1))
    answer = officer.post("/api/v1/handovers", json=request)
    assert answer.status_code == 201, answer.get_json()
    assert answer.get_json()["visit"]["state"] == "done"
    assert state(Passport, book) == "collected"
    again = officer.post("/api/v1/handovers", json=request)
    assert again.status_code == 200 and again.get_json() == answer.get_json()
    asked = officer.get(f"/api/v1/handovers/{request['key']}")
    assert asked.status_code == 200 and asked.get_json() == answer.get_json()
    assert count(Handover) == 1 and count(Signature) == 1
    assert steps.scan(officer, code).get_json()["verdict"] == "collected"


def test_same_key_with_another_body_is_refused(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    request = steps.body(visit["id"], steps.book(book, 1))
    officer.post("/api/v1/handovers", json=request)
    request["passports"][0]["book"] = "0001"
    refused = officer.post("/api/v1/handovers", json=request)
    assert refused.status_code == 422 and refused.get_json()["error"]["code"] == "key_reused"


def test_second_handover_of_one_book_is_refused(officer):
    (first, second), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(first, 1))).status_code == 201
    again = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(first, 1)))
    assert again.status_code == 409 and again.get_json()["error"]["code"] == "already_collected"
    both = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(first, 1), steps.book(second, 2)))
    assert both.status_code == 409 and state(Passport, second) == "ready"


def test_partial_handover_keeps_the_visit_open(officer):
    (first, second, third), code = builders.ready(1, 2, 3)
    visit = steps.serving(officer, code)
    request = steps.body(visit["id"], steps.book(first, 1), steps.book(second, 2), collector=steps.FAMILY)
    answer = officer.post("/api/v1/handovers", json=request).get_json()
    assert [row["number"] for row in answer["handovers"]] == [1, 2]
    assert answer["visit"]["state"] == "serving" and state(Passport, third) == "ready"
    left = officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert left.get_json()["state"] == "done"
    assert code_state(code) == "current"
    assert steps.scan(officer, code).get_json()["verdict"] == "ok"


def test_wrong_book_is_refused_by_field_and_writes_nothing(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1, book="X7654321")))
    error = refused.get_json()["error"]
    assert refused.status_code == 422 and error["code"] == "book_mismatch" and "passports.0.book" in error["fields"]
    assert count(Handover) == 0 and state(Passport, book) == "ready"


def test_three_identity_misses_lock_the_pickup(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    wrong = {"passport_id": book, "identity": {"nik_last4": "9999"}}
    lefts = [officer.post(f"/api/v1/visits/{visit['id']}/checks", json=wrong).get_json()["tries_left"] for _ in "12"]
    request = steps.body(visit["id"], steps.book(book, 1, identity={"nik_last4": "9999"}))
    third = officer.post("/api/v1/handovers", json=request)
    assert lefts == [2, 1] and third.status_code == 422
    right = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    assert right.status_code == 409 and right.get_json()["error"]["code"] == "locked"
    assert steps.scan(officer, code).get_json()["verdict"] == "held"


def test_repeated_mismatch_counts_no_second_miss(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    request = steps.body(visit["id"], steps.book(book, 1, identity={"nik_last4": "9999"}))
    answers = [officer.post("/api/v1/handovers", json=request).get_json() for _ in range(4)]
    assert all(answer == answers[0] for answer in answers)
    request["passports"][0]["identity"] = {"birth_date": "1990-01-02"}
    assert officer.post("/api/v1/handovers", json=request).status_code == 201


@pytest.mark.parametrize(
    ("typed", "fields", "expected"),
    [
        ({"birth_date": "1990-01-02", "document_last4": "2216"}, {}, 201),
        ({"birth_date": "1990-01-02", "document_last4": "0000"}, {}, 422),
        ({"birth_date": "1990-01-02"}, {}, 422),
        ({"birth_date": "1990-01-02"}, {"document_no": None}, 201),
        ({"nik_last4": "0001"}, {"document_no": None}, 422),
    ],
)
def test_foreign_holder_is_proved_by_birth_date_and_old_document(officer, typed, fields, expected):
    (book,), code = builders.ready(1, nik=None, **{"document_no": "P9912216", **fields})
    visit = steps.serving(officer, code)
    answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1, identity=typed)))
    assert answer.status_code == expected, answer.get_json()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"collector": {"class": "self", "shown": ["payment"]}}, "shown"),
        ({"collector": {**steps.FAMILY, "shown": ["payment", "identity"]}}, "shown"),
        ({"collector": {**steps.FAMILY, "name": " "}}, "collector.name"),
        ({"collector": {**steps.FAMILY, "class": "proxy"}}, "shown"),
        ({"signature": None}, "signature"),
        ({"signature": "data:image/png;base64,AAAA"}, "signature"),
        ({"signature": "hello"}, "signature"),
    ],
)
def test_missing_evidence_is_refused_by_field(officer, changes, place):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1), **changes))
    assert refused.status_code == 422 and place in refused.get_json()["error"]["fields"]
    assert count(Handover) == 0


def test_huge_signature_is_too_large(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    huge = "data:image/png;base64," + "A" * 5_000_000
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1), signature=huge))
    assert refused.status_code == 413


def test_only_the_holder_of_the_claim_hands_over(officer, api):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    other = api("officer2")
    request = steps.body(visit["id"], steps.book(book, 1))
    refused = other.post("/api/v1/handovers", json=request)
    assert refused.get_json()["error"]["code"] == "claimed_elsewhere"
    assert other.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 2}).status_code == 409


def test_waiting_visit_cannot_be_handed_over(officer):
    (book,), code = builders.ready(1)
    visit = steps.scan(officer, code).get_json()["visit"]
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    assert refused.get_json()["error"]["code"] == "not_serving"


def test_every_change_and_refusal_is_audited(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1, book="0000")))
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    with db.reading() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    expected = ["visit.opened", "scan.ok", "visit.served", "handover.refused", "handover.recorded"]
    assert [action for action in actions if action in expected] == expected


def state(model, key):
    with db.reading() as session:
        return session.get_one(model, key).state


def code_state(code):
    from ampera.pickups.codes import fingerprint

    with db.reading() as session:
        return session.scalar(select(PickupCode.state).where(PickupCode.code_hash == fingerprint(code)))


def count(model):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model))
