"""No cache keeps an answer that may hold something of a person: every route, asked by different callers."""

from typing import Any

import pytest

from ampera import clock
from tests.access.table import TABLE
from tests.access.world import SAFE, new_world, rules

CACHEABLE = {"static", "voice.recording", "offline.worker"}  # the same for every client
CALLERS = ("stranger", "display", "supervisor", "admin", "key of supervisor", "key of desk")
CONDITIONS = {
    "If-None-Match": "*",
    "If-Modified-Since": "Fri, 31 Dec 2100 23:59:59 GMT",
    "If-Range": '"any"',
    "Range": "bytes=0-9",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory, empty_database, until_morning):
    with clock.shift(until_morning), new_world(tmp_path_factory, empty_database) as built:
        yield built


def personal(world: Any, methods: set[str]) -> list[tuple[Any, str]]:
    return [(rule, method) for rule, method in rules(world.app) if rule.endpoint not in CACHEABLE and method in methods]


def assert_kept_nowhere(answer: Any, place: Any) -> None:
    assert answer.headers.getlist("Cache-Control") == ["no-store"], (place, answer.headers)
    assert not {"ETag", "Last-Modified", "Expires"} & set(answer.headers.keys()), (place, answer.headers)
    assert answer.status_code not in (206, 304), place


@pytest.mark.parametrize("kind", CALLERS)
def test_answer_to_a_reader_is_never_kept_nor_called_unchanged(world, kind):
    for rule, method in personal(world, {"GET"}):
        assert_kept_nowhere(world.caller(kind).call(rule, method, world, headers=CONDITIONS), (kind, rule.rule))


def test_answer_to_a_change_is_never_kept(world):
    for rule, method in personal(world, {"POST", "PUT", "PATCH", "DELETE"}):
        who = next(role for role in TABLE[rule.endpoint].who if role not in ("stranger", "display"))
        world.restore()
        assert_kept_nowhere(world.caller(who).call(rule, method, world), (method, rule.rule))
        assert_kept_nowhere(world.caller("stranger").call(rule, method, world), (method, rule.rule))
    world.restore()


@pytest.mark.parametrize("method", sorted(SAFE - {"GET"}))
def test_head_and_options_follow_the_rule_of_get(world, method):
    for rule, _ in personal(world, {"GET"}):
        assert_kept_nowhere(world.caller("supervisor").call(rule, method, world), (method, rule.rule))


@pytest.mark.parametrize("path", ["/nowhere", "/static/v/nowhere.css", "/voice/v/nowhere.mp3", "/register/999"])
def test_refusal_is_never_kept(world, path):
    answer = world.caller("supervisor").get(path)
    assert answer.status_code == 404
    assert_kept_nowhere(answer, path)


def test_what_is_the_same_for_everybody_may_be_kept(world):
    found = {rule.endpoint: rule for rule, _ in rules(world.app) if rule.endpoint in CACHEABLE}
    assert set(found) == CACHEABLE
    for endpoint, rule in found.items():
        answer = world.caller("stranger").call(rule, "GET", world)
        assert answer.status_code == 200 and "no-store" not in answer.headers["Cache-Control"], endpoint
