"""The check of a rack: books that are there, missing or misplaced, and the stored counts."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from ampera import db
from ampera.audit import AuditEntry
from ampera.passports.shelf_check import MOST, numbers_in
from ampera.visits.picks import service as picks_service
from tests import builders
from tests.conftest import on_both


def number(n: int) -> str:
    """The number in the book of `builders.passport(n)`."""
    return f"X{n:07d}"


def check(client: Any, rack: str, *numbers: str, **more: Any) -> Any:
    return client.post("/api/v1/shelves/checks", json={"rack": rack, "numbers": list(numbers), **more})


def verdicts(answer: Any) -> dict[Any, str]:
    """Passport id (or the typed number, without a book) -> verdict."""
    return {row["passport_id"] or row["typed"]: row["verdict"] for row in answer.get_json()["rows"]}


def checks() -> list[AuditEntry]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "shelf.checked")))


@on_both
def test_each_book_of_a_rack_gets_a_verdict(app, api):
    here, missing = builders.passport(1, shelf="C-04-17"), builders.passport(2, shelf="c-4-18", state="held")
    foreign, beside = builders.passport(3, shelf="D-01"), builders.passport(4, shelf="C-40")
    gone, void = builders.passport(5, state="collected"), builders.passport(6, state="cancelled")
    answer = check(api("desk"), "C-04", *map(number, (1, 3, 5, 6, 77)))
    assert verdicts(answer) == {
        here: "here",
        missing: "missing",
        foreign: "foreign",
        gone: "surplus",
        void: "surplus",
        number(77): "surplus",
    }
    assert answer.get_json()["counts"] == {"here": 1, "missing": 1, "away": 0, "foreign": 1, "surplus": 3}
    why = {row["typed"]: row["why"] for row in answer.get_json()["rows"] if row["verdict"] == "surplus"}
    assert why == {number(5): "collected", number(6): "cancelled", number(77): "unknown"}
    assert beside not in verdicts(answer)


def test_a_book_that_a_clerk_carries_is_not_missing(app, api):
    taken, lost = builders.passport(1, shelf="C-1"), builders.passport(2, shelf="C-2")
    picks_service.pick(builders.actor("desk"), [taken], "take")
    picks_service.pick(builders.actor("desk"), [lost], "missing")
    assert verdicts(check(api("desk"), "C")) == {taken: "away", lost: "missing"}
    assert verdicts(check(api("desk"), "C", number(1), number(2))) == {taken: "here", lost: "here"}


def test_a_foreign_book_is_here_after_the_move(app, api):
    book = builders.passport(1, shelf="D-1")
    assert verdicts(check(api("desk"), "C", number(1))) == {book: "foreign"}
    assert api("desk").post(f"/api/v1/passports/{book}/move", json={"shelf": "C"}).status_code == 200
    assert verdicts(check(api("desk"), "C", number(1))) == {book: "here"}


def test_the_same_number_of_an_old_and_a_new_record_means_the_book_on_the_shelf(app, api):
    old = builders.passport(1, state="cancelled", shelf="C-1")
    new = builders.passport(2, passport_no=number(1), shelf="C-1")
    assert verdicts(check(api("desk"), "C", number(1))) == {new: "here"} and old != new


def test_a_book_of_another_office_is_unknown_here(app, api):
    builders.office("JKT")
    builders.passport(1, office_id=2, shelf="C-1")
    answer = check(api("desk"), "C", number(1))
    assert verdicts(answer) == {number(1): "surplus"}
    (row,) = answer.get_json()["rows"]
    assert row["holder_name"] is None and row["shelf"] is None


def test_a_pickup_code_is_neither_looked_up_nor_returned(app, api):
    _, code = builders.ready(1, shelf="D-1")
    answer = check(api("desk"), "C", code)
    assert answer.get_json()["rows"][0]["why"] == "unreadable" and code not in answer.text


def test_only_counts_of_a_finished_check_are_stored(app, api):
    builders.passport(1, shelf="C-1", holder_name="Namarahasia")
    check(api("desk"), "C", number(1))
    assert checks() == []
    check(api("desk"), "c", number(1), number(9), is_finished=True)
    (row,) = checks()
    assert row.subject == "shelf:C" and row.staff_id == builders.staff("desk.plg").id
    details = json.loads(row.details)
    assert details.pop("key"), "which key has looked is known"
    assert details == {"here": 1, "missing": 0, "away": 0, "foreign": 0, "surplus": 1}


@pytest.mark.parametrize("rack", ["---", "=1+1", "\x00", " "])
def test_an_impossible_rack_is_refused(app, api, rack):
    answer = check(api("desk"), rack)
    assert answer.status_code == 422 and "rack" in answer.get_json()["error"]["fields"]


def test_a_check_is_bounded(app, api, sign_in):
    many = [number(n) for n in range(MOST + 1)]
    assert check(api("desk"), "C", *many).status_code == 422
    page = sign_in("desk").post("/desk/shelves", data={"rack": "C", "numbers": "\n".join(many), "act": "finish"})
    assert "Terlalu banyak nomor" in page.text and checks() == []


def test_numbers_of_people_and_scanners_are_read():
    assert numbers_in(" x0000001\r\nX 0000002; x-0000001,, ") == ["X0000001", "X", "0000002"]


def test_the_form_compares_finishes_and_lists_the_last_check(app, sign_in):
    builders.passport(1, shelf="C-04-17")
    builders.passport(2, shelf="C-04-18")
    builders.passport(3, shelf="D-01-01")
    clerk = sign_in("desk")
    assert 'href="/desk/shelves?rack=C-04"' in clerk.get("/desk/shelves").text
    page = clerk.get("/desk/shelves?rack=c-04").text
    assert "Contoh Orang 1" in page and "Contoh Orang 3" not in page
    form = {"rack": "C-04", "numbers": f"{number(1)}\n{number(3)}"}
    page = clerk.post("/desk/shelves", data=form).text
    assert (
        "Salah rak" in page and 'action="/desk/books/3/move"' in page and f"{number(1)}\n{number(3)}</textarea>" in page
    )
    assert checks() == []
    assert "Pemeriksaan tercatat" in clerk.post("/desk/shelves", data={**form, "act": "finish"}).text
    listed = clerk.get("/desk/shelves").text
    assert "1 tidak ada" in listed and "Petugas Contoh desk.plg" in listed


def test_an_officer_checks_no_rack(app, sign_in):
    assert sign_in("officer").get("/desk/shelves").status_code == 403
