"""Every endpoint x every kind of caller. A new endpoint fails here until somebody writes down who may use it."""

from typing import Any

import pytest
from sqlalchemy import func, select

from ampera import audit, clock, db
from ampera.accounts import service
from ampera.accounts.devices import service as device_service
from ampera.accounts.models import SignInTry
from ampera.accounts.roles import ROLES
from ampera.passports.models import Passport
from tests import builders
from tests.access.table import TABLE
from tests.access.world import CALLERS, SAFE, World, new_world, rules

# The unguessable link or a signature is the right, or nothing is done in the sender's name: no session is looked at.
BY_LINK = {"arrivals.signal", "announced.collector", "bookings.act", "find.ask", "survey.answer", "whatsapp.receive"}
BY_LINK |= {"directory.log_out"}  # the token of the directory is the proof
FRAMEWORK = {"static", "api-docs.openapi_json"}  # made by Flask and flask-smorest: they carry no mark, anybody may come


JSON = "application/json"  # the form of a refusal: thousands of pages of errors are not what is asked here


@pytest.fixture(scope="module")
def world(tmp_path_factory, empty_database, until_morning):
    with clock.shift(until_morning), new_world(tmp_path_factory, empty_database) as built:
        yield built


@pytest.fixture(autouse=True)
def fresh(world):
    world.restore()


def is_let_in(answer: Any) -> bool:
    is_sent_away = answer.status_code == 302 and answer.location.startswith("/login?next")
    return answer.status_code not in (401, 403) and not is_sent_away


def test_every_endpoint_stands_in_the_table(world):
    assert {rule.endpoint for rule, _ in rules(world.app)} == set(TABLE)


def test_every_endpoint_carries_a_mark(world):
    views = world.app.view_functions
    assert {name for name, view in views.items() if not getattr(view, "access", None)} == FRAMEWORK


def is_admitted(kind: str, row: Any) -> bool:
    return kind.removeprefix("key of ") in row.who and not (row.people and " " in kind)


@pytest.mark.parametrize("endpoint", TABLE)
def test_endpoint_admits_exactly_the_listed_callers(world, endpoint):
    row = TABLE[endpoint]
    for rule, method in (pair for pair in rules(world.app) if pair[0].endpoint == endpoint):
        for kind in CALLERS:
            may, place = is_admitted(kind, row), (kind, method, rule.rule)
            if may and method not in SAFE:
                world.restore()
            headers = {} if may or kind == "stranger" else {"Accept": JSON}
            answer = world.caller(kind).call(rule, method, world, headers=headers)
            assert answer.status_code < 500, (place, answer.text)
            assert is_let_in(answer) == may, (place, answer.status_code)
            assert not (may and row.foreign and answer.status_code == 404), (place, "what the path names must exist")
            if not may:
                assert answer.status_code in ((302, 401) if kind == "stranger" else (403,)), (place, answer.status_code)


@pytest.mark.parametrize("endpoint", [name for name, row in TABLE.items() if row.foreign])
def test_staff_of_another_office_find_nothing(world, endpoint):
    row = TABLE[endpoint]
    roles = [role for role in row.who if role in ROLES]
    for rule, method in rules(world.app):
        for kind in (kind for role in roles for kind in (role, f"key of {role}")):
            if rule.endpoint == endpoint and is_admitted(kind, row):
                answer = world.caller(kind, "JKT").call(rule, method, world)
                assert answer.status_code == row.foreign, (kind, method, rule.rule, answer.status_code)


def test_book_of_another_office_is_not_taken_over_by_a_repeated_intake(world):
    with db.reading() as session:
        before = session.get_one(Passport, world.ids["passport_id"])
        body = {name: getattr(before, name) for name in ("application_no", "passport_no", "holder_name")}
        body |= {"birth_date": before.birth_date.isoformat(), "issued_on": before.issued_on.isoformat(), "shelf": "Z-9"}
    key = {"Authorization": f"Bearer {world.tokens['key of desk', 'JKT']}"}
    answer = world.app.test_client().post("/api/v1/passports", json={"passports": [body]}, headers=key)
    (row,) = answer.get_json()["rows"]
    own = {row["passport_id"], row["pickup_id"], *(pickup["pickup_id"] for pickup in answer.get_json()["pickups"])}
    assert row["outcome"] == "created", row["problems"]
    assert own.isdisjoint({before.id, before.pickup_id})
    with db.reading() as session:
        after = session.get_one(Passport, world.ids["passport_id"])
        assert (after.office_id, after.shelf) == (before.office_id, before.shelf)


def unsafe(endpoint: str) -> str:
    """A role that may use it."""
    return next(role for role in TABLE[endpoint].who if role in ROLES)


def test_only_what_needs_no_session_needs_no_token(world):
    views = world.app.view_functions
    assert {name for name, view in views.items() if getattr(view, "is_csrf_exempt", False)} == BY_LINK


def test_session_without_the_token_changes_nothing(world):
    for rule, method in rules(world.app):
        if method not in SAFE and rule.endpoint not in BY_LINK:
            caller = world.caller(unsafe(rule.endpoint))
            answer = caller.call(rule, method, world, headers={"X-CSRFToken": "", "Accept": JSON})
            assert answer.status_code == 400, (method, rule.rule, answer.status_code)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example", "http://localhost:1"])
def test_a_page_of_another_site_changes_nothing(world, origin):
    for rule, method in rules(world.app):
        if method not in SAFE:
            for kind in ("", "key of "):
                caller = world.caller(kind + unsafe(rule.endpoint))
                answer = caller.call(rule, method, world, headers={"Origin": origin, "Accept": JSON})
                assert answer.status_code == 400, (method, rule.rule, kind, answer.status_code)


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer wrong", "Basic b2ZmaWNlcg==", "Bearer " + "x" * 5000, "bearer\u00e9", "Bearer \u00e9"]
)
def test_a_bad_bearer_is_nobody(world, header):
    for path in ("/", "/lane", "/api/v1/visits", "/metrics"):
        assert world.app.test_client().get(path, headers={"Authorization": header}).status_code == 401


def test_who_was_disabled_or_revoked_is_nobody_at_once(world):
    admin = audit.command(1)
    service.set_active(admin, builders.staff("officer.plg").id, False)
    device_service.revoke_device(admin, world.ids["device_id"])
    for kind in ("officer", "key of officer"):
        assert world.caller(kind).get("/api/v1/visits", headers=_bearer(world, kind)).status_code == 401
    display = {"Authorization": f"Bearer {world.ids['token']}"}
    assert world.app.test_client().get("/api/v1/boards/PLG", headers=display).status_code == 401


def _bearer(world: World, kind: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[kind, 'PLG']}"} if " " in kind else {}


def test_a_login_of_somebody_else_cannot_be_planted(world):
    form = {"login": "officer.plg", "password": builders.PASSWORD}
    stranger = world.app.test_client()
    for headers in ({}, {"Accept": "application/json"}):
        assert stranger.post("/login", data=form, headers=headers).status_code == 400
    with db.reading() as session:
        assert session.scalar(select(func.count(SignInTry.key))) == 0
