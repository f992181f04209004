"""A number belongs to one live book of an office and a kind: in a file, a request, on the shelf, and after a void."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Date, column, select, table
from sqlalchemy.exc import IntegrityError

from ampera import clock, db, migrate
from ampera.handovers.models import Handover
from ampera.passports.corrections import service as corrections
from ampera.passports.corrections.models import Correction
from ampera.passports.imports import intake_plan, intake_service
from ampera.passports.imports.messages import sentence
from ampera.passports.models import Passport
from ampera.tools.upkeep import doctor
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps
from tests.passports.test_intake import bring, cells, codes, outcomes, rows


def live(passport_no: str) -> list[str]:
    """The applications of live books with this number."""
    query = select(Passport.application_no).where(
        Passport.passport_no == passport_no, Passport.state.in_(("ready", "held"))
    )
    with db.reading() as session:
        return list(session.scalars(query.order_by(Passport.id)))


def old_twins(*shelves: str) -> list[int]:
    """Books of an older version with one number, the first one unmarked."""
    return [
        builders.passport(n, passport_no="X0000001", shelf=shelf, is_old_twin=True if n > 1 else None)
        for n, shelf in enumerate(shelves, 1)
    ]


@on_both
def test_rows_of_one_file_with_one_number_are_refused_and_name_each_other(app):
    done = bring(cells(1), cells(2, passport_no="X0000001"), cells(3), cells(4, passport_no="x 0000001"))
    assert outcomes(done) == ["refused", "refused", "created", "refused"]
    assert set(codes(done)) == {"duplicate_passport_no"}
    assert [problem.params["rows"] for row in done for problem in row.problems] == ["3, 5", "2, 5", "2, 3"]
    assert "juga ada di baris 3, 5" in sentence(done[0].problems[0])
    assert live("X0000001") == []


@on_both
def test_number_of_a_book_on_the_shelf_is_refused(app):
    builders.passport(1, passport_no="X0000001", state="held")
    (refused,) = bring(cells(2, passport_no="X0000001"))
    assert refused.outcome == "refused" and codes([refused]) == ["duplicate_passport_no"]
    # A guessed number must not find its holder: the other application is not named in full.
    assert "…0001" in sentence(refused.problems[0]) and f"99{1:014d}" not in sentence(refused.problems[0])


def test_same_row_again_and_other_details_are_no_duplicate(app):
    bring(cells(1))
    assert outcomes(bring(cells(1), cells(1))) == ["unchanged", "unchanged"]
    assert outcomes(bring(cells(1, shelf="A-02"))) == ["updated"]


@pytest.mark.parametrize("state", ["collected", "cancelled"])
def test_number_of_a_book_that_left_the_shelf_is_free(app, state):
    builders.passport(1, passport_no="X0000001", state=state)
    assert outcomes(bring(cells(2, passport_no="X0000001"))) == ["created"]


def test_another_office_and_another_kind_may_have_the_same_number(app):
    builders.passport(1, passport_no="X0000001")
    builders.office("JKT")
    assert outcomes(bring(cells(2, passport_no="X0000001"), office="JKT")) == ["created"]
    builders.passport(3, passport_no="X0000001", kind="residence_permit")


def test_row_that_changes_the_kind_is_judged_by_the_new_kind(app):
    bring(cells(1))
    builders.passport(2, application_no=cells(2)["application_no"], passport_no="X0000001", kind="residence_permit")
    (refused,) = bring(cells(2, passport_no="X0000001", kind="paspor"))
    assert codes([refused]) == ["duplicate_passport_no"]


def test_request_names_the_field_and_the_code(api):
    rows = [{**cells(n, passport_no="X0000001"), "birth_date": "1990-03-02"} for n in (1, 2)]
    answer = api("desk").post("/api/v1/passports", json={"passports": rows})
    assert answer.status_code == 200
    problems = [problem for row in answer.get_json()["rows"] for problem in row["problems"]]
    assert [(problem["field"], problem["code"]) for problem in problems] == [
        ("passport_no", "duplicate_passport_no")
    ] * 2


@on_both
def test_two_imports_of_one_number_at_once_end_with_one_book_and_a_refusal(app):
    def import_as(n: int) -> Any:
        with app.app_context():
            return bring(cells(n, passport_no="X0000001"))

    with ThreadPoolExecutor(8) as pool:
        done = [row for rows in pool.map(import_as, range(1, 9)) for row in rows]
    assert sorted(outcomes(done)) == ["created"] + ["refused"] * 7
    assert len(live("X0000001")) == 1


def test_plan_that_has_missed_the_other_book_writes_nothing(app):
    with db.reading() as session:
        plan = intake_plan.compare(session, 1, [])
    bring(cells(1))
    (row,) = rows(cells(2, passport_no="X0000001"))
    plan.new.append(row.record)
    with pytest.raises(IntegrityError):
        intake_service.take_in(builders.actor("desk"), plan)
    assert len(live("X0000001")) == 1


@on_both
def test_void_is_refused_while_another_live_book_has_the_number(app, api):
    officer = api("officer")
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    builders.passport(2, passport_no="X0000001")
    with db.reading() as session:
        record = session.scalar(select(Handover.id))
    body = {"reason": "uji", "shelf": "C-01", "book": "0001", "password": builders.PASSWORD}
    refused = builders.signed_in(app, "supervisor").post(f"/api/v1/handovers/{record}/void", json=body)
    assert refused.status_code == 409 and refused.get_json()["error"]["code"] == "duplicate_passport_no"
    assert len(live("X0000001")) == 1


@on_both
def test_upgrade_keeps_old_twins_and_the_doctor_lists_old_twins(app):
    database = db.current()
    migrate.downgrade(database, "0006")
    newer = ("id", "is_old_twin", "misses", "locked_at")
    columns = [field for field in Passport.__table__.columns if field.name not in newer]
    for n in (1, 2, 3):
        _insert_old(database, columns, n)
    migrate.upgrade(database)
    assert len(live("X0000001")) == 3
    found = doctor.examine(app.extensions["ampera.settings"])
    (finding,) = [finding for finding in found if finding.check == "passport numbers"]
    assert not finding.ok and all(f"88{n:014d}" in finding.text for n in (1, 2, 3)) and "X0000001" not in finding.text
    assert codes(bring(cells(4, passport_no="X0000001"))) == ["duplicate_passport_no"]


PLAIN = {"birth_date": Date()}  # it is encrypted since revision 0029


def _insert_old(database: Any, columns: list[Any], n: int) -> None:
    at = clock.now()
    row = {
        "office_id": 1, "application_no": f"88{n:014d}", "passport_no": "X0000001", "holder_name": f"Contoh {n}",
        "name_key": f"contoh {n}", "birth_date": clock.today(), "issued_on": clock.today(), "shelf": "A-01",
        "kind": "passport", "state": "ready", "created_at": at, "updated_at": at,
    }  # fmt: skip
    with database.writer.begin() as conn:
        conn.execute(
            table("passports", *(column(field.name, PLAIN.get(field.name, field.type)) for field in columns))
            .insert()
            .values({field.name: row.get(field.name) for field in columns})
        )


@on_both
def test_right_number_clears_an_old_twin(app):
    first, second = old_twins("A-01", "A-02")
    with db.reading() as session:
        application = session.get_one(Passport, second).application_no
    (asked,) = bring(cells(2, application_no=application, passport_no="X0000002"))
    assert codes([asked]) == ["needs_second_person"] and len(live("X0000001")) == 2
    with db.reading() as session:
        proposal = session.scalars(select(Correction.id)).one()
    assert isinstance(corrections.confirm(builders.actor("supervisor"), proposal), corrections.Decided)
    with db.reading() as session:
        assert session.get_one(Passport, second).is_old_twin is None
    assert len(live("X0000001")) == 1
    (again,) = bring(cells(2, application_no=application, passport_no="X0000009"))
    assert codes([again]) == ["other_passport_no"]
    assert first != second


def test_old_twin_takes_no_number_of_another_book(app):
    _, second = old_twins("A-01", "A-02")
    builders.passport(7)
    with db.reading() as session:
        application = session.get_one(Passport, second).application_no
    assert codes(bring(cells(2, application_no=application, passport_no="X0000007"))) == ["duplicate_passport_no"]


def test_shelf_check_shows_every_old_twin(app, api):
    first, second = old_twins("C-04", "F-01")
    check = {"rack": "C", "numbers": ["X0000001"]}
    answer = api("desk").post("/api/v1/shelves/checks", json=check).get_json()
    assert {(row["passport_id"], row["verdict"]) for row in answer["rows"]} == {(first, "twin"), (second, "twin")}
    assert answer["counts"]["missing"] == answer["counts"]["foreign"] == 0
    page = builders.signed_in(app, "desk").post("/desk/shelves", data={"rack": "C", "numbers": "X0000001"}).text
    assert page.count("Nomor ganda") >= 2
