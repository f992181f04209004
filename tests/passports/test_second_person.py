"""Who a book belongs to changes only with a second person, and no answer tells whether a guess is right."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.errors import Refused
from ampera.passports import service as books
from ampera.passports.corrections import service
from ampera.passports.corrections.models import Correction
from ampera.passports.corrections.service import Decided
from ampera.passports.imports import intake_plan
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both
from tests.passports.test_intake import audited, book, bring, cells, codes, outcomes, rows

NIK, OTHER_NIK = "8801010203900001", "8801010203900002"
FORGED = [
    {"holder_name": "Contoh Penipu"},
    {"birth_date": "03-03-1990"},
    {"nik": OTHER_NIK},
    {"document_no": "P9900001"},
]


def identity(n: int) -> tuple[Any, ...]:
    found = book(n)
    return found.passport_no, found.holder_name, found.birth_date, found.nik, found.document_no


def proposals(state: str = "open") -> list[Correction]:
    with db.reading() as session:
        return list(session.scalars(select(Correction).where(Correction.state == state).order_by(Correction.id)))


def propose(n: int = 1, role: str = "desk", **values: str) -> Decided | Refused:
    values = values or {"holder_name": "Contoh Benar"}
    return service.propose(builders.actor(role), book(n).id, values, "salah ketik (uji)")


def confirm(role: str = "supervisor") -> Decided | Refused:
    return service.confirm(builders.actor(role), proposals()[-1].id)


def code(result: object) -> str:
    assert isinstance(result, Refused), result
    return str(result.code)


@on_both
def test_import_of_another_holder_waits_for_a_second_person(app):
    bring(cells(1, nik=NIK))
    before = identity(1)
    for forged in FORGED:
        (done,) = bring(cells(1, **forged))
        assert (done.outcome, codes([done]), done.changes) == ("unchanged", ["needs_second_person"], ())
        assert identity(1) == before
    assert [row.proposed for row in proposals()] == [{"document_no": "P9900001"}]
    assert len(proposals("replaced")) == 3


@on_both
def test_other_changes_of_the_row_are_taken(app):
    bring(cells(1))
    (done,) = bring(cells(1, holder_name="Contoh Dua", shelf="B-02", phone="08123456789"))
    assert (done.outcome, codes([done])) == ("updated", ["needs_second_person"])
    assert (book(1).shelf, book(1).phone, book(1).holder_name) == ("B-02", "+628123456789", "Contoh 1")
    assert {name for name, _, _ in done.changes} == {"shelf", "phone"}


def test_held_book_waits_for_a_second_person_too(app):
    bring(cells(1))
    books.hold(builders.actor("desk"), book(1).id, "foto perlu diperiksa")
    assert codes(bring(cells(1, holder_name="Contoh Dua"))) == ["needs_second_person"]
    assert book(1).holder_name == "Contoh 1"


@on_both
def test_confirmed_proposal_counts_at_once_and_keeps_the_old_values(app):
    bring(cells(1, nik=NIK))
    bring(cells(1, holder_name="Contoh Dua", birth_date="03-03-1990", nik=OTHER_NIK))
    builders.set_columns(Passport, {"id": book(1).id}, misses=3, locked_at=clock.now())
    done = confirm()
    assert isinstance(done, Decided) and done.state == "confirmed"
    assert identity(1) == ("X0000001", "Contoh Dua", date(1990, 3, 3), OTHER_NIK, None)
    assert (book(1).name_key, book(1).misses, book(1).locked_at is None) == ("contoh dua", 3, False)
    (row,) = proposals("confirmed")
    assert row.before == {"holder_name": "Contoh 1", "birth_date": "1990-03-02", "nik": NIK}
    assert outcomes(bring(cells(1, holder_name="Contoh Dua", birth_date="03-03-1990", nik=OTHER_NIK))) == ["unchanged"]
    assert proposals() == []


@on_both
def test_passport_number_changes_with_a_second_person_unless_the_shelf_has_the_number(app):
    bring(cells(1), cells(2))
    propose(passport_no="x 0000009")
    assert isinstance(confirm(), Decided) and book(1).passport_no == "X0000009"
    propose(passport_no="X0000002")
    assert code(confirm()) == "duplicate_passport_no"
    assert book(1).passport_no == "X0000009" and len(proposals()) == 1


def test_proposer_is_never_the_second_person(app):
    bring(cells(1))
    propose(role="supervisor")
    assert code(confirm("supervisor")) == "needs_second_person"
    assert code(service.reject(builders.actor("supervisor"), proposals()[0].id)) == "needs_second_person"
    assert book(1).holder_name == "Contoh 1"
    assert isinstance(confirm("supervisor2"), Decided)


def test_only_a_fresh_supervisor_of_the_office_decides(app):
    bring(cells(1))
    propose()
    builders.office("JKT")
    for role in ("desk", "officer", "admin"):
        assert code(confirm(role)) == "forbidden"
    assert code(service.confirm(builders.actor("supervisor", "JKT"), proposals()[0].id)) == "not_found"
    supervisor = builders.actor("supervisor")
    with clock.shift(timedelta(minutes=11)):
        assert code(service.confirm(supervisor, proposals()[0].id)) == "fresh_sign_in_needed"
        assert isinstance(service.confirm(supervisor, proposals()[0].id, has_proved=True), Decided)


def test_rejected_proposal_changes_nothing(app):
    bring(cells(1))
    propose()
    done = service.reject(builders.actor("supervisor"), proposals()[0].id)
    assert isinstance(done, Decided) and book(1).holder_name == "Contoh 1"
    assert code(service.confirm(builders.actor("supervisor"), done.id)) == "wrong_state"


def test_replaced_proposal_cannot_be_confirmed(app):
    bring(cells(1))
    first = propose(holder_name="Contoh Dua")
    propose(holder_name="Contoh Tiga")
    assert isinstance(first, Decided)
    assert code(service.confirm(builders.actor("supervisor"), first.id)) == "wrong_state"
    assert isinstance(confirm(), Decided) and book(1).holder_name == "Contoh Tiga"


def test_proposal_for_a_book_that_left_the_shelf_is_not_confirmed(app):
    bring(cells(1))
    propose()
    books.cancel(builders.actor("supervisor"), book(1).id, "BA-1/2026", "e")
    assert code(confirm()) == "wrong_state"
    assert code(propose(holder_name="Contoh Tiga")) == "wrong_state"


@pytest.mark.parametrize(
    ("values", "reason", "expected"),
    [
        ({"holder_name": " "}, "uji", "identity_empty"),
        ({"nik": "12"}, "uji", "identity_unreadable"),
        ({"birth_date": "2999-01-01"}, "uji", "identity_unreadable"),
        ({"holder_name": "=1+1"}, "uji", "identity_unreadable"),
        ({"holder_name": "Contoh Dua"}, " ", "reason_missing"),
    ],
)
def test_form_refuses_what_cannot_be_proposed(app, values, reason, expected):
    bring(cells(1))
    assert code(service.propose(builders.actor("desk"), book(1).id, values, reason)) == expected
    assert proposals() == []


def test_preview_answers_every_guess_alike(app):
    bring(cells(1, nik=NIK))
    guesses = [{}, {"nik": NIK}, {"passport_no": "X7654321"}, *FORGED]
    with db.reading() as session:
        for guess in guesses:
            plan = intake_plan.compare(session, book(1).office_id, rows(cells(1, **guess)), is_preview=True)
            (row,) = plan.outcomes
            assert (row.outcome, row.problems, row.changes) == ("unchanged", (), ())


def test_open_proposal_hides_whether_the_next_guess_is_right(app):
    bring(cells(1, nik=NIK))
    bring(cells(1, nik=OTHER_NIK))
    before = audited("passport.correction_asked")
    for guess in (NIK, "8801010203900003"):
        (done,) = bring(cells(1, nik=guess))
        assert (done.outcome, codes([done])) == ("unchanged", ["needs_second_person"])
    assert len(audited("passport.correction_asked")) == len(before) + 2
    assert book(1).nik == NIK


@pytest.mark.parametrize("how", ["collected", "cancelled"])
def test_book_that_left_the_shelf_answers_every_guess_alike(app, how):
    bring(cells(1, nik=NIK))
    builders.set_columns(Passport, {"id": book(1).id}, state=how)
    answers = {str((row.outcome, codes([row]))) for guess in FORGED for row in bring(cells(1, **guess))}
    assert answers == {str(("unchanged", []))} and proposals() == []


def test_history_names_nobody(app):
    bring(cells(1, nik=NIK))
    bring(cells(1, holder_name="Contoh Rahasia", nik=OTHER_NIK, birth_date="03-03-1990"))
    confirm()
    propose(passport_no="X7777777", holder_name="Contoh Rahasia Lagi")
    with db.reading() as session:
        text = " ".join(session.scalars(select(AuditEntry.details)))
    for secret in (NIK, OTHER_NIK, "1990", "Rahasia", "X7777777"):
        assert secret not in text
    assert audited("passport.correction_confirmed") and audited("passport.correction_proposed")


@on_both
def test_of_two_confirmations_at_once_one_counts(app):
    bring(cells(1))
    propose()
    (row,) = proposals()
    people = [builders.actor("supervisor"), builders.actor("supervisor2")]

    def decide(who: Any) -> object:
        with app.app_context():
            return service.confirm(who, row.id)

    with ThreadPoolExecutor(2) as both:
        results = list(both.map(decide, people))
    assert sorted(type(result).__name__ for result in results) == ["Decided", "Refused"]
    assert len(audited("passport.correction_confirmed")) == 1


@on_both
def test_intakes_at_once_leave_one_open_proposal(app):
    bring(cells(1))

    def ask(name: str) -> list[str]:
        with app.app_context():
            return codes(bring(cells(1, holder_name=name)))

    with ThreadPoolExecutor(4) as all_at_once:
        results = list(all_at_once.map(ask, [f"Contoh {word}" for word in ("Dua", "Tiga", "Empat", "Lima")]))
    assert results == [["needs_second_person"]] * 4
    assert len(proposals()) == 1
