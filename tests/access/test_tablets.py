"""Every endpoint at an enrolled tablet of each use, and with the session of a tablet in a browser that is none."""

import pytest

from ampera import clock
from ampera.accounts.devices.kinds import ROLES
from tests.access.table import TABLE
from tests.access.test_access import is_let_in
from tests.access.world import AT_TABLETS, new_world, rules


@pytest.fixture(scope="module")
def world(tmp_path_factory, empty_database, until_morning):
    with clock.shift(until_morning), new_world(tmp_path_factory, empty_database) as built:
        yield built


@pytest.mark.parametrize(("kind", "role"), AT_TABLETS, ids=[f"{role}-at-{kind}" for kind, role in AT_TABLETS])
def test_tablet_opens_what_role_and_use_allow(world, kind, role):
    """The role alone decides, but for what is tied to a use: a gate gives no book, also not to a supervisor."""
    world.restore()
    for rule, method in rules(world.app):
        view = world.app.view_functions[rule.endpoint]
        is_tied_elsewhere = kind not in getattr(view, "kinds_of_tablets", (kind,))
        # The body of the row signs an officer in, who does not work at every tablet.
        is_other_role = rule.endpoint == "accounts.sign_in" and method == "POST" and "officer" not in ROLES[kind]
        may = role in TABLE[rule.endpoint].who and not is_tied_elsewhere and not is_other_role
        if not is_as_decided(answer := ask(world, kind, role, rule, method), may):
            world.restore()  # an act before may have ended the session, given it a new token, or revoked the tablet
            answer = ask(world, kind, role, rule, method)
        assert is_as_decided(answer, may), (kind, role, method, rule.rule, answer.status_code)


def ask(world, kind, role, rule, method):
    headers = {"Accept": "application/json"} if role not in TABLE[rule.endpoint].who else {}
    return world.at_tablet(kind, role).call(rule, method, world, headers=headers)


def is_as_decided(answer, may):
    """A refusal is 403: the session is alive, and its role or its tablet is the reason."""
    return is_let_in(answer) if may else answer.status_code == 403


def test_session_of_a_tablet_is_nobody_in_a_browser_that_is_not_enrolled(world):
    world.restore()
    kind, role = AT_TABLETS[0]
    for rule, method in rules(world.app):
        answer = world.at_tablet(kind, role, is_enrolled=False).call(rule, method, world)
        may = "stranger" in TABLE[rule.endpoint].who
        assert is_let_in(answer) == may, (method, rule.rule, answer.status_code)
