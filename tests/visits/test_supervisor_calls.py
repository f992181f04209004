"""A call for a supervisor: who may make, take, decide and withdraw it, what a decision changes, and that it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.accounts.models import Staff
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.visits import states
from ampera.visits.models import SupervisorCall, Visit
from ampera.visits.tasks import close_day
from tests import builders
from tests.accounts.test_factors import add_app, code_now, wrong_code
from tests.conftest import on_both
from tests.handovers import steps as window
from tests.visits import steps

REASON = "Pemohon dirawat di rumah sakit (contoh)"


@pytest.fixture
def officer(sign_in):
    return sign_in("officer")


@pytest.fixture
def supervisor(sign_in):
    return sign_in("supervisor")


@pytest.fixture
def served(officer):
    """A vehicle with the book 1, served by the officer at lane 1."""
    return window.serving(officer, builders.ready(1)[1])


def late(n=1):
    """A book that was issued sixty days ago, and its code."""
    (book,), code = builders.ready(n, issued_on=clock.today() - timedelta(days=60))
    return book, code


def path(visit, step=""):
    return f"/api/v1/visits/{visit['id']}/supervisor{step}"


def call(client, visit, reason="other"):
    answer = client.post(path(visit), json={"reason": reason})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def decide(client, visit, decision, **more):
    return client.post(path(visit, "/decision"), json={"decision": decision, **more})


def decided(client, visit, decision, **more):
    answer = decide(client, visit, decision, **more)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def at_tablet(login="supervisor.plg", password=builders.PASSWORD):
    return {"login": login, "password": password}


def refusal(answer):
    return answer.status_code, answer.get_json()["error"]["code"]


def open_calls(client):
    return client.get("/api/v1/supervisor-calls").get_json()["calls"]


def lane_calls(client, lane=1):
    return client.get(f"/api/v1/lanes/{lane}/state").get_json()["supervisor_calls"]


def books(client, visit):
    (card,) = [card for card in client.get("/api/v1/visits").get_json()["visits"] if card["id"] == visit["id"]]
    return card["passports"]


def lock(client, visit, book):
    for _ in range(3):
        body = {"passport_id": book, "identity": {"nik_last4": "9999"}}
        client.post(f"/api/v1/visits/{visit['id']}/checks", json=body)


def steps_of(visit):
    """The audited steps of the visit's call."""
    with db.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"visit:{visit['id']}"))
        return [row.action for row in rows if row.action.startswith("supervisor.")]


def hand_over(client, visit, book, **more):
    body = window.body(visit["id"], window.book(book, 1), **more)
    return client.post("/api/v1/handovers", json=body)


@on_both
def test_supervisors_and_the_lane_see_a_call_until_the_decision(app, officer, supervisor):
    visit = window.serving(officer, builders.ready(1)[1], lane=2)
    made = call(officer, visit)
    assert (made["queue_no"], made["lane"], made["reason"], made["taken_by"]) == ("A001", 2, "other", None)
    assert [shown["id"] for shown in open_calls(supervisor)] == [made["id"]]
    taken = supervisor.post(path(visit, "/take")).get_json()
    assert taken["taken_by"] == builders.staff("supervisor.plg").name
    assert lane_calls(officer, 2)[0]["taken_by"] == taken["taken_by"]
    ended = decided(supervisor, visit, "attend")
    assert (ended["ended_how"], ended["decided_by"]) == ("decided", taken["taken_by"])
    assert open_calls(supervisor) == []
    assert lane_calls(officer, 2)[0]["decision"] == "attend"
    assert steps_of(visit) == ["supervisor.called", "supervisor.taken", "supervisor.decided"]


def test_second_call_of_a_visit_returns_the_open_one(officer, served):
    first = call(officer, served, "locked")
    assert call(officer, served, "other") == first
    assert steps_of(served) == ["supervisor.called"]


def test_officer_withdraws_and_calls_again(officer, supervisor, served):
    first = call(officer, served)
    assert officer.delete(path(served)).get_json()["ended_how"] == "withdrawn"
    assert refusal(officer.delete(path(served))) == (409, "call_over")
    assert refusal(supervisor.post(path(served, "/take"))) == (409, "call_over")
    assert call(officer, served)["id"] != first["id"]


def test_answer_to_a_withdrawn_call_does_not_decide_the_next_one(officer, supervisor, served):
    first = call(officer, served, "no_signature")
    officer.delete(path(served))
    second = call(officer, served, "other")
    assert refusal(decide(supervisor, served, "refuse", call_id=first["id"])) == (409, "call_over")
    assert refusal(supervisor.post(path(served, "/take"), json={"call_id": first["id"]})) == (409, "call_over")
    assert [(shown["id"], shown["taken_by"]) for shown in open_calls(supervisor)] == [(second["id"], None)]
    assert supervisor.post(path(served, "/take"), json={"call_id": second["id"]}).status_code == 200
    assert decided(supervisor, served, "attend", call_id=second["id"])["id"] == second["id"]


def test_only_the_officer_who_serves_may_call_or_withdraw(officer, sign_in, served):
    other = sign_in("officer2")
    assert refusal(other.post(path(served), json={"reason": "other"})) == (409, "claimed_elsewhere")
    call(officer, served)
    assert refusal(other.delete(path(served))) == (409, "claimed_elsewhere")
    assert refusal(officer.post(path(served), json={"reason": "bosan"})) == (422, "invalid")


def test_of_two_supervisors_the_second_learns_who_was_first(officer, supervisor, sign_in, served):
    call(officer, served)
    assert supervisor.post(path(served, "/take")).status_code == 200
    assert supervisor.post(path(served, "/take")).status_code == 200
    answer = sign_in("supervisor2").post(path(served, "/take"))
    assert refusal(answer) == (409, "call_taken")
    assert answer.get_json()["error"]["by"] == builders.staff("supervisor.plg").name
    assert builders.staff("supervisor.plg").name in answer.get_json()["error"]["message"]


def test_of_two_decisions_the_second_learns_who_decided(officer, supervisor, sign_in, served):
    call(officer, served)
    decided(supervisor, served, "refuse")
    answer = decide(sign_in("supervisor2"), served, "attend")
    assert refusal(answer) == (409, "call_over")
    assert (answer.get_json()["error"]["by"], answer.get_json()["error"]["decision"]) == (
        builders.staff("supervisor.plg").name,
        "refuse",
    )


@on_both
def test_unlocking_lets_the_form_go_on(app, officer, supervisor):
    (book,), code = builders.ready(1)
    visit = window.serving(officer, code)
    lock(officer, visit, book)
    call(officer, visit, "locked")
    assert open_calls(supervisor)[0]["books"][0] == {
        "passport_id": book, "holder_name": "Contoh Orang 1", "locked": True, "overdue": False,
    }  # fmt: skip
    assert refusal(hand_over(officer, visit, book)) == (409, "locked")
    decided(supervisor, visit, "unlock")
    assert not books(officer, visit)[0]["locked"]
    assert hand_over(officer, visit, book).status_code == 201


def test_refused_unlock_leaves_the_call_open(officer, supervisor):
    (book,), code = builders.ready(1)
    visit = window.serving(officer, code)
    for _ in range(3):
        lock(officer, visit, book)
        assert supervisor.post(f"/api/v1/passports/{book}/unlock", json={}).status_code == 200
    lock(officer, visit, book)
    call(officer, visit, "locked")
    assert refusal(decide(supervisor, visit, "unlock")) == (429, "too_many_requests")
    assert len(open_calls(supervisor)) == 1


@on_both
def test_overdue_vehicle_waits_for_a_supervisor_and_goes_on(app, officer, supervisor):
    book, code = late()
    assert window.scan(officer, code).get_json()["visit"] is None
    answer = window.scan(officer, code, for_supervisor=True).get_json()
    assert (answer["verdict"], answer["next"], answer["visit"]["state"]) == ("overdue", "supervisor", "waiting")
    visit = answer["visit"]
    call(officer, visit, "overdue")
    assert refusal(decide(supervisor, visit, "allow_late")) == (422, "reason_missing")
    decided(supervisor, visit, "allow_late", reason=REASON)
    again = window.scan(officer, code).get_json()
    assert (again["verdict"], again["visit"]["id"]) == ("ok", visit["id"])
    steps.moved(officer, visit, "serve")
    assert hand_over(officer, visit, book).status_code == 201
    with db.reading() as session:
        assert session.get_one(Passport, book).late_until == clock.today()


def test_locked_vehicle_waits_for_a_supervisor_and_goes_on(officer, supervisor):
    (book,), code = builders.ready(1)
    visit = window.serving(officer, code)
    lock(officer, visit, book)
    steps.moved(officer, visit, "leave")
    answer = window.scan(officer, code).get_json()
    assert (answer["verdict"], answer["next"], answer["visit"]) == ("held", "supervisor", None)
    assert "penyelia" in answer["advice"]
    visit = window.scan(officer, code, for_supervisor=True).get_json()["visit"]
    call(officer, visit, "locked")
    decided(supervisor, visit, "unlock")
    assert window.scan(officer, code).get_json()["tone"] == "go"


def test_no_vehicle_waits_for_a_supervisor_where_none_is_admitted(officer):
    _, code = late()
    steps.lane(1, is_open=False)
    answer = window.scan(officer, code, for_supervisor=True).get_json()
    assert (answer["verdict"], answer["visit"]) == ("overdue", None)


def test_held_vehicle_does_not_wait_for_a_supervisor(officer):
    _, code = builders.ready(1, state="held")
    answer = window.scan(officer, code, for_supervisor=True).get_json()
    assert (answer["verdict"], answer["next"], answer["visit"]) == ("held", "inside", None)


def test_scan_for_a_supervisor_is_another_request(officer):
    _, code = late()
    plain = window.scan(officer, code).get_json()["scan_id"]
    assert refusal(window.scan(officer, code, scan_id=plain, for_supervisor=True)) == (422, "key_reused")


def test_record_without_a_signature_names_the_permitting_supervisor(officer, supervisor):
    steps.option("may_be_unsigned", False)
    (book,), code = builders.ready(1)
    visit = window.serving(officer, code)
    claimed = {"signature": None, "unsigned_reason": "Katanya boleh"}
    assert refusal(hand_over(officer, visit, book, **claimed)) == (422, "signature_missing")
    call(officer, visit, "no_signature")
    assert refusal(decide(supervisor, visit, "allow_unsigned")) == (422, "reason_missing")
    decided(supervisor, visit, "allow_unsigned", reason="Tangan cedera")
    assert hand_over(officer, visit, book, **claimed).status_code == 201
    with db.reading() as session:
        row = session.scalars(select(Handover)).one()
        assert row.unsigned_reason == f"Tangan cedera ({builders.staff('supervisor.plg').name})"


def test_permission_without_a_signature_is_for_one_visit(officer, supervisor):
    steps.option("may_be_unsigned", False)
    visit = window.serving(officer, builders.ready(1)[1])
    call(officer, visit, "no_signature")
    decided(supervisor, visit, "allow_unsigned", reason="Tangan cedera")
    (book,), code = builders.ready(2)
    other = window.serving(officer, code)
    body = window.body(other["id"], window.book(book, 2), signature=None)
    assert refusal(officer.post("/api/v1/handovers", json=body)) == (422, "signature_missing")


def test_supervisor_does_not_use_the_own_permission(officer, supervisor):
    steps.option("may_be_unsigned", False)
    (book,), code = builders.ready(1)
    visit = window.scan(officer, code).get_json()["visit"]
    call(officer, visit, "no_signature")
    decided(supervisor, visit, "allow_unsigned", reason="Tangan cedera")
    steps.moved(supervisor, visit, "serve")
    assert refusal(hand_over(supervisor, visit, book, signature=None)) == (422, "signature_missing")


def test_refusal_changes_no_book(officer, supervisor):
    book, code = late()
    visit = window.scan(officer, code, for_supervisor=True).get_json()["visit"]
    call(officer, visit, "overdue")
    decided(supervisor, visit, "refuse")
    steps.moved(officer, visit, "serve")
    assert refusal(hand_over(officer, visit, book)) == (409, "overdue")


@pytest.mark.parametrize("decision", ["unlock", "allow_late"])
def test_decision_about_no_book_is_refused(officer, supervisor, served, decision):
    call(officer, served)
    assert refusal(decide(supervisor, served, decision, reason=REASON)) == (409, "nothing_to_decide")
    assert len(open_calls(supervisor)) == 1


def test_officer_decides_nothing(officer, sign_in, served):
    call(officer, served)
    for client in (officer, sign_in("officer2")):
        assert refusal(decide(client, served, "attend")) == (403, "forbidden")


def test_second_person_decides(supervisor, sign_in):
    visit = window.serving(supervisor, builders.ready(1)[1])
    call(supervisor, visit)
    assert refusal(decide(supervisor, visit, "attend")) == (409, "own_call")
    assert refusal(supervisor.post(path(visit, "/take"))) == (409, "own_call")
    decided(sign_in("supervisor2"), visit, "attend")


def test_who_serves_the_vehicle_does_not_decide(officer, supervisor):
    visit = window.scan(officer, builders.ready(1)[1]).get_json()["visit"]
    call(officer, visit)
    steps.moved(supervisor, visit, "serve")
    assert refusal(decide(supervisor, visit, "attend")) == (409, "own_call")


# --- at the officer's tablet ---


@on_both
def test_supervisor_signs_on_the_tablet_and_the_officer_stays_signed_in(app, officer):
    (book,), code = builders.ready(1)
    visit = window.serving(officer, code)
    lock(officer, visit, book)
    call(officer, visit, "locked")
    ended = decided(officer, visit, "unlock", **at_tablet())
    assert ended["decided_by"] == builders.staff("supervisor.plg").name
    assert hand_over(officer, visit, book).status_code == 201
    with db.reading() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.action == "supervisor.decided")).one()
        vouched = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.vouched")).one()
    assert row.staff_id == vouched.staff_id == builders.staff("supervisor.plg").id
    assert f'"tablet_of":{builders.staff("officer.plg").id}' in row.details


@pytest.mark.parametrize("login", ["officer.plg", "officer2.plg", "desk.plg", "admin.plg", "supervisor.jkt"])
def test_only_a_supervisor_of_the_office_signs_on_the_tablet(officer, served, login):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    call(officer, served)
    assert refusal(decide(officer, served, "attend", **at_tablet(login))) == (403, "not_a_supervisor")
    assert steps_of(served)[-1] == "supervisor.refused"


def test_supervisor_who_called_does_not_sign_on_the_own_tablet(supervisor):
    visit = window.serving(supervisor, builders.ready(1)[1])
    call(supervisor, visit)
    assert refusal(decide(supervisor, visit, "attend", **at_tablet())) == (403, "not_a_supervisor")


def test_wrong_passwords_on_the_tablet_are_counted_and_end_no_session(officer, served):
    call(officer, served)
    for _ in range(5):
        wrong = decide(officer, served, "attend", **at_tablet(password="salah"))
        assert refusal(wrong) == (403, "wrong_password")
    assert refusal(decide(officer, served, "attend", **at_tablet())) == (429, "account_rests")
    assert officer.get("/api/v1/visits").status_code == 200
    with db.reading() as session:
        misses = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.sign_in_refused")).all()
    assert len(misses) == 5


def test_right_password_forgives_the_misses_before(officer, served):
    for _ in range(3):
        call(officer, served)
        for _ in range(4):
            decide(officer, served, "attend", **at_tablet(password="salah"))
        decided(officer, served, "attend", **at_tablet())


def test_password_that_somebody_else_knows_decides_nothing(officer, served):
    builders.set_columns(Staff, {"login": "supervisor.plg"}, must_change=True)
    call(officer, served)
    assert refusal(decide(officer, served, "attend", **at_tablet())) == (403, "password_change_needed")


def test_supervisor_with_a_second_factor_also_types_a_code(app, officer, served):
    add_app(app)
    call(officer, served)
    assert refusal(decide(officer, served, "attend", **at_tablet())) == (403, "factor_needed")
    wrong = decide(officer, served, "attend", **at_tablet(), code=wrong_code())
    assert refusal(wrong) == (403, "factor_wrong") and "code" in wrong.get_json()["error"]["fields"]
    code = code_now()
    decided(officer, served, "attend", **at_tablet(), code=code)
    call(officer, served)
    assert refusal(decide(officer, served, "attend", **at_tablet(), code=code)) == (403, "factor_wrong")


@pytest.mark.parametrize("reason", ["x" * 121, "ke\u202eatas", "dua\nbaris"])
def test_reason_of_a_decision_is_one_short_visible_line(officer, supervisor, served, reason):
    call(officer, served)
    assert refusal(decide(supervisor, served, "allow_unsigned", reason=reason)) == (422, "invalid")


# --- every call ends ---


def leave(officer, visit, _code):
    steps.moved(officer, visit, "leave")


def merge(officer, visit, code):
    """The only code of the vehicle joins another vehicle."""
    target = window.scan(officer, builders.ready(7)[1]).get_json()["visit"]
    builders.set_columns(Visit, {"id": visit["id"]}, state="waiting", claim_staff_id=None)
    assert window.scan(officer, code, visit_id=target["id"]).get_json()["visit"]["id"] == target["id"]


def take_out(officer, visit, _code):
    officer.delete(f"/api/v1/visits/{visit['id']}/pickups/{visit['passports'][0]['pickup_id']}")


def hand_all_over(officer, visit, _code):
    assert hand_over(officer, visit, visit["passports"][0]["passport_id"]).status_code == 201


def let_the_day_end(_officer, visit, _code):
    steps.put(visit, day=clock.today() - timedelta(days=1))
    close_day(builders.actor("supervisor"))


@on_both
@pytest.mark.parametrize("end", [leave, merge, take_out, hand_all_over, let_the_day_end])
def test_end_of_the_visit_ends_the_call(app, officer, supervisor, end):
    _, code = builders.ready(1)
    visit = window.serving(officer, code)
    call(officer, visit)
    end(officer, visit, code)
    assert open_calls(supervisor) == []
    assert refusal(decide(supervisor, visit, "attend")) == (409, "call_over")
    with db.reading() as session:
        row = session.scalars(select(SupervisorCall)).one()
        assert session.get_one(Visit, visit["id"]).state in states.ENDED
    assert (row.ended_how, row.decision) == ("visit_over", None)
    assert row.ended_at is not None


def test_ended_visit_is_not_called_for(officer, served):
    steps.moved(officer, served, "leave")
    assert refusal(officer.post(path(served), json={"reason": "other"})) == (409, "wrong_state")


def test_other_office_sees_and_decides_nothing(officer, sign_in, served):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    call(officer, served)
    stranger = sign_in("supervisor", "JKT")
    assert open_calls(stranger) == []
    assert refusal(decide(stranger, served, "attend")) == (404, "not_found")
    assert refusal(stranger.post(path(served, "/take"))) == (404, "not_found")
