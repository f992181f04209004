"""HEAD and OPTIONS write nothing: a link preview, a proxy or another page may send them at any time.

And no page or answer that can be read holds what the window asks for from the hand.
"""

import re
from datetime import date

import pytest

from ampera import clock, db
from ampera.accounts.roles import ROLES
from ampera.passports.models import Passport
from tests import builders
from tests.access.table import TABLE
from tests.access.world import new_world, rules
from tests.statements import executed


@pytest.fixture(scope="module")
def world(tmp_path_factory, empty_database, until_morning):
    with clock.shift(until_morning), new_world(tmp_path_factory, empty_database) as built:
        yield built


@pytest.fixture
def written(world):
    """The routes whose requests began to write."""
    world.restore()
    with executed(db.current().writer) as found:
        yield found


def callers(endpoint):
    """A person with a right and a program with a right; strangers for what is public."""
    role = next((role for role in TABLE[endpoint].who if role in ROLES), "officer")
    return ("stranger",) if "stranger" in TABLE[endpoint].who else (role, f"key of {role}")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_no_route_writes(world, written, method):
    wrong = {}
    for rule in {rule.rule: rule for rule, _ in rules(world.app)}.values():
        for kind in callers(rule.endpoint):
            world.caller(kind).call(rule, method, world, data={"password": "salah-sekali-1"})
            if written:
                wrong[rule.endpoint] = [kind, written[0][:60]]
                written.clear()
    wrong.pop("health.ready", None)  # it proves that the database can be written to, and changes nothing
    assert not wrong


def test_no_route_shows_what_must_be_in_the_hand(world):
    """A book on the shelf: its number, and the holder's NIK, birth date and old document. A supervisor reads most."""
    world.restore()
    evidence = {"passport_no": "X7391846", "nik": "1671010506879876", "document_no": "P9912216"}
    builders.set_columns(Passport, {"id": world.ids["passport_id"]}, **evidence, birth_date=date(1987, 6, 5))
    secrets = (*evidence.values(), "1987-06-05", "05-06-1987", "05/06/1987", "5 Juni 1987")
    shown = {
        rule.rule: secret
        for rule, method in rules(world.app)
        if method == "GET"
        for text in [world.caller("supervisor").call(rule, method, world).get_data().decode(errors="replace")]
        for secret in secrets
        if secret in text
    }
    assert not shown


# What a GET may write: looks at personal data, searches and their marks, and that a session or key is in use.
KEPT_BY_READING = re.compile(
    r"^(INSERT INTO|UPDATE) (audit|audit_heads)\b|^UPDATE (sign_ins|api_keys) SET (seen|used)_at\b"
)


def test_reading_writes_nothing_but_looks(world, written):
    changed, looks = {}, 0
    for rule, method in rules(world.app):
        if method == "GET":
            for kind in callers(rule.endpoint):
                world.caller(kind).call(rule, method, world)
                acts = [text for text in written if re.match(r"INSERT|UPDATE|DELETE", text)]
                changed |= dict.fromkeys([text[:80] for text in acts if not KEPT_BY_READING.match(text)], rule.rule)
                looks += len(acts)
                written.clear()
    assert looks and not changed
