"""Changes of a book by the desk: the table of moves, reasons, roles, and an audit row for each change and refusal."""

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
def test_a_book_moves_only_as_the_table_of_moves_allows(app, state, move):
    passport_id = builders.passport(1, state=state)
    more = ["e"] if move == "cancel" else []
    result = getattr(service, move)(builders.actor("supervisor"), passport_id, "BA-7/2026 contoh", *more)
    allowed, target = states.MOVES[move]
    if state in allowed:
        assert result.state == book(passport_id).state == target
    else:
        assert result == Refused("wrong_state", 409)
        assert book(passport_id).state == state
        assert rows(passport_id) == [(f"passport.{move}_refused", {"code": "wrong_state"})]


@on_both
def test_hold_and_release_keep_the_reason_and_the_history(app):
    passport_id, desk = builders.passport(1), builders.actor("desk")
    assert service.hold(desk, passport_id, "  foto \n perlu dicek ").held_reason == "foto perlu dicek"
    assert service.release(desk, passport_id, "sudah dicek").held_reason is None
    assert rows(passport_id) == [
        ("passport.held", {"reason": "foto perlu dicek"}),
        ("passport.released", {"reason": "sudah dicek"}),
    ]


@pytest.mark.parametrize("act", ["hold", "release", "move"])
def test_a_move_without_a_reason_is_refused_and_audited(app, act):
    passport_id = builders.passport(1)
    result = getattr(service, act)(builders.actor("supervisor"), passport_id, "  \n ")
    assert result.status == 422 and list(result.fields.values()) == [result.code]
    assert rows(passport_id) == [(f"passport.{act}_refused", {"code": result.code})]


def test_a_book_that_is_held_cannot_leave_even_from_the_window(api):
    """The desk holds the book while the vehicle is served."""
    officer = api("officer")
    (passport_id,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    service.hold(builders.actor("supervisor"), passport_id, "perlu dicek")
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(passport_id, 1)))
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "not_ready")
    assert book(passport_id).state == "held"
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert steps.scan(officer, code).json["verdict"] == "held"


def test_only_a_supervisor_cancels(app):
    passport_id = builders.passport(1)
    assert service.cancel(builders.actor("desk"), passport_id, "BA-7/2026", "e") == Refused("forbidden", 403)
    assert service.cancel(builders.actor("supervisor"), passport_id, "BA-7/2026", "e").state == "cancelled"
    assert [action for action, _ in rows(passport_id)] == ["passport.cancel_refused", "passport.cancelled"]


@on_both
def test_a_shelf_is_stored_in_one_form_and_both_shelves_are_audited(app):
    passport_id = builders.passport(1, shelf="C-01-02")
    assert service.move(builders.actor("desk"), passport_id, " c-04-18 ").shelf == "C-04-18"
    assert rows(passport_id) == [("passport.moved", {"before": "C-01-02", "shelf": "C-04-18"})]
    assert service.move(builders.actor("desk"), passport_id, "=1+1").code == "shelf_invalid"


@pytest.mark.parametrize("state", ["collected", "cancelled"])
def test_a_book_that_is_not_here_has_no_shelf_to_move_to(app, state):
    assert service.move(builders.actor("desk"), builders.passport(1, state=state), "A-1").code == "wrong_state"


def test_contact_data_is_stored_clean_and_never_audited(app):
    passport_id = builders.passport(1, email="lama@contoh.test")
    service.correct(builders.actor("desk"), passport_id, "0812 3456-7890", "")
    assert (book(passport_id).phone, book(passport_id).email) == ("+6281234567890", None)
    assert rows(passport_id) == [("passport.corrected", {"fields": ["phone", "email"]})]
    wrong = service.correct(builders.actor("desk"), passport_id, "12", "bukan surel")
    assert wrong.fields == {"phone": "phone_invalid", "email": "email_invalid"}
    assert book(passport_id).phone == "+6281234567890"


def test_book_of_another_office_is_not_found(app):
    other = builders.passport(1, office_id=builders.office("JKT"))
    desk = builders.actor("supervisor")
    refusals = [getattr(service, act)(desk, other, "A-1") for act in ("hold", "release", "move")]
    refusals.append(service.cancel(desk, other, "BA-1", "e"))
    refusals.append(service.correct(desk, other, "", ""))
    assert {refusal.status for refusal in refusals} == {404}
    assert book(other).state == "ready"


def test_a_change_emits_an_event_and_a_refusal_does_not(app):
    emitted: list[BookChanged] = []
    events.after(BookChanged)(emitted.append)
    passport_id = builders.passport(1)
    service.release(builders.actor("desk"), passport_id, "salah")
    assert emitted == []
    service.hold(builders.actor("desk"), passport_id, "cek")
    assert emitted == [BookChanged(1, passport_id)]


def test_the_api_accepts_exactly_the_documented_fields(api, sign_in):
    passport_id = builders.passport(1)
    desk = api("desk")
    assert desk.post(f"/api/v1/passports/{passport_id}/hold", json={"reason": "cek", "more": 1}).status_code == 422
    held = desk.post(f"/api/v1/passports/{passport_id}/hold", json={"reason": "cek"})
    assert held.json == {"passport_id": passport_id, "state": "held", "shelf": "C-00-01", "held_reason": "cek"}
    assert desk.post(f"/api/v1/passports/{passport_id}/hold", json={"reason": "cek"}).status_code == 409
    assert desk.post(f"/api/v1/passports/{passport_id}/release", json={"reason": "beres"}).status_code == 200
    assert desk.post(f"/api/v1/passports/{passport_id}/move", json={"shelf": "B-1"}).json["shelf"] == "B-1"
    assert desk.post(f"/api/v1/passports/{passport_id}/cancel", json={"minutes": "BA-1"}).status_code == 403
    assert api("officer").post(f"/api/v1/passports/{passport_id}/hold", json={"reason": "x"}).status_code == 403
    cancelled = sign_in("supervisor").post(
        f"/api/v1/passports/{passport_id}/cancel",
        json={"minutes": "BA-1", "ground": "e", "password": builders.PASSWORD},
    )
    assert cancelled.json["state"] == "cancelled"


@on_both
def test_only_one_of_many_simultaneous_holds_succeeds(app):
    """All callers saw a ready book. The conditional update succeeds for one of them; the others are refused."""
    passport_id, actor = builders.passport(1), builders.actor("desk")
    together = threading.Barrier(8)

    def hold(n: int) -> service.ChangedBook | Refused:
        with app.app_context():
            together.wait()
            return service.hold(actor, passport_id, f"alasan {n}")

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(hold, range(8)))
    (held,) = [result for result in results if isinstance(result, service.ChangedBook)]
    assert book(passport_id).held_reason == held.held_reason
    assert sorted(action for action, _ in rows(passport_id)) == ["passport.held"] + ["passport.hold_refused"] * 7
