"""Nobody learns the number of a book by trying: answers about numbers are counted by account, audited, and limited."""

import dataclasses
import io
import json

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.desk.shelves import api as shelves
from ampera.passports.corrections import service as corrections
from ampera.passports.imports import intake_plan
from ampera.web import guess_counter
from tests import builders
from tests.conftest import on_both
from tests.notices.steps import cells as row
from tests.race.crowd import at_once


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """The limits, made small."""
    for module, name in ((intake_plan, "NUMBERS"), (shelves, "UNKNOWN")):
        monkeypatch.setattr(module, name, dataclasses.replace(getattr(module, name), most=3))


@pytest.fixture
def target(app):
    return builders.passport(1, passport_no="X7654321")


def audited(action: str = guess_counter.ANSWERED) -> list[dict]:
    with db.reading() as session:
        found = session.scalars(select(AuditEntry.details).where(AuditEntry.action == action))
        return [json.loads(details) for details in found]


def guess(client, n, number):
    """A row about the target's application with another number."""
    known = row(1, application_no=f"99{1:014d}", passport_no=number, birth_date="1990-02-03")
    return client.post("/api/v1/passports", json={"passports": [known]})


def new(client, *numbers, first=50):
    rows = [row(first + n, passport_no=number, birth_date="1990-02-03") for n, number in enumerate(numbers)]
    return client.post("/api/v1/passports", json={"passports": rows})


@on_both
def test_wrong_numbers_of_a_known_application_end_in_no_answer(api, target):
    desk = api("desk")
    statuses = [guess(desk, 1, f"X000000{n}").status_code for n in range(6)]
    assert statuses == [200] * 3 + [429] * 3
    assert guess(desk, 1, "X7654321").status_code == 429, "the right number is answered like a wrong one"
    assert api("supervisor").post("/api/v1/passports", json={"passports": []}).status_code != 429
    assert [found["guesses"] for found in audited()] == [1, 1, 1] and len(audited(guess_counter.REFUSED)) == 1
    assert "X0000000" not in str(audited())


def test_repeated_rows_count_once_and_the_count_ends_after_an_hour(api, target):
    desk = api("desk")
    assert {guess(desk, 1, "X0000001").status_code for _ in range(6)} == {200}
    assert [guess(desk, 1, f"X000000{n}").status_code for n in (2, 3, 4)] == [200, 200, 429]
    with clock.shift(guess_counter.WITHIN):
        assert guess(api("desk"), 1, "X0000005").status_code == 200


def test_request_with_too_many_taken_numbers_saves_and_answers_nothing(api, target):
    for n in range(2, 6):
        builders.passport(n, passport_no=f"X000000{n}")
    desk = api("desk")
    refused = new(desk, "X7654321", "X0000002", "X0000003", "X0000004", "X0000099")
    assert refused.status_code == 429 and refused.get_json()["error"]["code"] == "numbers_exhausted"
    assert new(desk, "X0000098").status_code == 429, "a request without a taken number tells nothing either"
    fresh = new(api("supervisor"), "X0000099")
    assert fresh.get_json()["rows"][0]["outcome"] == "created", "the refused request has saved nothing"


def upload(client, *numbers):
    columns = ("application_no", "passport_no", "holder_name", "birth_date", "issued_on", "shelf")
    lines = [",".join(columns)]
    lines += [",".join(row(50 + n, passport_no=number)[name] for name in columns) for n, number in enumerate(numbers)]
    file = io.BytesIO("\n".join(lines).encode())
    return client.post("/desk/import", data={"file": (file, "buku.csv")}, follow_redirects=True).text


def test_preview_counts_too_and_names_no_other_book(sign_in, target):
    for n in range(2, 6):
        builders.passport(n, passport_no=f"X000000{n}")
    desk = sign_in("desk")
    page = upload(desk, "X7654321", "X0000099")
    assert "sudah dipakai buku lain di rak" in page and "…0001" not in page
    upload(desk, "X7654321", "X0000099")
    assert [found["guesses"] for found in audited()] == [1], "the same list again asks nothing new"
    refused = upload(desk, "X0000002", "X0000003", "X0000004")
    assert "Terlalu banyak nomor paspor" in refused and "sudah dipakai" not in refused
    assert "Terlalu banyak nomor paspor" in upload(desk, "X0000077")


@pytest.mark.parametrize("way", ["json", "form"])
def test_check_of_a_rack_counts_numbers_that_no_book_has(app, sign_in, target, way):
    desk = sign_in("desk")

    def check(*numbers):
        if way == "form":
            return desk.post("/desk/shelves", data={"rack": "C", "numbers": "\n".join(numbers)})
        return desk.post("/api/v1/shelves/checks", json={"rack": "C", "numbers": list(numbers)})

    typed: list[str] = []
    for n in range(3):  # a page sends all numbers again with each scan
        typed.append(f"X000000{n}")
        assert check("X7654321", *typed).status_code == 200
    assert check("X7654321").status_code == 200, "a book that is there costs nothing"
    assert check("X7654321", "X0000008").status_code == 429
    assert check("X7654321").status_code == 429


@on_both
def test_answers_of_many_requests_at_once_are_counted_one_by_one(app, target):
    desk = builders.actor("desk")

    def ask(n):
        with app.app_context():
            try:
                guess_counter.need_answers(desk, intake_plan.NUMBERS, {f"X000000{n}"})
            except Exception:
                return False
            return True

    assert sum(at_once([lambda n=n: ask(n) for n in range(8)])) == 3


def test_confirmed_proposal_with_a_taken_number_is_audited(app, target):
    other = builders.passport(2)
    corrections.propose(builders.actor("desk"), other, {"passport_no": "X7654321"}, "uji")
    with db.reading() as session:
        proposal = session.scalars(select(corrections.Correction.id)).one()
    assert corrections.confirm(builders.actor("supervisor"), proposal).code == "duplicate_passport_no"
    assert [found["code"] for found in audited("passport.correction_refused")] == ["duplicate_passport_no"]
