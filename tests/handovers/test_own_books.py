"""The applicant in person collects books of one holder only: theirs (Pasal 23)."""

from datetime import date

import pytest
from sqlalchemy import select

from ampera import db
from ampera.handovers.models import Handover
from ampera.notices.models import Notice
from ampera.passports.models import Passport
from ampera.visits.holders import holder_numbers
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps

OWN_NIK = "1671010000000001"


@pytest.fixture
def officer(api):
    return api("officer")


def confirm(client, request):
    """POST the handover; gives its status and its error."""
    answer = client.post("/api/v1/handovers", json=request)
    return answer.status_code, answer.get_json().get("error")


def records():
    with db.reading() as session:
        return list(session.scalars(select(Handover).order_by(Handover.id)))


def of_one_person(**second):
    """The passport of Contoh Orang 1, and a residence permit with these columns."""
    first = builders.passport(1)
    permit = builders.passport(2, kind="residence_permit", **second)
    return [first, permit], builders.pickup(first, permit)


@on_both
def test_applicant_with_books_of_three_holders_is_refused_at_each_foreign_row(app, api):
    officer = api("officer")
    books, code = builders.ready(1, 2, 3)
    visit = steps.serving(officer, code)
    rows = [steps.book(book, n) for n, book in enumerate(books, 1)]
    for row in rows:
        typed = {"passport_id": row["passport_id"], "book": row["book"], "identity": row["identity"]}
        assert officer.post(f"/api/v1/visits/{visit['id']}/checks", json=typed).get_json()["book"] == "match"
    request = steps.body(visit["id"], *rows)
    status, error = confirm(officer, request)
    assert status == 422 and error["code"] == "not_the_holder"
    assert sorted(error["fields"]) == ["passports.1.class", "passports.2.class"]
    assert confirm(officer, request)[0] == 422 and records() == []
    assert confirm(officer, {**request, "collector": steps.FAMILY}) == (201, None)
    assert {record.collector_class for record in records()} == {"family"}


@pytest.mark.parametrize(
    "second",
    [
        {"nik": OWN_NIK, "holder_name": "Contoh O. Satu", "name_key": "contoh o satu"},
        {"nik": None, "holder_name": "CONTOH  ORANG 1", "name_key": "contoh orang 1", "birth_date": date(1990, 1, 2)},
        {"nik": OWN_NIK, "name_key": "contoh orang 1", "birth_date": date(1990, 1, 2)},
    ],
)
def test_passport_and_residence_permit_of_one_person_go_to_the_applicant(officer, second):
    books, code = of_one_person(**second)
    visit = steps.serving(officer, code)
    assert [book["holder"] for book in visit["passports"]] == [1, 1]
    typed = {"nik_last4": "0001"} if second["nik"] else {"birth_date": "1990-01-02"}
    rows = [steps.book(books[0], 1), steps.book(books[1], 2, identity=typed)]
    assert confirm(officer, steps.body(visit["id"], *rows)) == (201, None)
    assert [(row.collector_class, row.collector_name) for row in records()] == [
        ("self", row.holder_name) for row in records()
    ]


@pytest.mark.parametrize(
    "second",
    [
        {"nik": None, "name_key": "contoh orang 1"},  # a namesake
        {"nik": None, "birth_date": date(1990, 1, 2)},  # a twin
    ],
)
def test_namesake_and_twin_are_other_holders(officer, second):
    books, code = of_one_person(**second)
    visit = steps.serving(officer, code)
    assert [book["holder"] for book in visit["passports"]] == [1, 2]
    born = second.get("birth_date", date(1990, 1, 3)).isoformat()
    rows = [steps.book(books[0], 1), steps.book(books[1], 2, identity={"birth_date": born})]
    status, error = confirm(officer, steps.body(visit["id"], *rows))
    assert status == 422 and list(error["fields"]) == ["passports.1.class"]


def test_rows_left_after_a_part_handover_and_of_a_code_added_later_are_judged_too(officer):
    (first, second), code = builders.ready(1, 2)
    (third,), other = builders.ready(3)
    visit = steps.serving(officer, code)
    assert confirm(officer, steps.body(visit["id"], steps.book(first, 1))) == (201, None)
    assert steps.scan(officer, other, visit_id=visit["id"]).get_json()["verdict"] == "ok"
    both = steps.body(visit["id"], steps.book(second, 2), steps.book(third, 3))
    assert confirm(officer, both)[1]["code"] == "not_the_holder"
    # Each applicant of the car in person, one after the other.
    assert confirm(officer, steps.body(visit["id"], steps.book(second, 2))) == (201, None)
    assert confirm(officer, steps.body(visit["id"], steps.book(third, 3))) == (201, None)


PERSON = {"class": "family", "name": "", "document": "ktp", "document_last4": "1234", "shown": []}
OWN = {"class": "self", "shown": ["payment", "identity"]}
OF_FAMILY = {"class": "family", "shown": ["payment", "family_card", "identity"]}


def family_of_four(officer, *rows, **collector):
    """A father with the books of his wife and two children; `rows` are the class and evidence of each."""
    books, code = builders.ready(1, 2, 3, 4)
    visit = steps.serving(officer, code)
    typed = [steps.book(book, n, **row) for n, (book, row) in enumerate(zip(books, rows, strict=True), 1)]
    return steps.body(visit["id"], *typed, collector={**PERSON, **collector})


@on_both
def test_father_takes_his_own_book_and_those_of_his_family_with_one_signature(app, api):
    officer = api("officer")
    request = family_of_four(officer, OWN, OF_FAMILY, OF_FAMILY, OF_FAMILY)
    assert confirm(officer, request) == (201, None)
    rows = [(row.collector_class, row.collector_name, row.shown, row.signature_sha256) for row in records()]
    signature = rows[0][3]
    own = ("self", "Contoh Orang 1", ["identity", "payment"], signature)
    family = ("family", "Contoh Orang 1", ["family_card", "identity", "payment"], signature)
    assert rows == [own, family, family, family]
    with db.reading() as session:
        taken = session.scalars(select(Passport.collected_by).order_by(Passport.id)).all()
        [facts] = session.scalars(select(Notice.facts).where(Notice.kind == "collected"))
    assert taken == ["self", "family", "family", "family"]
    assert facts["books"] == 4 and facts["collector"] == ["family", "self"]
    assert confirm(officer, request) == (200, None)
    changed = {**request["passports"][3], "class": "proxy"}
    assert confirm(officer, {**request, "passports": [*request["passports"][:3], changed]})[1]["code"] == "key_reused"


def test_own_class_of_a_row_must_be_true(officer):
    request = family_of_four(officer, OWN, OWN, OF_FAMILY, OF_FAMILY)
    status, error = confirm(officer, request)
    assert status == 422 and error["code"] == "not_the_holder" and list(error["fields"]) == ["passports.1.class"]
    request["passports"][1] |= OF_FAMILY
    named = {**request, "collector": {**PERSON, "name": "Contoh Kerabat"}}
    status, error = confirm(officer, named)
    assert status == 422 and error["code"] == "not_the_holder" and list(error["fields"]) == ["passports.0.class"]
    assert confirm(officer, {**request, "collector": {**PERSON, "name": " CONTOH  orang 1"}}) == (201, None)
    assert {record.collector_name for record in records()} == {"Contoh Orang 1"}


def test_second_book_of_the_collector_is_not_one_of_the_family(officer):
    books, code = of_one_person(nik=OWN_NIK)
    visit = steps.serving(officer, code)
    second = steps.book(books[1], 2, identity={"nik_last4": "0001"}, **OF_FAMILY)
    request = steps.body(visit["id"], steps.book(books[0], 1, **OWN), second, collector=PERSON)
    status, error = confirm(officer, request)
    assert status == 422 and error["code"] == "invalid" and list(error["fields"]) == ["passports.1.class"]


def test_evidence_is_asked_row_by_row(officer):
    bare = {"class": "family"}  # what the collector has shown for all
    poor = {"class": "proxy", "shown": ["payment"]}
    request = family_of_four(officer, OWN, bare, OF_FAMILY, poor, document="", shown=["payment"])
    status, error = confirm(officer, request)
    assert status == 422 and error["code"] == "evidence_missing"
    assert sorted(error["fields"]) == ["collector.document", "passports.3.shown", "shown"]
    assert error["fields"]["shown"] == ["family_card", "identity"]
    assert set(error["fields"]["passports.3.shown"]) == {"identity", "proxy_letter"}


def test_wrong_identity_counts_before_the_class_is_judged(officer):
    (first, second), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    rows = [steps.book(first, 1), steps.book(second, 2, identity={"nik_last4": "9999"})]
    assert confirm(officer, steps.body(visit["id"], *rows))[1]["code"] == "identity_mismatch"


def test_repeated_request_gets_the_answer_of_an_old_record(officer):
    """A record of two holders with one class, from before the rule: the safe question is still answered."""
    books, code = of_one_person(nik=OWN_NIK)
    visit = steps.serving(officer, code)
    rows = [steps.book(books[0], 1), steps.book(books[1], 2, identity={"nik_last4": "0001"})]
    request = steps.body(visit["id"], *rows)
    assert confirm(officer, request) == (201, None)
    builders.set_columns(Passport, {"id": books[1]}, nik=None)
    assert confirm(officer, request) == (200, None)


def test_holder_is_known_through_a_third_book():
    rows = [("1", "ayah"), (None, "ibu"), (None, "bapak"), ("1", "bapak"), (None, ""), (None, "")]
    books = [Passport(nik=nik, name_key=name, birth_date=date(1990, 1, 1)) for nik, name in rows]
    assert holder_numbers(books) == [1, 2, 1, 1, 3, 4]
