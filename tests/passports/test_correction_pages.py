"""The form *Perbaiki data*, the warning on the book's page, and the supervisors' list of proposals."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.passports.corrections.models import Correction
from ampera.passports.models import Passport
from tests import builders

FORM = {"nik": "8801010203900009", "birth_date": "1990-03-03", "reason": "salah ketik (uji)"}
WARNING = "Data buku ini sedang diperbaiki"


@pytest.fixture
def book(app) -> int:
    return builders.passport(1)


def nik(book: int) -> str | None:
    with db.reading() as session:
        return session.get_one(Passport, book).nik


def proposal() -> int:
    with db.reading() as session:
        return session.scalars(select(Correction.id).where(Correction.state == "open")).one()


def test_clerk_proposes_and_another_person_confirms(book, sign_in):
    desk, supervisor = sign_in("desk"), sign_in("supervisor")
    before = nik(book)
    assert WARNING not in desk.get(f"/desk/books/{book}").text
    answer = desk.post(f"/desk/books/{book}/identity", data=FORM)
    assert answer.status_code == 303 and nik(book) == before
    assert WARNING in desk.get(f"/desk/books/{book}").text and FORM["nik"] not in desk.get(f"/desk/books/{book}").text
    assert WARNING in sign_in("officer").get(f"/desk/books/{book}").text
    for page in (f"/desk/books/{book}", "/desk/corrections"):
        assert FORM["nik"] in supervisor.get(page).text
    assert supervisor.post(f"/desk/corrections/{proposal()}/confirm").status_code == 303
    assert nik(book) == FORM["nik"]
    assert WARNING not in desk.get(f"/desk/books/{book}").text


def test_proposer_sees_nothing_that_answers_a_guess(book, sign_in):
    supervisor = sign_in("supervisor")
    supervisor.post(f"/desk/books/{book}/identity", data=FORM)
    for page in (f"/desk/books/{book}", "/desk/corrections"):
        text = supervisor.get(page).text
        assert "penyelia lain yang memutuskan" in text and FORM["nik"] not in text and "/confirm" not in text
    supervisor.post(f"/desk/corrections/{proposal()}/confirm")
    assert nik(book) != FORM["nik"]


def test_values_before_a_correction_are_for_supervisors_only(book, sign_in):
    before = str(nik(book))
    sign_in("desk").post(f"/desk/books/{book}/identity", data=FORM)
    sign_in("supervisor").post(f"/desk/corrections/{proposal()}/confirm")
    assert before in sign_in("supervisor2").get(f"/desk/books/{book}").text
    assert before not in sign_in("desk").get(f"/desk/books/{book}").text


def test_old_sign_in_needs_the_password(book, sign_in):
    sign_in("desk").post(f"/desk/books/{book}/identity", data=FORM)
    supervisor = sign_in("supervisor")
    with clock.shift(timedelta(minutes=30)):
        assert 'name="proof"' in supervisor.get("/desk/corrections").text
        supervisor.post(f"/desk/corrections/{proposal()}/confirm")
        supervisor.post(f"/desk/corrections/{proposal()}/confirm", data={"proof": "salah-sekali-1"})
        assert nik(book) != FORM["nik"]
        supervisor.post(f"/desk/corrections/{proposal()}/confirm", data={"proof": builders.PASSWORD})
    assert nik(book) == FORM["nik"]


def test_rejected_proposal_leaves_the_list(book, sign_in):
    sign_in("desk").post(f"/desk/books/{book}/identity", data=FORM)
    supervisor = sign_in("supervisor")
    supervisor.post(f"/desk/corrections/{proposal()}/reject")
    assert "Tidak ada usulan yang menunggu" in supervisor.get("/desk/corrections").text
    assert nik(book) != FORM["nik"]


def test_api_takes_the_shelf_and_asks_for_a_second_person(api):
    row = {
        "application_no": "8800000000000001", "passport_no": "X0000001", "holder_name": "Contoh Satu",
        "birth_date": "02-03-1990", "issued_on": clock.today().isoformat(), "shelf": "A-01",
    }  # fmt: skip
    desk = api("desk")
    desk.post("/api/v1/passports", json={"passports": [row]})
    changed = row | {"holder_name": "Contoh Lain", "shelf": "B-02"}
    (answer,) = desk.post("/api/v1/passports", json={"passports": [changed]}).get_json()["rows"]
    assert answer["outcome"] == "updated"
    assert [(problem["field"], problem["code"]) for problem in answer["problems"]] == [("", "needs_second_person")]
