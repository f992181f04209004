"""A cancellation needs a ground of Pasal 30, a supervisor who has just proved who they are, and a book that is free."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.accounts.models import SignIn
from ampera.audit import AuditEntry
from ampera.offices.models import Office
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps

BODY = {"minutes": "BA-7/2026", "ground": "e", "password": builders.PASSWORD}


def cancel(client, passport_id, **changes):
    """POST the cancellation; gives its status and its error."""
    body = {name: value for name, value in {**BODY, **changes}.items() if value is not None}
    answer = client.post(f"/api/v1/passports/{passport_id}/cancel", json=body)
    return answer.status_code, answer.get_json().get("error")


def state(passport_id):
    with db.reading() as session:
        return session.get_one(Passport, passport_id).state


def issued(days_ago, **fields):
    return builders.passport(1, issued_on=clock.today() - timedelta(days=days_ago), **fields)


@on_both
def test_ground_and_minutes_are_recorded_in_the_history(app, sign_in):
    book = builders.passport(1)
    assert cancel(sign_in("supervisor"), book, ground="b") == (200, None)
    with db.reading() as session:
        details = session.scalar(select(AuditEntry.details).where(AuditEntry.action == "passport.cancelled"))
    assert '"ground":"b"' in details.replace(" ", "") and "BA-7/2026" in details
    assert state(book) == "cancelled"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ground": None}, "ground"),
        ({"ground": "f"}, "ground"),
        ({"ground": ""}, "ground"),
        ({"minutes": " "}, "minutes"),
    ],
)
def test_cancellation_without_a_ground_of_the_law_is_refused_by_field(changes, field, sign_in):
    book = builders.passport(1)
    status, error = cancel(sign_in("supervisor"), book, **changes)
    assert status == 422 and field in error["fields"] and state(book) == "ready"


def test_form_without_a_ground_is_refused(app, sign_in):
    book = builders.passport(1)
    supervisor = sign_in("supervisor")
    supervisor.post(f"/desk/books/{book}/cancel", data={"minutes": "BA-1"})
    assert "Pilih dasar pembatalan" in supervisor.get(f"/desk/books/{book}").text and state(book) == "ready"


def test_cancellation_needs_a_fresh_sign_in_or_the_password(app, api, sign_in):
    book = builders.passport(1)
    assert cancel(api("supervisor"), book)[1]["code"] == "forbidden"  # a key
    supervisor = sign_in("supervisor")
    builders.set_columns(SignIn, {}, proved_at=clock.now() - timedelta(minutes=11))
    supervisor.post(f"/desk/books/{book}/cancel", data={"minutes": "BA-1", "ground": "e"})
    assert cancel(supervisor, book, password=None)[1]["code"] == "fresh_sign_in_needed"
    assert cancel(supervisor, book, password="salah")[1]["code"] == "wrong_password"
    assert state(book) == "ready"
    typed = {"minutes": "BA-1", "ground": "e", "password": builders.PASSWORD}
    supervisor.post(f"/desk/books/{book}/cancel", data=typed)
    assert state(book) == "cancelled"


@pytest.mark.parametrize("days", [0, 3, 27])
def test_month_that_is_not_over_is_no_ground(days, sign_in):
    book = issued(days)
    status, error = cancel(sign_in("supervisor"), book, ground="d")
    assert (status, error["code"], list(error["fields"])) == (422, "ground_not_due", ["ground"])
    assert cancel(sign_in("supervisor"), book, ground="c") == (200, None)


def test_month_is_a_ground_from_the_day_after_the_last_day(sign_in):
    book = issued(30, state="held")
    builders.set_columns(Office, {"id": 1}, options={"collection_limit": "30 days"})
    assert cancel(sign_in("supervisor"), book, ground="d")[1]["code"] == "ground_not_due"
    builders.set_columns(Passport, {"id": book}, issued_on=clock.today() - timedelta(days=31))
    assert cancel(sign_in("supervisor"), book, ground="d") == (200, None)


def test_extensions_of_the_office_and_of_the_book_move_the_day(sign_in):
    until = clock.today() + timedelta(days=1)
    book = issued(90, late_until=until)
    assert cancel(sign_in("supervisor"), book, ground="d")[1]["code"] == "ground_not_due"
    builders.set_columns(Passport, {"id": book}, late_until=None)
    builders.set_columns(Office, {"id": 1}, options={"deadline_extended_until": until.isoformat()})
    assert cancel(sign_in("supervisor"), book, ground="d")[1]["code"] == "ground_not_due"


@on_both
def test_book_that_is_being_served_is_cancelled_after_the_visit(app, api, sign_in):
    officer, supervisor = api("officer"), sign_in("supervisor")
    (first, second), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    assert {cancel(supervisor, book)[1]["code"] for book in (first, second)} == {"being_served"}
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(first, 1))).status_code == 201
    assert cancel(supervisor, first)[1]["code"] == "wrong_state"
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert cancel(supervisor, second) == (200, None)


def test_book_of_a_waiting_vehicle_is_cancelled(api, sign_in):
    (book,), code = builders.ready(1)
    visit = steps.scan(api("officer"), code).get_json()["visit"]
    assert cancel(sign_in("supervisor"), book) == (200, None)
    served = api("officer").post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1})
    request = steps.body(visit["id"], steps.book(book, 1))
    assert served.status_code == 200
    assert api("officer").post("/api/v1/handovers", json=request).get_json()["error"]["code"] == "not_ready"
