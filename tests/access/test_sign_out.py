"""Every page of staff offers the sign-out, wherever somebody is."""

import pytest

from ampera import clock
from ampera.accounts.roles import ROLES
from tests.access.table import TABLE
from tests.access.world import new_world, rules


@pytest.fixture(scope="module")
def world(tmp_path_factory, empty_database, until_morning):
    with clock.shift(until_morning), new_world(tmp_path_factory, empty_database) as built:
        yield built


def test_every_page_of_staff_offers_the_sign_out(world):
    world.restore()
    without = set()
    for rule, method in rules(world.app):
        who = [role for role in TABLE[rule.endpoint].who if role in ROLES]
        if method != "GET" or "stranger" in TABLE[rule.endpoint].who or not who:
            continue
        answer = world.caller(who[0]).call(rule, method, world)
        if answer.status_code == 200 and answer.mimetype == "text/html" and 'action="/logout"' not in answer.text:
            without.add(rule.endpoint)
    assert not without
