"""A limited key opens the operations of its scopes, and none of the others."""

from typing import Any

import pytest

from ampera import audit, clock, scopes
from ampera.accounts.keys import service
from ampera.accounts.keys.limits import Wish
from ampera.api import PREFIX
from ampera.security import new_token, token_hash
from tests import builders
from tests.access.world import World, new_world, rules


@pytest.fixture(scope="module")
def world(tmp_path_factory, empty_database, until_morning):
    with clock.shift(until_morning), new_world(tmp_path_factory, empty_database) as built:
        yield built


def limited(world: World, *wanted: str) -> Any:
    """A program with a supervisor's key that has only these scopes."""
    token = new_token("key")
    owner = builders.staff("supervisor.plg").id
    service.create(audit.command(1), owner, Wish("supervisor", "uji", scopes=wanted), token_hash(token))
    client = world.caller("stranger")
    client.bearer = token
    return client


def operations(world: World) -> list[tuple[Any, str, str]]:
    """Rule, method and scope of each operation of the API that is not open to everybody."""
    found = []
    for rule, method in rules(world.app):
        view = world.app.view_functions[rule.endpoint]
        if rule.rule.startswith(PREFIX) and "public" not in getattr(view, "access", ("public",)):
            area = rule.endpoint.partition(".")[0].removeprefix("api_")
            found.append((rule, method, scopes.scope_of(area, method, view)))
    return found


def test_every_operation_has_a_scope_that_can_be_given(world):
    assert {scope for _, _, scope in operations(world)} | {scopes.LIVE} <= set(scopes.known())


def test_operation_is_open_with_the_one_scope_and_forbidden_with_all_others(world):
    for wanted in sorted({scope for _, _, scope in operations(world)}):
        having, lacking = limited(world, wanted), limited(world, *set(scopes.known()) - {wanted})
        for rule, method, scope in operations(world):
            view = world.app.view_functions[rule.endpoint]
            if scope != wanted or getattr(view, "is_for_people", False) or "supervisor" not in view.access:
                continue
            assert lacking.call(rule, method, world).status_code == 403, f"{method} {rule} without {scope}"
            assert having.call(rule, method, world).status_code != 403, f"{method} {rule} with {scope}"


def test_page_is_closed_to_a_limited_key(world):
    client = limited(world, *scopes.known())
    for rule, method in rules(world.app):
        view = world.app.view_functions[rule.endpoint]
        if method == "GET" and not rule.rule.startswith(PREFIX) and "supervisor" in getattr(view, "access", ()):
            assert client.call(rule, method, world).status_code == 403, rule
