"""A book's story: only its own facts, each cause before its effect."""

from ampera import db
from ampera.desk.story_queries import story
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps


def actions(book: int) -> list[str]:
    with db.reading() as session:
        return [event.action for event in story(session, session.get_one(Passport, book))]


@on_both
def test_refusal_is_in_the_story_of_the_mismatched_book_only(app, api):
    officer = api("officer")
    (first, second), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    wrong = steps.book(second, 2, identity={"nik_last4": "0000"})
    request = steps.body(visit["id"], steps.book(first, 1), wrong, collector=steps.FAMILY)
    assert officer.post("/api/v1/handovers", json=request).status_code == 422
    assert "handover.refused" in actions(second) and "handover.refused" not in actions(first)


def test_refusal_of_a_submission_is_in_the_story_of_submitted_books_only(app, api):
    officer = api("officer")
    (first, second, third), code = builders.ready(1, 2, 3)
    visit = steps.serving(officer, code)
    nothing = {**steps.FAMILY, "shown": []}
    request = steps.body(visit["id"], steps.book(first, 1), steps.book(second, 2), collector=nothing)
    assert officer.post("/api/v1/handovers", json=request).status_code == 422
    assert [("handover.refused" in actions(book)) for book in (first, second, third)] == [True, True, False]


def test_scan_is_before_the_visit_in_the_story(app, api):
    (book,), code = builders.ready(1)
    steps.serving(api("officer"), code)
    found = actions(book)
    assert found.index("scan.ok") < found.index("visit.opened") < found.index("visit.served")


def test_story_leaves_out_other_codes_of_the_car_and_a_car_without_the_book(app, api):
    officer = api("officer")
    (first,), code = builders.ready(1)
    (second,), other = builders.ready(2)
    visit = steps.scan(officer, code).get_json()["visit"]
    assert steps.scan(officer, other, visit_id=visit["id"]).status_code == 200
    assert "visit.joined" in actions(second) and "visit.joined" not in actions(first)
    assert officer.delete(f"/api/v1/visits/{visit['id']}/pickups/2").status_code == 200
    officer.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1})
    assert "visit.taken_out" in actions(second) and "visit.taken_out" not in actions(first)
    assert "visit.served" in actions(first) and "visit.served" not in actions(second)
