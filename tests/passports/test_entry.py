"""The form *Tambah buku*: one book typed at the desk is on the shelf then, or every problem stands at its field."""

import dataclasses
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.passports.imports import intake_plan
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both

NEW = "/desk/books/new"


def typed(n: int = 2, **more: str) -> dict[str, str]:
    """What a clerk types, as the fields of a browser send it."""
    return {
        "application_no": f"99{n:014d}",
        "passport_no": f"X{n:07d}",
        "holder_name": "Contoh Diketik",
        "birth_date": "1990-01-02",
        "issued_on": clock.today().isoformat(),
        "shelf": "a-07",
        "nik": "",
        "document_no": "",
        "phone": "0812 0000 0002",
        "email": "",
        "group": "",
        "kind": "passport",
        **more,
    }


def stored() -> list[Passport]:
    with db.reading() as session:
        return list(session.scalars(select(Passport).order_by(Passport.id)))


def error_of(page: str, field: str) -> str:
    """The sentence at a field, which the field names as its description."""
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*{field}-error', page), field
    found = re.search(rf'id="{field}-error"><svg.*?</svg>(.*?)</span>', page, re.DOTALL)
    assert found, field
    return found.group(1)


@on_both
def test_slower_one_of_two_clerks_who_type_one_application_changes_nothing(app, sign_in, monkeypatch):
    fast, slow = sign_in("desk"), sign_in("supervisor")
    compare, turns = intake_plan.compare, iter([True])

    def overtaken(*these: Any, **how: bool) -> intake_plan.IntakePlan:
        plan = compare(*these, **how)
        if next(turns, False):
            fast.post(NEW, data=typed(shelf="B-02"))
        return plan

    monkeypatch.setattr(intake_plan, "compare", overtaken)
    answer = slow.post(NEW, data=typed(shelf="C-03"))
    assert answer.status_code == 422 and error_of(answer.text, "application_no")
    assert [book.shelf for book in stored()] == ["B-02"]


@on_both
@pytest.mark.parametrize("role", ["desk", "supervisor"])
def test_page_of_a_typed_book_offers_link_and_slip(app, sign_in, role):
    client = sign_in(role)
    answer = client.post(NEW, data=typed())
    (book,) = stored()
    assert answer.status_code == 303 and answer.location == f"/desk/books/{book.id}"
    assert (book.state, book.shelf, book.phone, book.kind) == ("ready", "A-07", "+6281200000002", "passport")
    page = client.get(answer.location).text
    assert "Buku dicatat" in page and "/slip.pdf" in page and "data-copy=" in page
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "passport.taken_in")).one()
    assert entry.subject == f"passport:{book.id}" and entry.staff_id == builders.staff(f"{role}.plg").id


def test_each_problem_stands_at_the_field_and_typed_text_stays(app, sign_in):
    wrong = typed(application_no="12", passport_no="7", birth_date="", nik="123", email="bukan surel", shelf="")
    answer = sign_in("desk").post(NEW, data=wrong)
    assert answer.status_code == 422 and stored() == []
    for field in ("application_no", "passport_no", "birth_date", "nik", "email", "shelf"):
        assert error_of(answer.text, field)
    assert re.findall(r'id="(\w+)"[^>]* autofocus', answer.text) == ["application_no"]
    assert "6 isian" in answer.text and 'value="Contoh Diketik"' in answer.text and 'value="bukan surel"' in answer.text


def test_known_application_is_refused_with_a_link_and_nothing_changes(app, sign_in):
    known = builders.passport(1, shelf="B-01")
    same = typed(1, passport_no="X7654321", shelf="C-09")
    answer = sign_in("desk").post(NEW, data=same)
    assert answer.status_code == 422 and "sudah punya buku" in error_of(answer.text, "application_no")
    assert f'href="/desk/books/{known}"' in answer.text
    (book,) = stored()
    assert (book.shelf, book.passport_no) == ("B-01", "X0000001")


def test_answer_about_a_known_application_does_not_depend_on_the_holder(app, sign_in):
    """Else a clerk could guess a birth date or a number until the answer changes."""
    builders.passport(1)
    client, (book,) = sign_in("desk"), stored()
    right = typed(1, holder_name=book.holder_name, birth_date=book.birth_date.isoformat(), nik="")
    errors = [
        error_of(client.post(NEW, data=guess).text, "application_no")
        for guess in (right, {**right, "birth_date": "1991-05-06"}, {**right, "passport_no": "X1111111"})
    ]
    assert len(set(errors)) == 1


def test_number_of_another_book_is_refused_and_names_the_other_application(app, sign_in):
    builders.passport(1)
    answer = sign_in("desk").post(NEW, data=typed(2, passport_no="x 0000001"))
    assert answer.status_code == 422 and "…0001" in error_of(answer.text, "passport_no")
    assert re.findall(r'id="(\w+)"[^>]* autofocus', answer.text) == ["passport_no"]
    assert f"99{1:014d}" not in answer.text and len(stored()) == 1


def test_nik_of_another_birth_date_is_saved_only_after_a_second_look(app, sign_in):
    client, doubtful = sign_in("desk"), typed(nik="1671010305910001")
    answer = client.post(NEW, data=doubtful)
    assert answer.status_code == 422 and stored() == []
    assert "Tanggal lahir di dalam NIK" in error_of(answer.text, "nik") and 'name="is_compared"' in answer.text
    assert client.post(NEW, data={**doubtful, "is_compared": "on"}).status_code == 303
    assert len(stored()) == 1


def test_books_typed_with_one_group_share_a_pickup(app, sign_in):
    client = sign_in("desk")
    for n, group in ((2, "Keluarga Contoh"), (3, "keluarga contoh")):
        client.post(NEW, data=typed(n, group=group))
    assert len({book.pickup_id for book in stored()}) == 1


def test_too_many_taken_numbers_leave_the_typed_text(app, sign_in, monkeypatch):
    monkeypatch.setattr(intake_plan, "NUMBERS", dataclasses.replace(intake_plan.NUMBERS, most=1))
    builders.passport(1)
    builders.passport(3)
    client = sign_in("desk")
    answers: list[Any] = [client.post(NEW, data=typed(9, passport_no=f"X{n:07d}")) for n in (1, 3)]
    assert [answer.status_code for answer in answers] == [422, 429]
    assert "satu jam" in answers[1].text and 'value="Contoh Diketik"' in answers[1].text


def test_desk_offers_the_form_to_a_clerk_and_not_to_an_officer(app, sign_in):
    assert f'href="{NEW}"' in sign_in("desk").get("/desk").text
    assert f'href="{NEW}"' not in sign_in("officer").get("/desk").text
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Passport)) == 0
