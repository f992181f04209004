"""What the desk does with a book: the table of moves, reasons, roles, the audit row of every change and refusal."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ampera import audit, db, events
from ampera.errors import Refused
from ampera.passports import service, states
from ampera.passports.events import BookChanged
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps


def book(passport_id: int) -> Passport:
    with db.reading() as session:
        return session.get_one(Passport, passport_id)


def rows(passport_id: int) -> list[tuple[str, dict]]:
    with db.reading() as session:
        found = audit.story(session, [f"passport:{passport_id}"])
        return [(row.action, json.loads(row.details)) for row in found]


@pytest.mark.parametrize("state", states.State)
@pytest.mark.parametrize("move", ["hold", "release", "cancel"])
def test_a_book_moves_only_as_the_table_says(app, state, move):
    one = builders.passport(1, state=state)
    result = getattr(service, move)(builders.actor("supervisor"), one, "BA-7/2026 contoh")
    allowed, target = states.MOVES[move]
    if state in allowed:
        assert result.state == book(one).state == target
    else:
        assert result == Refused("wrong_state", 409)
        assert book(one).state == state
        assert rows(one) == [(f"passport.{move}_refused", {"code": "wrong_state"})]


@on_both
def test_hold_and_release_keep_the_reason_and_the_history(app):
    one, desk = builders.passport(1), builders.actor("desk")
    assert service.hold(desk, one, "  foto \n perlu dicek ").held_reason == "foto perlu dicek"
    assert service.release(desk, one, "sudah dicek").held_reason is None
    assert rows(one) == [
        ("passport.held", {"reason": "foto perlu dicek"}),
        ("passport.released", {"reason": "sudah dicek"}),
    ]


@pytest.mark.parametrize("act", ["hold", "release", "move", "cancel"])
def test_nothing_is_done_without_a_reason_and_the_refusal_is_recorded(app, act):
    one = builders.passport(1)
    result = getattr(service, act)(builders.actor("supervisor"), one, "  \n ")
    assert result.status == 422 and list(result.fields.values()) == [result.code]
    assert rows(one) == [(f"passport.{act}_refused", {"code": result.code})]


@pytest.mark.parametrize("act", ["hold", "cancel"])
def test_a_book_that_is_held_or_cancelled_cannot_leave_even_from_the_window(api, act):
    """The vehicle is already being served when the desk finds something."""
    officer = api("officer")
    (one,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    getattr(service, act)(builders.actor("supervisor"), one, "BA-7/2026 contoh")
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(one, 1)))
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "not_ready")
    assert book(one).state == states.MOVES[act][1]
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert steps.scan(officer, code).json["verdict"] == states.MOVES[act][1]


def test_only_a_supervisor_cancels(app):
    one = builders.passport(1)
    assert service.cancel(builders.actor("desk"), one, "BA-7/2026") == Refused("forbidden", 403)
    assert service.cancel(builders.actor("supervisor"), one, "BA-7/2026").state == "cancelled"
    assert [action for action, _ in rows(one)] == ["passport.cancel_refused", "passport.cancelled"]


@on_both
def test_a_shelf_is_written_one_way_and_both_shelves_are_told(app):
    one = builders.passport(1, shelf="C-01-02")
    assert service.move(builders.actor("desk"), one, " c-04-18 ").shelf == "C-04-18"
    assert rows(one) == [("passport.moved", {"before": "C-01-02", "shelf": "C-04-18"})]
    assert service.move(builders.actor("desk"), one, "=1+1").code == "shelf_invalid"


@pytest.mark.parametrize("state", ["collected", "cancelled"])
def test_a_book_that_is_not_here_has_no_shelf_to_move_to(app, state):
    assert service.move(builders.actor("desk"), builders.passport(1, state=state), "A-1").code == "wrong_state"


def test_contact_is_stored_clean_and_never_told_in_the_audit(app):
    one = builders.passport(1, email="lama@contoh.test")
    service.correct(builders.actor("desk"), one, "0812 3456-7890", "")
    assert (book(one).phone, book(one).email) == ("+6281234567890", None)
    assert rows(one) == [("passport.corrected", {"fields": ["phone", "email"]})]
    wrong = service.correct(builders.actor("desk"), one, "12", "bukan surel")
    assert wrong.fields == {"phone": "phone_invalid", "email": "email_invalid"}
    assert book(one).phone == "+6281234567890"


def test_another_office_s_book_does_not_exist(app):
    other = builders.passport(1, office_id=builders.office("JKT"))
    desk = builders.actor("supervisor")
    told = [getattr(service, act)(desk, other, "A-1") for act in ("hold", "release", "move", "cancel")]
    told.append(service.correct(desk, other, "", ""))
    assert {one.status for one in told} == {404}
    assert book(other).state == "ready"


def test_a_change_is_told_after_the_commit_and_a_refusal_is_not(app):
    told: list[BookChanged] = []
    events.after(BookChanged)(told.append)
    one = builders.passport(1)
    service.release(builders.actor("desk"), one, "salah")
    assert told == []
    service.hold(builders.actor("desk"), one, "cek")
    assert told == [BookChanged(1, one)]


def test_the_api_takes_exactly_its_fields(api):
    one = builders.passport(1)
    desk = api("desk")
    assert desk.post(f"/api/v1/passports/{one}/hold", json={"reason": "cek", "more": 1}).status_code == 422
    held = desk.post(f"/api/v1/passports/{one}/hold", json={"reason": "cek"})
    assert held.json == {"passport_id": one, "state": "held", "shelf": "C-00-01", "held_reason": "cek"}
    assert desk.post(f"/api/v1/passports/{one}/hold", json={"reason": "cek"}).status_code == 409
    assert desk.post(f"/api/v1/passports/{one}/release", json={"reason": "beres"}).status_code == 200
    assert desk.post(f"/api/v1/passports/{one}/move", json={"shelf": "B-1"}).json["shelf"] == "B-1"
    assert desk.post(f"/api/v1/passports/{one}/cancel", json={"minutes": "BA-1"}).status_code == 403
    assert api("officer").post(f"/api/v1/passports/{one}/hold", json={"reason": "x"}).status_code == 403
    cancelled = api("supervisor").post(f"/api/v1/passports/{one}/cancel", json={"minutes": "BA-1"})
    assert cancelled.json["state"] == "cancelled"


@on_both
def test_of_many_who_hold_at_once_one_does(app):
    """Everybody saw a ready book; the conditional update lets one of them have it, the others are refused."""
    one, actor = builders.passport(1), builders.actor("desk")
    together = threading.Barrier(8)

    def hold(n: int) -> service.Book | Refused:
        with app.app_context():
            together.wait()
            return service.hold(actor, one, f"alasan {n}")

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(hold, range(8)))
    (held,) = [result for result in results if isinstance(result, service.Book)]
    assert book(one).held_reason == held.held_reason
    assert sorted(action for action, _ in rows(one)) == ["passport.held"] + ["passport.hold_refused"] * 7
